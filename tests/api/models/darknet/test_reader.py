from pathlib import Path

import numpy as np
import pytest

from api.models.card import Fit
from api.models.errors import ModelError
from api.models.load import load_model
from api.models.options import EngineChoice, RunOptions
from api.tasks.detection.types import CANDIDATE_CONFIDENCE, MAX_CANDIDATES, DetectionOptions
from api.tasks.letterbox import Letterbox
from harness.darknet_models import write_model, yolov3_tiny, yolov4_tiny

THIN_FILES = ("thin.cfg", "thin.weights", "thin.names")


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


def test_without_a_description_the_files_decide(thin: Path) -> None:
    card = load_model("thin", thin).card
    assert (card.input.resize, card.input.cell, card.licence, card.origin) == (Fit.LETTERBOX, 32, None, None)
    assert card.reasons["input.resize"].startswith("nothing in the cfg is of AlexeyAB's fork")


def test_the_owners_word_is_above_the_files(thin: Path, noise: np.ndarray, tmp_path: Path) -> None:
    for file in THIN_FILES:
        (tmp_path / file).symlink_to(thin / file)
    (tmp_path / "thin.toml").write_text(
        'licence = "MIT"\nsource = "https://example.org/thin"\n[input]\nresize = "stretch"\n'
    )
    model = load_model("thin", tmp_path)
    assert (model.card.licence, model.card.origin) == ("MIT", "https://example.org/thin")
    assert model.card.reasons["input.resize"] == "thin.toml says so"
    assert model.card.input.place((300, 500)) == Letterbox.stretch((300, 500), (416, 416))
    assert model.card.input.usual_sizes() == [(416, 416)]
    found, letterboxed = (
        one.run(noise, DetectionOptions(confidence=0.01)) for one in (model, load_model("thin", thin))
    )
    assert found.detections
    assert found.detections != letterboxed.detections


def test_a_model_of_the_fork_is_stretched_to_its_own_width_and_height(tmp_path: Path) -> None:
    cfg = yolov4_tiny(classes=3).replace("width=416", "width=320")
    write_model(tmp_path, "mine", cfg)
    spec = load_model("mine", tmp_path, RunOptions(engine=EngineChoice.TORCH)).card.input
    assert (spec.resize, spec.size) == (Fit.STRETCH, (416, 320))
    assert spec.place((1080, 1920)) == Letterbox.stretch((1080, 1920), (416, 320))


def test_a_letter_box_that_is_no_number_is_told_with_its_file(thin: Path, tmp_path: Path) -> None:
    for file in THIN_FILES:
        (tmp_path / file).write_bytes((thin / file).read_bytes())
    cfg = tmp_path / "thin.cfg"
    cfg.write_text(cfg.read_text().replace("[net]", "[net]\nletter_box=yes"))
    with pytest.raises(ModelError, match=r"thin.cfg: cfg line 1, \[net\]: `letter_box=yes` is not a whole number"):
        load_model("thin", tmp_path, RunOptions(engine=EngineChoice.TORCH))


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
