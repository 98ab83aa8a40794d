"""Models converted for OpenVINO: made once, by a process of its own, and found again."""

import json
import logging
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from api.models.converted.files import ConvertedFiles, content_hash
from api.models.converted.make import make_files
from api.models.converted.source import Source, read_source
from api.models.engines.choice import takes_torch
from api.models.engines.cores import Cores
from api.models.engines.processor import has_bfloat16
from api.models.errors import ModelError
from api.models.load import load_model
from api.models.options import EngineChoice, Precision, RunOptions
from harness.darknet_models import conv, head, maxpool, net, route, shortcut, upsample, write_model, yolov3_tiny
from harness.gunicorn_server import PROJECT

pytestmark = pytest.mark.long

THIN = yolov3_tiny(classes=3, width=0.1)
EXACT = RunOptions(precision=Precision.FP32)
X = np.random.default_rng(0).random((1, 3, 416, 320), np.float32)


@pytest.fixture(scope="module")
def thin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that is converted already."""
    folder = tmp_path_factory.mktemp("thin")
    write_model(folder, "thin", THIN, labels=["ant", "bee", "cat"])
    load_model("thin", folder)
    return folder


@pytest.fixture
def mine(thin: Path, tmp_path: Path) -> Path:
    """The same in a folder of the test's own."""
    return Path(shutil.copytree(thin, tmp_path / "mine"))


def conversions(folder: Path) -> list[Path]:
    return sorted((folder / "converted" / "thin").iterdir())


def test_is_made_once_with_progress(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    write_model(tmp_path, "thin", THIN, labels=["ant", "bee", "cat"])
    first = load_model("thin", tmp_path)
    steps = [record.getMessage() for record in caplog.records]
    for step in ("reading the weights", "writing the graph", "comparing it with PyTorch", "which precision"):
        assert any(step in line for line in steps), steps
    caplog.clear()
    assert load_model("thin", tmp_path).card == first.card
    assert not caplog.records
    (kept,) = conversions(tmp_path)
    assert {path.suffix for path in kept.iterdir()} == {".xml", ".bin", ".json"}


def test_what_serves_loads_no_pytorch(thin: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from api.models.load import load_model;"
        "load_model('thin', Path(sys.argv[1])); import api.app, api.server.process;"
        "print([name for name in ('torch', 'torchvision', 'nncf') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(thin)], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_both_engines_agree(thin: Path) -> None:
    ours = load_model("thin", thin, EXACT, Cores(2)).engine(X)
    reference = load_model("thin", thin, replace(EXACT, engine=EngineChoice.TORCH)).engine(X)
    assert list(ours) == list(reference)
    for name, output in reference.items():
        assert np.abs(ours[name] - output).max() < 1e-4


def test_other_labels_are_another_conversion_and_the_old_one_goes(mine: Path) -> None:
    before = conversions(mine)
    (mine / "thin.names").write_text("dog\neel\nfox\n")
    assert load_model("thin", mine).card.labels == ("dog", "eel", "fox")
    assert len(conversions(mine)) == 1
    assert conversions(mine) != before


def test_other_code_is_another_conversion(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = conversions(mine)
    monkeypatch.setattr("api.models.converted.keep._code_hash", lambda: "of tomorrow")
    load_model("thin", mine, EXACT)
    assert conversions(mine) != before


def test_what_was_left_half_made_is_not_taken_and_goes(mine: Path) -> None:
    (kept,) = conversions(mine)
    (kept / "thin.json").unlink()  # it is written last
    half = mine / "converted" / "thin" / "abc.part"
    half.mkdir()
    load_model("thin", mine, EXACT)
    assert half.is_dir(), "another process may be at it"
    assert (kept / "thin.json").is_file()


def test_folder_that_cannot_be_written_is_done_without(
    thin: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    options = replace(EXACT, converted_dir=tmp_path / "file" / "converted")
    assert load_model("thin", thin, options).engine(X)
    assert "cannot be written (Not a directory): for thin, it is converted at each start" in caplog.text


def test_conversion_that_cannot_be_written_is_used_on_another_processor(
    mine: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As in an image whose files are root's. Root writes everywhere, so the obstacle is put in here."""
    monkeypatch.setattr("api.models.converted.trial.processor_facts", lambda: "another processor")
    monkeypatch.setattr("api.models.converted.keep._why_not_written", lambda _folder: "Read-only file system")
    before = {path: path.stat().st_mtime_ns for path in mine.rglob("*")}
    assert "tried on" in load_model("thin", mine).card.reasons["precision"]
    assert {path: path.stat().st_mtime_ns for path in mine.rglob("*")} == before
    assert "(Read-only file system): for thin, its precisions are tried at each start" in caplog.text


def test_folder_of_ones_own_is_used(thin: Path, tmp_path: Path) -> None:
    load_model("thin", thin, replace(EXACT, converted_dir=tmp_path / "elsewhere"))
    assert (tmp_path / "elsewhere" / "thin").is_dir()


def test_choice_of_precision_is_told(thin: Path) -> None:
    model = load_model("thin", thin, cores=Cores(1))
    reason = model.card.reasons["precision"]
    assert "tried on" in reason
    assert "float32" in reason
    assert ("bfloat16" in reason) == has_bfloat16()
    (kept,) = conversions(thin)
    trials = [json.loads(path.read_text()) for path in kept.glob("trial-*.json")]
    assert all(trial["differences"]["float32"] == 0 for trial in trials)
    names = {"fp32": "float32", "bf16": "bfloat16"}
    assert model.engine.precision in {names[trial["chosen"]] for trial in trials}


def test_another_processor_is_another_trial(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.models.converted.trial.processor_facts", lambda: "another processor")
    (kept,) = conversions(mine)
    before = set(kept.glob("trial-*.json"))
    load_model("thin", mine)
    assert len(set(kept.glob("trial-*.json")) - before) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("killed", "killed could not be converted: it was killed, by lack of memory"),
        ("crashed", r"crashed could not be converted: what reads it crashed \(SIGSEGV\); are its files damaged"),
        ("greedy", "greedy cannot be converted: it needs more memory than a conversion may take"),
        ("lost", "^lost.data: No such file or directory$"),
        ("broken", "broken could not be converted: it ended with 1"),
    ],
)
def test_what_goes_wrong_is_said(tmp_path: Path, name: str, said: str) -> None:
    source = Source(name, tmp_path, "tests.api.models.converted.odd_ends", [])
    with pytest.raises(ModelError, match=said):
        read_source(source, RunOptions(), Cores(1))
    assert not list((tmp_path / "converted" / name).iterdir())


def test_network_that_computes_others_is_refused(tmp_path: Path) -> None:
    source = Source("shaped", tmp_path, "tests.api.models.converted.odd_definitions", [])
    with pytest.raises(
        ModelError, match="computes others than PyTorch: out differs by up to .* PAGESIGHT_ENGINE=torch"
    ):
        read_source(source, RunOptions(), Cores(1))
    assert not list((tmp_path / "converted" / "shaped").iterdir())


def test_conversion_that_takes_too_long_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.models.converted.make.CONVERT_LIMIT_S", 3.0)
    with pytest.raises(ModelError, match="slow could not be converted within 3 s"):
        make_files("slow", str(tmp_path), "tests.api.models.converted.odd_ends", tmp_path / "home")
    assert not list(tmp_path.iterdir())


def test_wrong_model_says_the_same_as_by_pytorch(tmp_path: Path) -> None:
    write_model(tmp_path, "thin", THIN, labels=["ant", "bee"])
    with pytest.raises(ModelError, match="thin.names has 2 labels, but the cfg says classes=3"):
        load_model("thin", tmp_path)


def quantize_in_name(folder: Path, of: str) -> None:
    """Put a graph where a quantized one is looked for; that it is not quantized does not matter here."""
    kept = ConvertedFiles(conversions(folder)[0], "thin")
    files = ConvertedFiles(folder, "thin-int8")
    shutil.copy(kept.graph, files.graph)
    shutil.copy(kept.weights, files.weights)
    files.write_card(kept.read_card(), {"of": of})


def content(folder: Path) -> str:
    return content_hash([folder / f"thin{ending}" for ending in (".cfg", ".weights", ".names")])


def test_int8_is_taken_where_it_is_and_tried_with_the_others(mine: Path) -> None:
    quantize_in_name(mine, of=content(mine))
    assert load_model("thin", mine, RunOptions(precision=Precision.INT8)).engine.precision == "int8"
    assert "int8" in load_model("thin", mine).card.reasons["precision"]


def test_int8_of_other_weights_is_not_taken(mine: Path, caplog: pytest.LogCaptureFixture) -> None:
    quantize_in_name(mine, of="other weights")
    with pytest.raises(ModelError, match="thin-int8 is not there: `make quantize MODEL=thin DATA=folder` makes it"):
        load_model("thin", mine, RunOptions(precision=Precision.INT8))
    assert "thin-int8 was made of other files than those of thin are now" in caplog.text


def test_quantized_model_serves_under_its_own_name(mine: Path) -> None:
    quantize_in_name(mine, of=content(mine))
    model = load_model("thin-int8", mine)
    assert (model.card.name, model.card.labels, model.engine.precision) == ("thin-int8", ("ant", "bee", "cat"), "int8")
    with pytest.raises(ModelError, match="thin-int8 is a graph for OpenVINO; PyTorch cannot compute it"):
        load_model("thin-int8", mine, RunOptions(engine=EngineChoice.TORCH))


@pytest.mark.parametrize("text", ["", "{}", '{"card": 5}', "[1]"])
def test_card_that_is_none_is_refused(mine: Path, text: str) -> None:
    quantize_in_name(mine, of=content(mine))
    (mine / "thin-int8.json").write_text(text)
    with pytest.raises(ModelError, match=r"thin-int8\.json is not a model's card"):
        load_model("thin-int8", mine)


def test_engine_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.models.engines.choice.find_spec", lambda _name: None)
    assert takes_torch(RunOptions())
    with pytest.raises(ModelError, match="OpenVINO is not installed"):
        takes_torch(RunOptions(engine=EngineChoice.OPENVINO))


def test_all_kinds_of_layers_convert(tmp_path: Path) -> None:
    """The conversion itself holds each to PyTorch's numbers, at two shapes, and refuses what differs."""
    activations = ("leaky", "linear", "logistic", "mish", "relu", "relu6", "swish")
    parts = [net(64, 64)]
    parts += [conv(16, 3, activation=name) for name in activations]  # layers 0 to 6
    parts += [maxpool(2, 2), maxpool(3, 2), maxpool(2, 1), maxpool(5, 1), maxpool(3, 1)]  # 7 to 11
    parts += [conv(16, 3, groups=4), shortcut(-2, "leaky"), shortcut(-3)]  # 12 to 14
    parts += [route(-1, groups=2, group_id=1), "[dropout]\nprobability=.5\n", conv(16, 3, stride=2), upsample()]
    parts += ["[upsample]\nstride=2\nscale=0.5\n", "[maxpool]\nsize=2\nstride=2\npadding=0\n", route(-1, 15)]
    parts += [head("0,1", "10,14, 23,27", classes=2)]
    write_model(tmp_path, "all", "".join(parts), labels=["ant", "bee"])
    ours = load_model("all", tmp_path, EXACT).engine(X)
    reference = load_model("all", tmp_path, replace(EXACT, engine=EngineChoice.TORCH)).engine(X)
    for name, output in reference.items():
        assert np.abs(ours[name] - output).max() < 1e-4
