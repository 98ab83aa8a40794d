"""More than sixty broken chains: each gets one sentence that says what is wrong, and names the file."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from api.models.errors import ModelError
from api.models.load import model_loader
from api.models.model import Model
from api.models.options import Precision, RunOptions
from harness.small_chains import write_small_models

TASK = 'task = "detection"\n'
MAIN = '[[step]]\nrun = "ants"\n'
GATE = '[[step]]\nrun = "colour"\npass = ["red"]\nat_least = 0.2\n'
CROP = '[[step]]\nrun = "colour"\ncrop = {}\nattach = "colour"\n'
CHAINS = {  # beside the broken one
    "round": TASK + '[[step]]\nrun = "about"\n',
    "about": TASK + '[[step]]\nrun = "round"\n',
    "deep1": TASK + '[[step]]\nrun = "deep2"\n',
    "deep2": TASK + '[[step]]\nrun = "deep3"\n',
    "deep3": TASK + MAIN,
    "torn": "task = ",
}


def step(**keys: str) -> str:
    """Return a step, with values as TOML has them."""
    names = {"labels": "pass"}
    return "[[step]]\n" + "".join(f"{names.get(key, key)} = {value}\n" for key, value in keys.items())


def gate(**keys: str) -> str:
    return step(**({"run": '"colour"', "labels": '["red"]', "at_least": "0.2"} | keys)) + MAIN


def crop(table: str = "{}", **keys: str) -> str:
    return MAIN + step(**({"run": '"colour"', "crop": table, "attach": '"colour"'} | keys))


BROKEN: dict[str, tuple[str, str]] = {
    # TOML, and what lies around the steps
    "nothing at all": ("", 'does not say what it answers: task = "detection"'),
    "no TOML": ("task: detection", "is not TOML: "),
    "cut off": (TASK + '[[step]]\nrun = "an', "is not TOML: "),
    "one bracket": (TASK + '[step]\nrun = "ants"', "has no steps: each begins with a line \\[\\[step\\]\\]"),
    "a key twice": (TASK + TASK + MAIN, "is not TOML: "),
    "not UTF-8": ("task = '\udcff'", "is not TOML: "),
    "as long as a book": (TASK + "# and so on\n" * 10_000 + MAIN, "has over 100,000 bytes"),
    "brackets without end": (f"a = {'[' * 3000}", "is not TOML: "),
    "no task": (MAIN, "does not say what it answers"),
    "a task that is none": ('task = "detect"\n' + MAIN, "`task` is 'detect', and \"detection\" or .* is expected"),
    "a task that is a number": ("task = 1\n" + MAIN, "`task` is 1, and "),
    "a list of tasks": ('task = ["detection"]\n' + MAIN, "`task` is \\['detection'\\], and "),
    "no steps": (TASK, "has no steps"),
    "steps that are a list": (TASK + "step = []\n", "has no steps"),
    "steps that are words": (TASK + 'step = ["ants"]\n', "has no steps"),
    "steps, not step": (TASK + MAIN.replace("step", "steps"), "no key `steps` \\(the nearest is 'step'\\)"),
    "a key that is none": (TASK + 'labels = "a.txt"\n' + MAIN, "no key `labels`; there are `task`, .*`step`"),
    "a licence that is a number": (TASK + "licence = 2\n" + MAIN, "`licence` is 2, and a text"),
    "ten steps": (TASK + GATE * 9 + MAIN, "has 10 steps, and a chain has 8 at most"),
    # what a step runs
    "no run": (TASK + step(keep='["ant"]'), "step 1 does not say which model it runs"),
    "an empty run": (TASK + step(run='""'), "step 1: `run` is '', and the name of a model"),
    "a run that is a list": (TASK + step(run='["ants"]'), "`run` is \\['ants'\\], and the name of a model"),
    "a run that is a path": (TASK + step(run='"../ants"'), "`run` is '../ants', and the name of a model"),
    "a hidden file": (TASK + step(run='".ants"'), "`run` is '.ants', and the name of a model"),
    "a model that is not there": (
        TASK + step(run='"ant"'),
        "step 1: .*'ant' is not in the weights folder.*nearest is 'ants'",
    ),
    "nothing near": (TASK + step(run='"zzz"'), "step 1: the model 'zzz' is not in the weights folder"),
    "half a model": (TASK + step(run='"half"'), "step 1: the model 'half' needs half.weights"),
    "a model that is broken": (TASK + step(run='"rotten"'), "step 1: rotten cannot be used: rotten.onnx"),
    "itself": (TASK + step(run='"broken"'), "step 1 runs broken, which would never end: broken -> broken"),
    "itself as a gate": (TASK + gate(run='"broken"'), "would never end: broken -> broken"),
    "a circle of others": (
        TASK + step(run='"round"'),
        "about.chain.toml, step 1 runs round, .*: round -> about -> round",
    ),
    "too deep": (TASK + step(run='"deep1"'), "deep2.chain.toml, step 1 runs the chain deep3, and .*as many as may be"),
    "a broken chain in it": (TASK + step(run='"torn"'), "torn.chain.toml is not TOML"),
    # the order of the steps
    "only a gate": (TASK + GATE, "has no step that answers"),
    "only a crop": (TASK + CROP, "has no step that answers"),
    "two that answer": (TASK + MAIN + MAIN, "steps 1 and 2 would both answer"),
    "a gate that comes late": (TASK + MAIN + GATE, "the gate of step 2 comes too late, step 1 has answered"),
    "a crop that comes early": (TASK + CROP + MAIN, "step 1 has no boxes to cut out, step 2 finds them later"),
    "the same name twice": (TASK + MAIN + CROP + CROP, "steps 2 and 3 both attach 'colour'"),
    # what the models can do
    "another task": (
        'task = "classification"\n' + MAIN,
        "ants answers detection, and .* says that it answers classification",
    ),
    "a label that it lacks": (
        TASK + step(run='"ants"', keep='["bees"]'),
        "step 1: ants has no label 'bees' .*nearest is 'bee'",
    ),
    "a gate's label that it lacks": (
        TASK + gate(labels='["reed"]'),
        "step 1: colour has no label 'reed' .*nearest is 'red'",
    ),
    "a label in capitals": (TASK + gate(labels='["Red"]'), "colour has no label 'Red' .*nearest is 'red'"),
    "a label of another model": (TASK + gate(labels='["ant"]'), "colour has no label 'ant'$"),
    "keep of a classifier": (
        'task = "classification"\n' + step(run='"colour"', keep='["red"]'),
        "`keep` is for detectors",
    ),
    "boxes of a classifier": (
        'task = "classification"\n' + step(run='"colour"') + CROP,
        "step 2 cuts out boxes, and step 1, colour, finds none",
    ),
    "areas in a box": (TASK + crop(run='"areas"'), "step 2: what areas answers \\(segmentation\\) cannot be attached"),
    # gates
    "no labels to pass": (TASK + gate(labels="[]"), "`pass` is \\[\\], and a list of labels"),
    "pass that is a word": (TASK + gate(labels='"red"'), "`pass` is 'red', and a list of labels"),
    "pass with a number in it": (TASK + gate(labels='["red", 1]'), "`pass` is \\['red', 1\\], and a list"),
    "no at_least": (TASK + step(run='"colour"', labels='["red"]') + MAIN, "does not say how sure the gate must be"),
    "at_least in percent": (TASK + gate(at_least="20"), "`at_least` is 20, and a number from 0.001 to 1"),
    "at_least 0": (TASK + gate(at_least="0"), "`at_least` is 0, and a number from 0.001 to 1"),
    "at_least that is a text": (TASK + gate(at_least='"0.2"'), "`at_least` is '0.2', and a number"),
    "at_least that is true": (TASK + gate(at_least="true"), "`at_least` is True, and a number"),
    "at_least that is no number": (TASK + gate(at_least="nan"), "`at_least` is nan, and a number"),
    "an empty reason": (TASK + gate(otherwise='"  "'), "`otherwise` is '  ', and a sentence"),
    "a gate that keeps": (TASK + gate(keep='["red"]'), "step 1 is a gate .*, and `keep` is not for such a step"),
    "a gate that cuts": (TASK + gate(crop="{}"), "step 1 is a gate .*, and `crop` is not for such a step"),
    "at_least without pass": (TASK + step(run='"ants"', at_least="0.5"), "step 1 is no gate .*`at_least` is not for"),
    "otherwise without pass": (TASK + step(run='"ants"', otherwise='"No."'), "is no gate .*`otherwise` is not for"),
    "a key of a gate that is none": (TASK + gate(at_last="0.5"), "no key `at_last` \\(the nearest is 'at_least'\\)"),
    # crops
    "crops of 0 pixels": (TASK + crop("{ margin = -0.5 }"), "step 2, crop: `margin` is -0.5, and a number from 0 to 2"),
    "a negative margin": (TASK + crop("{ margin = -0.1 }"), "`margin` is -0.1, and a number from 0 to 2"),
    "a margin in percent": (TASK + crop("{ margin = 10 }"), "`margin` is 10, and a number from 0 to 2"),
    "a margin without end": (TASK + crop("{ margin = inf }"), "`margin` is inf, and a number from 0 to 2"),
    "a margin of words": (TASK + crop('{ margin = "10%" }'), "`margin` is '10%', and a number"),
    "no crops": (TASK + crop("{ at_most = 0 }"), "`at_most` is 0, and a whole number from 1 to 100"),
    "too many crops": (TASK + crop("{ at_most = 1000 }"), "`at_most` is 1000, and a whole number from 1 to 100"),
    "half a crop": (TASK + crop("{ at_most = 1.5 }"), "`at_most` is 1.5, and a whole number"),
    "a crop that is a number": (TASK + crop("0.1"), "`crop` is 0.1, and a table such as"),
    "a crop's key that is none": (
        TASK + crop("{ size = 0 }"),
        "step 2, crop: there is no key `size`; there are `margin`, `at_most`",
    ),
    "no attach": (TASK + MAIN + step(run='"colour"', crop="{}"), "step 2 does not say what its answer is called"),
    "attach without crop": (TASK + step(run='"ants"', attach='"x"'), "step 1 looks at no boxes .*`attach` is not for"),
    "a crop that keeps": (TASK + crop(keep='["red"]'), "step 2 looks at boxes .*`keep` is not for such a step"),
    "attach that is empty": (TASK + crop(attach='""'), "`attach` is '', and a word such as"),
    "attach of several words": (TASK + crop(attach='"the text"'), "`attach` is 'the text', and a word such as"),
    "attach without end": (TASK + crop(attach=f'"{"a" * 41}"'), "`attach` is 'a+', and a word such as"),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small models of three tasks, and chains that lead to no good."""
    folder = tmp_path_factory.mktemp("weights")
    write_small_models(folder)
    (folder / "half.cfg").write_text("")
    (folder / "rotten.onnx").write_bytes(b"rotten")
    for name, chain in CHAINS.items():
        (folder / f"{name}.chain.toml").write_text(chain)
    return folder


@pytest.fixture(scope="module")
def load(small: Path) -> Callable[[str], Model]:
    return model_loader(small, RunOptions(precision=Precision.FP32))


@pytest.mark.parametrize(("chain", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_chain_is_refused_in_a_sentence(
    chain: str, said: str, small: Path, load: Callable[[str], Model]
) -> None:
    (small / "broken.chain.toml").write_bytes(chain.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError) as caught:
        load("broken")
    assert re.search(said, str(caught.value), re.DOTALL), str(caught.value)
    assert ".chain.toml" in str(caught.value)
    assert str(small) not in str(caught.value)


def test_there_are_sixty() -> None:
    assert len(BROKEN) >= 60


def test_a_chain_without_a_fault_is_loaded(small: Path, load: Callable[[str], Model]) -> None:
    (small / "right.chain.toml").write_text(TASK + GATE + MAIN + CROP)
    card = load("right").card
    assert (card.name, card.task, card.labels, card.source_format) == ("right", "detection", ("ant", "bee"), "chain")
