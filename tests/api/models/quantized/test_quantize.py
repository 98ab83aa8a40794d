"""What is not quantized, and why that is said."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from api.models.converted.files import ConvertedFiles
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.options import EngineChoice, RunOptions
from api.models.quantized.quantize import LEAST_FOUND, quantize_model, require_agreement
from api.tasks.registry import TASKS
from api.tasks.task import Agreement, Pixels
from harness.darknet_models import write_model, yolov3_tiny
from tests.api.models.quantized.many_pictures import make_pictures

BLACK = np.zeros((320, 416, 3), np.uint8)
FINDS_MUCH, FINDS_NOTHING = -2.0, -20.0  # the mean of the heads' outputs


@pytest.fixture(scope="module")
def pictures(photographs: dict[str, Path]) -> list[Pixels]:
    return list(make_pictures(photographs.values()))


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> RunOptions:
    """Conversions are kept for all tests. Only OpenVINO computes int8, so the engine that serves does not matter."""
    return RunOptions(converted_dir=tmp_path_factory.mktemp("converted"), engine=EngineChoice.TORCH)


def quantize(folder: Path, pictures: list[Pixels], options: RunOptions, name: str = "thin") -> None:
    quantize_model(name, folder, (pictures[::2], pictures[1::2]), options, Cores(2))


def write_thin(folder: Path, head_mean: float = FINDS_MUCH) -> None:
    write_model(folder, "thin", yolov3_tiny(classes=3, width=0.1), labels=["a", "b", "c"], head_mean=head_mean)


def test_too_few_photographs_are_refused_before_any_work(tmp_path: Path, pictures: list[Pixels], options: RunOptions):
    with pytest.raises(
        ModelError, match="29 photographs that can be read are too few: at least 30 are needed, and 100"
    ):
        quantize(tmp_path, pictures[:29], options)


def test_too_little_agreement_is_refused_and_an_earlier_twin_stays(
    tmp_path: Path, pictures: list[Pixels], options: RunOptions
):
    """Weights that nobody trained lose much by int8, which makes them good for this."""
    write_thin(tmp_path)
    earlier = ConvertedFiles(tmp_path, "thin-int8")
    for path in (earlier.graph, earlier.weights, earlier.card):
        path.write_text("earlier")
    with pytest.raises(
        ModelError, match=r"thin-int8 is not written: in the 18 photographs held out it agrees .* by 0\.[5-8]\d\d"
    ):
        quantize(tmp_path, pictures, options)
    assert {path.read_text() for path in (earlier.graph, earlier.weights, earlier.card)} == {"earlier"}
    assert not list(tmp_path.glob(".thin*"))


def test_photographs_that_show_nothing_are_refused(tmp_path: Path, options: RunOptions):
    write_thin(tmp_path, FINDS_NOTHING)
    with pytest.raises(ModelError, match="in the 15 photographs held out thin itself finds 0 things, and at least 20"):
        quantize(tmp_path, [BLACK] * 30, options)


def test_photographs_that_turn_out_unreadable_count_for_nothing(
    tmp_path: Path, pictures: list[Pixels], options: RunOptions
):
    class Fading(list[Pixels]):
        def __len__(self) -> int:
            return 15 if not self.read else 10

        def __iter__(self):
            self.read = True
            return super().__iter__()

        read = False

    write_thin(tmp_path)
    photographs = (Fading(pictures[:15]), Fading(pictures[15:30]))
    with pytest.raises(ModelError, match="20 photographs that can be read are too few"):
        quantize_model("thin", tmp_path, photographs, options, Cores(2))


def test_model_that_is_not_there(tmp_path: Path, pictures: list[Pixels], options: RunOptions):
    with pytest.raises(ModelError, match=r"the model 'ducks' is not in the weights folder, .* none of ducks\.cfg, "):
        quantize(tmp_path, pictures, options, "ducks")


def test_twin_of_a_twin(tmp_path: Path, pictures: list[Pixels], options: RunOptions):
    for ending in (".xml", ".bin", ".json"):
        (tmp_path / f"thin-int8{ending}").touch()
    with pytest.raises(ModelError, match="thin-int8 is a graph for OpenVINO already; quantize the model that it was"):
        quantize(tmp_path, pictures, options, "thin-int8")


def test_task_without_a_measure(
    tmp_path: Path, pictures: list[Pixels], options: RunOptions, monkeypatch: pytest.MonkeyPatch
):
    write_thin(tmp_path)
    monkeypatch.setitem(TASKS, "detection", replace(TASKS["detection"], comparison=None))
    with pytest.raises(ModelError, match="thin cannot be quantized: there is no measure of agreement for detection"):
        quantize(tmp_path, pictures, options)


def test_folder_that_cannot_be_written(
    tmp_path: Path, pictures: list[Pixels], options: RunOptions, monkeypatch: pytest.MonkeyPatch
):
    write_thin(tmp_path)

    def no_space(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.models.quantized.quantize.tempfile.TemporaryDirectory", no_space)
    with pytest.raises(ModelError, match="thin-int8 cannot be written into .*: No space left on device"):
        quantize(tmp_path, pictures, options)


@pytest.mark.parametrize(
    ("share", "found", "said"),
    [
        (0.899, 100, "it agrees with float32 by 0.899, and at least 0.9 is needed"),
        (1.0, LEAST_FOUND - 1, "mine itself finds 19 things, and at least 20 are needed to compare. Give 100 to 300"),
    ],
)
def test_agreement_that_is_not_enough(share: float, found: int, said: str):
    with pytest.raises(ModelError, match=said):
        require_agreement("mine", Agreement(share, found), held_out=10)


def test_agreement_that_is_enough():
    require_agreement("mine", Agreement(0.9, LEAST_FOUND), held_out=10)
