from pathlib import Path

import numpy as np
import pytest

from api.models.errors import ModelError
from api.models.load import load_model
from api.models.options import EngineChoice, RunOptions
from api.tasks.detection.types import CANDIDATE_CONFIDENCE, MAX_CANDIDATES, DetectionOptions
from harness.darknet_models import write_model, yolov3_tiny, yolov4_tiny


@pytest.fixture(scope="module")
def thin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_model(folder, "thin", yolov3_tiny(classes=3, width=0.25), labels=["ant", "bee", "cat"])
    return folder


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 255, (300, 500, 3), dtype=np.uint8)


def test_boxes_lie_in_the_image_most_confident_first(thin: Path, noise: np.ndarray) -> None:
    found = load_model("thin", thin).run(noise, DetectionOptions(confidence=0.01)).detections
    assert len(found) > 3
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    for one in found:
        assert 0 <= one.box.x1 < one.box.x2 <= 500
        assert 0 <= one.box.y1 < one.box.y2 <= 300
        assert one.label == ("ant", "bee", "cat")[one.class_id]


def test_max_detections_keeps_the_best(thin: Path, noise: np.ndarray) -> None:
    model = load_model("thin", thin)
    many = model.run(noise, DetectionOptions(confidence=0.01)).detections
    assert model.run(noise, DetectionOptions(confidence=0.01, max_detections=2)).detections == many[:2]


def test_candidates_are_what_stood_before_suppression(thin: Path, noise: np.ndarray) -> None:
    model = load_model("thin", thin)
    found = model.run(noise, DetectionOptions(confidence=0.3, candidates=True))
    assert found.detections == model.run(noise, DetectionOptions(confidence=0.3)).detections
    assert len(found.candidates) > len(found.detections)
    assert len(found.candidates) <= MAX_CANDIDATES
    assert min(one.confidence for one in found.candidates) >= CANDIDATE_CONFIDENCE
    assert all(one in found.candidates for one in found.detections)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
def test_detects_in_images_of_any_shape(thin: Path, size: tuple[int, int]) -> None:
    load_model("thin", thin).run(np.zeros((*size, 3), np.uint8), DetectionOptions())


def test_input_size_stands_for_the_cfgs_own(thin: Path) -> None:
    assert load_model("thin", thin).card.input.size == (416, 416)
    assert load_model("thin", thin, RunOptions(input_size=320)).card.input.size == (320, 320)


def test_an_input_size_off_the_stride_is_refused(thin: Path) -> None:
    with pytest.raises(ModelError, match="an input of 330 x 330 does not fit: both must be multiples of 32"):
        load_model("thin", thin, RunOptions(input_size=330))


def test_a_model_of_80_classes_may_do_without_names(tmp_path: Path) -> None:
    write_model(tmp_path, "mine", yolov4_tiny())
    (tmp_path / "mine.names").rename(tmp_path / "coco.names")
    assert load_model("mine", tmp_path).card.labels[79] == "thing 79"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (b"ant\nbee\n", "thin.names has 2 labels, but the cfg says classes=3"),
        (b"ant\nbee\ncat\ndog\n", "thin.names has 4 labels, but the cfg says classes=3"),
        (b"\xff\xfe", "thin.names is not UTF-8 text"),
        (None, "thin.names is not in"),
    ],
)
def test_labels_must_fit_the_cfg(thin: Path, tmp_path: Path, names: bytes | None, said: str) -> None:
    for file in ("thin.cfg", "thin.weights"):
        (tmp_path / file).symlink_to(thin / file)
    if names is not None:
        (tmp_path / "thin.names").write_bytes(names)
    with pytest.raises(ModelError, match=said):
        load_model("thin", tmp_path, RunOptions(engine=EngineChoice.TORCH))


def test_a_wrong_cfg_is_refused_by_name(thin: Path, tmp_path: Path) -> None:
    (tmp_path / "thin.cfg").write_text("<html>")
    with pytest.raises(ModelError, match="thin.cfg: cfg line 1"):
        load_model("thin", tmp_path, RunOptions(engine=EngineChoice.TORCH))
