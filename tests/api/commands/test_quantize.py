"""`make quantize` with real weights: what it writes, that it serves, and that nobody is told."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import openvino
import pytest

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.converted.files import ConvertedFiles, content_hash
from api.models.darknet.files import ModelFiles
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.tasks.detection.agreement import COMPARISON
from harness.gunicorn_server import PROJECT
from tests.api.models.quantized.many_pictures import write_pictures
from tests.api.models.test_sends_nothing import ADDRESSED, STRACE

pytestmark = pytest.mark.long

NAME = "yolov3-tiny"
KEPT = PROJECT / "weights" / "converted"  # so that the conversion is made once for all tests


@dataclass(frozen=True)
class Done:
    """A run of the command."""

    folder: Path
    stdout: str
    stderr: str
    calls: str  # what strace noted, where it is installed

    @property
    def twin(self) -> ConvertedFiles:
        return ConvertedFiles(self.folder, f"{NAME}-int8")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, photographs: dict[str, Path]) -> Done:
    folder, data = tmp_path_factory.mktemp("weights"), tmp_path_factory.mktemp("data")
    for file in ModelFiles(NAME, PROJECT / "weights").present():
        shutil.copy(file, folder)
    write_pictures(photographs.values(), data)
    (data / "broken.jpg").write_bytes(next(data.glob("*.jpg")).read_bytes()[:3000])
    notes = data / "calls"
    launcher = [*STRACE, "-o", str(notes)] if shutil.which("strace") else []
    run = subprocess.run(
        [*launcher, sys.executable, "-m", "api.commands.quantize", str(data)],
        cwd=PROJECT,
        env={
            "PAGESIGHT_MODELS": NAME,
            "PAGESIGHT_WEIGHTS_DIR": str(folder),
            "PAGESIGHT_CONVERTED_DIR": str(KEPT),
            "PAGESIGHT_THREADS": "2",
        },
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return Done(folder, run.stdout, run.stderr, notes.read_text() if launcher else "")


def test_says_how_far_they_agree(done: Done):
    said = re.match(
        rf"{NAME}-int8 agrees with {NAME} in float32 by (0\.9\d\d); 1 is all, and 0.9 is just enough. Compared were"
        rf" (\d+) things that {NAME} finds in 12 photographs; 24 others were used to calibrate.\n"
        r"Written: .*-int8\.json\n",
        done.stdout,
    )
    assert said, done.stdout
    assert int(said[2]) > 50


def test_shows_progress_and_what_is_left_out(done: Done):
    lines = done.stderr.splitlines()
    assert f"{NAME}: calibrating: 25 of 25 photographs" in lines
    assert f"{NAME}: comparing with float32: 12 of 12 photographs" in lines
    assert any(line.endswith("it could not be decoded to its end.") and "broken.jpg" in line for line in lines)


def test_nobody_is_called(done: Done):
    if not done.calls:
        pytest.skip("strace is not installed here")
    assert "+++ exited with 0 +++" in done.calls
    assert ADDRESSED.findall(done.calls) == []


def test_writes_three_files_and_leaves_nothing_else(done: Done):
    models = {path.name for path in done.folder.iterdir()} - {"coco.names"}
    assert models == {f"{NAME}{ending}" for ending in (".cfg", ".weights", "-int8.xml", "-int8.bin", "-int8.json")}
    assert done.twin.weights.stat().st_size < ModelFiles(NAME, done.folder).weights.stat().st_size / 3


def test_card_says_how_it_was_made(done: Done):
    quantized = done.twin.read_quantized()
    assert quantized["of"] == content_hash(ModelFiles(NAME, done.folder).present())
    assert (quantized["model"], quantized["calibrated_on"], quantized["held_out"]) == (NAME, 24, 12)
    assert 0.9 <= quantized["agreement"] < 1
    card = done.twin.read_card()
    assert card.name == f"{NAME}-int8"
    assert re.fullmatch(
        rf"int8, quantized from {NAME} with 24 photographs; in 12 others it agrees with float32 by 0\.\d+",
        card.reasons["precision"],
    )
    assert json.loads(done.twin.card.read_text())["card"]["labels"][0] == "person"


def test_first_and_last_convolutions_stay_in_float(done: Done):
    in_float, in_int8 = [], []
    for operation in openvino.Core().read_model(done.twin.graph).get_ops():
        if operation.get_type_name() == "Convolution":
            weights = operation.input_value(1).get_node()
            is_float = weights.get_type_name() == "Constant"
            (in_float if is_float else in_int8).append(operation.get_output_partial_shape(0)[1].get_length())
    assert sorted(in_float) == [16, 32, 255, 255]
    assert len(in_int8) == 9


def test_twin_serves_under_its_own_name_and_for_the_original(done: Done, dog: bytes):
    pixels = decode_image(dog, orientation=None, limits=ImageLimits()).pixels
    exact, own, instead = (
        load_model(name, done.folder, RunOptions(precision=precision, converted_dir=KEPT))
        for name, precision in ((NAME, Precision.FP32), (f"{NAME}-int8", Precision.AUTO), (NAME, Precision.INT8))
    )
    assert [model.engine.precision for model in (exact, own, instead)] == ["float32", "int8", "int8"]
    found = [model.run(pixels, COMPARISON.options) for model in (exact, own, instead)]
    assert found[1] == found[2]
    assert COMPARISON.measure([(found[0], found[1])]).share > 0.8


def check_model(folder: Path) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "api.commands.check_model"],
        cwd=PROJECT,
        env={"PAGESIGHT_MODELS": f"{NAME}-int8", "PAGESIGHT_WEIGHTS_DIR": str(folder)},
        capture_output=True,
        text=True,
    )
    return run.stdout


def test_check_model_says_how_it_was_made(done: Done, tmp_path: Path):
    said = check_model(done.folder)
    assert (
        f"precision int8, quantized from {NAME} with 24 photographs; in 12 others it agrees with float32 by 0." in said
    )
    assert "Here it runs as int8 by OpenVINO" in said
    assert said.endswith(f"{NAME}-int8 is ready to serve.\n")
    shutil.copy(done.twin.graph, tmp_path)
    said = check_model(tmp_path)
    assert said.startswith(
        f"WRONG {NAME}-int8.bin is not in the weights folder, or empty\n"
        f"WRONG {NAME}-int8.json is not in the weights folder, or empty\n"
    )
    assert said.endswith(f"{NAME}-int8 cannot serve.\n")
    shutil.copy(done.twin.card, tmp_path)
    (tmp_path / done.twin.weights.name).write_bytes(done.twin.weights.read_bytes()[:1000])
    said = check_model(tmp_path)
    assert said.startswith(f"WRONG {NAME}-int8.xml cannot be read with {NAME}-int8.bin: ")
    assert str(tmp_path) not in said


@pytest.mark.parametrize(
    ("arguments", "names", "said"),
    [
        ([], NAME, "usage: python -m api.commands.quantize FOLDER"),
        (["nowhere"], NAME, "nowhere is not a folder"),
        (["EMPTY"], NAME, "0 photographs that can be read are too few: at least 30 are needed, and 100 to 300"),
        (["EMPTY"], "../secrets", "PAGESIGHT_MODELS='../secrets' is not"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, arguments: list[str], names: str, said: str):
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "api.commands.quantize",
            *(str(tmp_path) if one == "EMPTY" else one for one in arguments),
        ],
        cwd=PROJECT,
        env={"PAGESIGHT_MODELS": names},
        capture_output=True,
        text=True,
    )
    assert run.returncode in (1, 2)
    assert run.stderr.splitlines()[-1].startswith(said)
