"""YuNet: the same faces and points as OpenCV's own FaceDetectorYN, on a photograph in three shapes."""

import shutil
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from numpy.typing import NDArray

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.card import Colour
from api.models.errors import ModelError
from api.models.input import prepare_input
from api.models.load import load_model
from api.models.model import Model
from api.models.options import Precision, RunOptions
from api.tasks.detection.types import Box, DetectionOptions
from api.tasks.detection.yunet import POINTS
from harness.real_models import real_model

OPTIONS = DetectionOptions(confidence=0.5)
HOPPER = Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg"  # by the US Navy; it comes with matplotlib


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with YuNet and nothing else."""
    folder = tmp_path_factory.mktemp("faces")
    shutil.copy(real_model("faces") / "faces.onnx", folder)
    return folder


@pytest.fixture(scope="module")
def faces(folder: Path) -> Model:
    return load_model("faces", folder, RunOptions(precision=Precision.FP32))


def picture(shape: str) -> NDArray[np.uint8]:
    """Return the photograph: as it is, twice beside itself and smaller, or with much above it."""
    photograph = decode_image(HOPPER.read_bytes(), orientation=None, limits=ImageLimits()).pixels
    if shape == "upright":
        return photograph
    if shape == "wide":
        small = np.asarray(cv2.resize(photograph, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        return np.tile(small, (1, 3, 1))
    return np.pad(photograph, ((700, 0), (0, 33), (0, 0)), mode="edge")


def detect_with_opencv(model: Model, image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return a row for each face, in pixels of the image: corners of the box, five points, score."""
    letterbox = model.card.input.place(image.shape[:2])
    canvas = prepare_input(image, letterbox, model.card.input)[0].round().astype(np.uint8).transpose(1, 2, 0)
    size = (canvas.shape[1], canvas.shape[0])  # width, height
    detector = cv2.FaceDetectorYN.create(
        str(real_model("faces") / "faces.onnx"), "", size, OPTIONS.confidence, OPTIONS.iou
    )
    rows = np.float64(detector.detect(np.ascontiguousarray(canvas))[1])
    rows[:, 2:4] += rows[:, :2]
    rows[:, :14] /= letterbox.gain
    return rows


def overlap(one: Box, other: NDArray[np.float64]) -> float:
    """Return the IoU of two boxes."""
    left, top = max(one.x1, other[0]), max(one.y1, other[1])
    right, bottom = min(one.x2, other[2]), min(one.y2, other[3])
    common = max(0, right - left) * max(0, bottom - top)
    areas = (one.x2 - one.x1) * (one.y2 - one.y1) + (other[2] - other[0]) * (other[3] - other[1])
    return float(common / (areas - common))


@pytest.mark.parametrize(("shape", "count"), [("upright", 1), ("wide", 3), ("tall", 1)])
def test_faces_are_those_of_opencv(faces: Model, shape: str, count: int) -> None:
    image = picture(shape)
    rows = detect_with_opencv(faces, image)
    found = faces.run(image, OPTIONS).detections
    assert len(found) == len(rows) == count
    for row in rows:
        face = max(found, key=lambda one: overlap(one.box, row))
        assert overlap(face.box, row) >= 0.99
        assert face.confidence == pytest.approx(row[14], abs=0.01)
        points = [(point.x, point.y) for point in face.keypoints]
        np.testing.assert_allclose(points, row[4:14].reshape(5, 2), atol=1)


def test_points_are_named_as_the_person_has_them(faces: Model) -> None:
    (face,) = faces.run(picture("upright"), OPTIONS).detections
    points = {point.name: point for point in face.keypoints}
    assert tuple(points) == POINTS
    assert points["right_eye"].x < points["nose_tip"].x < points["left_eye"].x  # she looks at us
    assert points["right_eye"].y < points["nose_tip"].y < points["left_mouth_corner"].y


def test_file_is_recognised_without_a_word_of_the_owner(faces: Model) -> None:
    card = faces.card
    assert (card.family, card.labels, card.licence, card.input.colour) == ("yunet", ("face",), "MIT", Colour.BGR)


def test_size_is_free(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "faces.onnx", tmp_path / "crowd.onnx")
    description = tmp_path / "crowd.toml"
    description.write_text("[input]\nsize = [1280, 1280]\n")
    crowd = load_model("crowd", tmp_path, RunOptions(precision=Precision.FP32))
    small = cv2.resize(picture("wide"), None, fx=0.13, fy=0.13, interpolation=cv2.INTER_AREA)
    image = np.pad(small, ((0, 800), (0, 1000), (0, 0)))  # faces of 8 pixels
    assert len(crowd.run(image, OPTIONS).detections) == 3
    description.write_text("[input]\nsize = [1280, 1000]\n")
    with pytest.raises(ModelError, match="a width of 1000, which is no multiple of 32"):
        load_model("crowd", tmp_path)
