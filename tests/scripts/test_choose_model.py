"""scripts/choose_model.sh: which model is served, and what is said about it."""

import time
from pathlib import Path

import pytest

from tests.scripts.conftest import RunScript
from tests.scripts.mirror import CONTENT, SHA256, Mirror, closed_url, silent_url


class Choice:
    """A weights folder, and sources for the two models (URLs with a space between them)."""

    def __init__(self, folder: Path, run_script: RunScript) -> None:
        self.directory = folder / "weights"
        self.directory.mkdir()
        self.table = folder / "sources.txt"
        self.run_script = run_script

    def have(self, *names: str) -> None:
        for name in names:
            (self.directory / name).write_bytes(CONTENT)

    def run(self, *, yolov3: str, tiny: str, model: str = "") -> tuple[int, str, str]:
        """Return the exit status, stdout and the last line of stderr."""
        rows = ((name, url) for name, urls in (("yolov3", yolov3), ("yolov3-tiny", tiny)) for url in urls.split())
        self.table.write_text("".join(f"{name} {len(CONTENT)} {SHA256} {url}\n" for name, url in rows))
        places = {"PAGESIGHT_WEIGHTS_DIR": str(self.directory), "PAGESIGHT_WEIGHTS_TABLE": str(self.table)}
        done = self.run_script("choose_model.sh", MODEL=model, **places)
        return done.returncode, done.stdout, done.stderr.splitlines()[-1]


@pytest.fixture
def choice(tmp_path: Path, run_script: RunScript) -> Choice:
    return Choice(tmp_path, run_script)


def test_takes_yolov3_that_is_there_without_asking_anybody(choice: Choice, mirror: Mirror) -> None:
    choice.have("yolov3.weights")

    status, stdout, said = choice.run(yolov3=mirror.url("good"), tiny=mirror.url("good"))

    assert (status, stdout) == (0, "yolov3\n")
    assert said == "Serving yolov3: it is the more accurate one."
    assert mirror.requests == []


@pytest.mark.parametrize("tiny_is_there", [False, True])
def test_downloads_yolov3_when_it_can_be_had(choice: Choice, mirror: Mirror, tiny_is_there: bool) -> None:
    if tiny_is_there:
        choice.have("yolov3-tiny.weights")

    assert choice.run(yolov3=mirror.url("good"), tiny=closed_url())[:2] == (0, "yolov3\n")
    assert (choice.directory / "yolov3.weights").read_bytes() == CONTENT


def test_falls_back_to_a_downloaded_tiny(choice: Choice, mirror: Mirror) -> None:
    status, stdout, said = choice.run(yolov3=closed_url(), tiny=mirror.url("good"))

    assert (status, stdout) == (0, "yolov3-tiny\n")
    assert said == "Serving yolov3-tiny: yolov3.weights could not be had."


def test_answers_within_seconds_when_the_internet_is_silent_and_tiny_is_there(choice: Choice) -> None:
    choice.have("yolov3-tiny.weights")

    with silent_url() as silent:
        start = time.monotonic()
        status, stdout, _ = choice.run(yolov3=f"{silent} {silent}", tiny=silent)

    assert (status, stdout) == (0, "yolov3-tiny\n")
    assert time.monotonic() - start < 5.5


def test_passes_over_a_silent_source_when_there_is_nothing_else_to_serve(choice: Choice, mirror: Mirror) -> None:
    with silent_url() as silent:
        assert choice.run(yolov3=f"{silent} {mirror.url('good')}", tiny=closed_url())[:2] == (0, "yolov3\n")


def test_says_what_to_do_when_there_are_no_weights(choice: Choice) -> None:
    status, stdout, said = choice.run(yolov3=closed_url(), tiny=closed_url())

    assert (status, stdout) == (1, "")
    assert said.startswith("There are no weights to serve: connect to the internet once, or put a model into ")


def test_brings_the_cfg_and_the_names_into_a_folder_of_ones_own(choice: Choice, mirror: Mirror) -> None:
    choice.run(yolov3=closed_url(), tiny=mirror.url("good"))

    assert {"yolov3-tiny.cfg", "coco.names"} <= {path.name for path in choice.directory.iterdir()}


def test_model_named_by_the_user_is_downloaded(choice: Choice, mirror: Mirror) -> None:
    choice.have("yolov3.weights")

    status, stdout, said = choice.run(yolov3=closed_url(), tiny=mirror.url("good"), model="yolov3-tiny")

    assert (status, stdout) == (0, "yolov3-tiny\n")
    assert said == "Serving yolov3-tiny: MODEL asks for it."


def test_model_named_by_the_user_is_never_replaced_by_another(choice: Choice) -> None:
    choice.have("yolov3-tiny.weights")

    status, stdout, said = choice.run(yolov3=closed_url(), tiny=closed_url(), model="yolov3")

    assert (status, stdout) == (1, "")
    assert said == "MODEL=yolov3 was asked for, but its weights could not be had."


def test_takes_a_model_of_ones_own(choice: Choice, mirror: Mirror) -> None:
    choice.have("ducks.cfg", "ducks.weights")

    assert choice.run(yolov3=mirror.url("good"), tiny=mirror.url("good"), model="ducks")[:2] == (0, "ducks\n")
    assert mirror.requests == []


def test_takes_a_quantized_model(choice: Choice) -> None:
    choice.have("ducks-int8.xml", "ducks-int8.bin", "ducks-int8.json")

    assert choice.run(yolov3=closed_url(), tiny=closed_url(), model="ducks-int8")[:2] == (0, "ducks-int8\n")


def test_says_which_file_of_a_quantized_model_is_missing(choice: Choice) -> None:
    choice.have("ducks-int8.xml", "ducks-int8.bin")

    status, _, said = choice.run(yolov3=closed_url(), tiny=closed_url(), model="ducks-int8")

    assert status == 1
    assert said == f"MODEL=ducks-int8 was asked for, but there is no ducks-int8.json in {choice.directory}."


@pytest.mark.parametrize(("there", "absent"), [("ducks.cfg", "ducks.weights"), ("ducks.weights", "ducks.cfg")])
def test_says_which_file_of_ones_own_model_is_missing(choice: Choice, there: str, absent: str) -> None:
    choice.have(there)

    status, stdout, said = choice.run(yolov3=closed_url(), tiny=closed_url(), model="ducks")

    assert (status, stdout) == (1, "")
    assert said == f"MODEL=ducks was asked for, but there is no {absent} in {choice.directory}."


def test_refuses_a_path_for_a_model(choice: Choice) -> None:
    status, stdout, said = choice.run(yolov3=closed_url(), tiny=closed_url(), model="../ducks")

    assert (status, stdout) == (1, "")
    assert said.startswith("MODEL is a name such as yolov3, not a path")


def test_takes_several_models(choice: Choice, mirror: Mirror) -> None:
    choice.have("ducks.cfg", "ducks.weights")

    status, stdout, said = choice.run(yolov3=closed_url(), tiny=mirror.url("good"), model="ducks, yolov3-tiny")

    assert (status, stdout) == (0, "ducks,yolov3-tiny\n")
    assert said.endswith("Serving ducks,yolov3-tiny: MODEL asks for it.")


def test_says_which_of_several_models_is_missing(choice: Choice) -> None:
    choice.have("ducks.cfg", "ducks.weights")

    status, stdout, said = choice.run(yolov3=closed_url(), tiny=closed_url(), model="ducks,geese")

    assert (status, stdout) == (1, "")
    assert said == f"MODEL=geese was asked for, but there is no geese.cfg in {choice.directory}."
