"""`make site-model`: what it writes for the page, of real models of each task, and what it refuses in words."""

import gzip
import hashlib
import json
import re
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import onnx
import openvino
import pytest
from openvino import opset13 as ops

from api.commands.site_model import main
from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.converted.files import ConvertedFiles
from api.models.device.export import read_card_and_graph
from api.models.device.files import read_engine
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.tasks.detection import rcnn
from api.tasks.detection.differences import LIMITS
from api.tasks.registry import TASKS
from harness.gunicorn_server import PROJECT
from harness.real_models import link_models, real_model

PAGE_READS = PROJECT / "site" / "src" / "engines" / "device" / "decode" / "families.js"
EXACT = RunOptions(precision=Precision.FP32)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of weights, which the settings name."""
    folder = tmp_path / "weights"
    folder.mkdir()
    monkeypatch.setenv("PAGESIGHT_WEIGHTS_DIR", str(folder))
    monkeypatch.setenv("PAGESIGHT_THREADS", "2")
    return folder


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory, photographs: dict[str, Path]) -> Path:
    """Two photographs."""
    folder = tmp_path_factory.mktemp("pictures")
    for name in ("dog", "person"):
        shutil.copy(photographs[name], folder)
    return folder


def write(name: str, weights: Path, pictures: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run the command; returns the manifest."""
    if not (weights / "converted").exists():
        link_models(weights, name)
    monkeypatch.setenv("PAGESIGHT_MODELS", name)
    assert main([str(pictures), str(target)]) == 0
    return json.loads((target / "model.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["yolox-nano", "faces", "deeplabv3", "mobilenet_v2"])
def test_page_finds_what_the_api_finds(
    name: str,
    weights: Path,
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    photographs: dict[str, Path],
):
    target = tmp_path / "device"
    manifest = write(name, weights, pictures, target, monkeypatch)

    served = load_model(name, weights, EXACT)
    task = TASKS[served.card.task]
    page = replace(served, engine=read_engine(target, served.card, 1))
    pixels = decode_image(photographs["horses"].read_bytes(), orientation=None, limits=ImageLimits()).pixels  # unseen
    runs = partial(served.run, pixels), partial(page.run, pixels)
    differences = task.differences.measure(*runs, task.options(**manifest["defaults"]))
    assert all(differences[name] <= limit for name, limit in task.differences.limits.items()), differences


def test_writes_one_compressed_file_and_its_card(
    weights: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    target = tmp_path / "device"
    target.mkdir()
    (target / "old-00000000.onnx.gz").write_bytes(b"of another model")

    manifest = write("yolox-nano", weights, pictures, target, monkeypatch)

    packed = (target / manifest["file"]).read_bytes()
    assert sorted(path.name for path in target.iterdir()) == sorted([manifest["file"], "model.json"])
    assert manifest["format"] == 1
    assert manifest["bytes"] == len(packed) < 2_000_000
    assert manifest["sha256"] == hashlib.sha256(packed).hexdigest()
    assert manifest["file"] == f"yolox-nano-{manifest['sha256'][:8]}.onnx.gz"
    assert manifest["defaults"]["confidence"] == 0.25
    card = manifest["card"]
    assert (card["name"], card["task"], card["family"], card["licence"]) == (
        "yolox-nano", "detection", "yolox", "Apache-2.0",
    )  # fmt: skip
    assert (len(card["labels"]), card["output"], card["outputs"]) == (80, {"decoded": False}, ["output"])
    assert card["input"] | {"size": [416, 416], "stride": 1, "colour": "bgr", "pad": 114} == card["input"]
    graph = onnx.load_from_string(gzip.decompress(packed)).graph
    assert [one.name for one in graph.input] == ["image"]
    said = capsys.readouterr().out
    assert [line.split() for line in said.splitlines()[1:3]] == [
        ["weights", "MB", "box", "(px)", "confidence", "found", "by", "one", "alone"],
        ["at", "most", "2", "0.01", "0"],
    ]
    assert f"{len(packed) / 1e6:.2f} MB to fetch. Memory to compute it: about " in said


def test_same_model_is_the_same_file(weights: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first, second = (write("faces", weights, pictures, tmp_path / name, monkeypatch) for name in ("one", "two"))
    assert first == second


def test_free_sides_stay_free(weights: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    manifest = write("faces", weights, pictures, tmp_path / "device", monkeypatch)
    packed = (tmp_path / "device" / manifest["file"]).read_bytes()
    (image,) = onnx.load_from_string(gzip.decompress(packed)).graph.input
    assert [side.dim_param or side.dim_value for side in image.type.tensor_type.shape.dim] == [1, 3, "height", "width"]
    assert manifest["card"]["input"]["stride"] == 32


def test_writes_nothing_that_finds_something_else(
    weights: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    link_models(weights, "faces")
    monkeypatch.setenv("PAGESIGHT_MODELS", "faces")
    monkeypatch.setitem(LIMITS, "confidence", 1e-9)  # less than any two programs differ

    assert main([str(pictures), str(tmp_path / "device")]) == 1

    said = capsys.readouterr()
    assert said.err.endswith("faces is not written: the page would find something else than the API\n")
    assert [line.split()[0] for line in said.out.splitlines()[3:]] == ["8", "10", "12", "14", "16", "float32"]
    assert not (tmp_path / "device").exists()


def test_evaluates_no_other_model_than_the_one_that_is_meant(tmp_path: Path):
    card, _ = read_card_and_graph("faces", real_model("faces"), EXACT, Cores(1))
    with pytest.raises(ModelError, match="there is no model in .*: `make site-model MODEL=faces` writes it"):
        read_engine(tmp_path, card, 1)
    (tmp_path / "model.json").write_text('{"card": {"name": "yolox-nano"}, "file": "model.json"}', encoding="utf-8")
    with pytest.raises(ModelError, match="has the model yolox-nano: `make site-model MODEL=faces` writes this one"):
        read_engine(tmp_path, card, 1)


def converted(weights: Path, name: str) -> ConvertedFiles:
    """Put the graph of YuNet into the folder, as a model of this name in OpenVINO's format."""
    _, files = read_card_and_graph("faces", real_model("faces"), EXACT, Cores(1))
    made = ConvertedFiles(weights, name)
    shutil.copy(files.graph, made.graph)
    shutil.copy(files.weights, made.weights)
    made.write_card(files.read_card())
    return made


class Refusals:
    """Runs the command, which is to refuse."""

    def __init__(self, weights: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
        self.weights, self.pictures = weights, pictures
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, name: str, pictures: Path | None = None) -> str:
        """Return the one line that it says of a model."""
        self._monkeypatch.setenv("PAGESIGHT_MODELS", name)
        target = self.weights.parent / "device"
        assert main([str(pictures or self.pictures), str(target)]) == 1
        assert not target.exists()
        line = self._capsys.readouterr().err
        assert line.count("\n") == 1
        return line


@pytest.fixture
def refusal(
    weights: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refusals:
    return Refusals(weights, pictures, monkeypatch, capsys)


def test_says_of_what_selects_by_itself_why_not_and_what_would_do(refusal: Refusals):
    files = converted(refusal.weights, "selects")
    files.write_card(replace(files.read_card(), selects=True))
    said = refusal("selects")
    assert said.startswith("selects cannot go to the visitor's device: its network itself cuts out regions and selects")
    assert "yolox-nano (detection)" in said


def test_says_of_what_is_quantized_which_model_would_do(refusal: Refusals):
    files = converted(refusal.weights, "faces-int8")
    files.write_card(files.read_card(), {"model": "faces"})
    assert "it is quantized for OpenVINO. MODEL=faces can be written smaller" in refusal("faces-int8")


def test_says_that_a_chain_is_several_models(refusal: Refusals):
    (refusal.weights / "street.chain.toml").write_text("")
    assert "street cannot go to the visitor's device: street is a chain of models" in refusal("street")


def test_says_that_a_model_is_unknown(refusal: Refusals):
    assert "the model 'nothing' is not in the weights folder" in refusal("nothing")


def test_says_that_several_models_are_too_many(refusal: Refusals):
    assert "the page computes one model; say which: MODEL=faces, or another" in refusal("faces,yolox-nano")


@pytest.mark.skipif(not PAGE_READS.is_file(), reason="the page computes nothing by itself yet")
def test_page_reads_the_outputs_of_all_families_that_are_written():
    read = set(re.findall(r"^ +'?([\w-]+)'?: create", PAGE_READS.read_text(encoding="utf-8"), re.MULTILINE))
    written = {family for task in TASKS.values() if task.differences for family in task.families}
    assert written - {rcnn.FAMILY} == read  # those select by themselves


def test_says_of_what_is_too_large_so_before_it_begins(refusal: Refusals, monkeypatch: pytest.MonkeyPatch):
    converted(refusal.weights, "large")
    monkeypatch.setattr("api.models.device.export.MOST_BYTES", 40_000)
    assert "large cannot go to the visitor's device: 0 MB at least are too much for a visitor." in refusal("large")


def test_asks_for_photographs(refusal: Refusals, tmp_path: Path):
    assert f"there are no photographs in {tmp_path / 'none'} on which" in refusal("faces", tmp_path / "none")


def test_names_the_operations_that_onnx_does_not_have_here(refusal: Refusals):
    faces = converted(refusal.weights, "faces")
    model = openvino.Core().read_model(faces.graph)
    result = model.get_results()[0]
    result.input(0).replace_source_output(ops.grn(result.input_value(0), 1.0).output(0))
    made = ConvertedFiles(refusal.weights, "normal")
    openvino.save_model(model, made.graph, compress_to_fp16=False)
    made.write_card(faces.read_card())
    assert "operations that are not written as ONNX here: GRN" in refusal("normal")
