"""OpenCV's FaceDetectorYN with the same file, on the photograph scaled by OpenCV alone."""

from pathlib import Path

import cv2
import numpy as np

from api.models.model import Model
from api.tasks.detection.types import DetectionOptions
from api.tasks.detection.yunet import POINTS
from benchmarks.found import Found, Point
from benchmarks.references.reference import Pixels, Reference

MOST = 5_000  # before suppression


def make(model: Model, folder: Path, options: DetectionOptions) -> Reference:
    """Return the detector for the longer side of the model's own input."""
    side, file = max(model.card.input.size), folder / f"{model.card.name}.onnx"
    return Reference(f"OpenCV {cv2.__version__} FaceDetectorYN", lambda image: detect(file, side, image, options))


def detect(file: Path, side: int, image: Pixels, options: DetectionOptions) -> list[Found]:
    """Return the faces in an image, whose longer side is first scaled to `side` pixels."""
    gain = side / max(image.shape[:2])
    size = (int(image.shape[1] * gain), int(image.shape[0] * gain))  # width, height
    scaled = cv2.resize(np.ascontiguousarray(image[..., ::-1]), size, interpolation=cv2.INTER_LINEAR)
    detector = cv2.FaceDetectorYN.create(str(file), "", size, options.confidence, options.iou, MOST)
    rows = detector.detect(scaled)[1]
    in_image = [] if rows is None else np.float64(rows) / ([gain] * 14 + [1.0])
    return [_as_found(row) for row in in_image[: options.max_detections]]


def _as_found(row: np.ndarray) -> Found:
    x, y, width, height = row[:4].tolist()
    places = row[4:14].reshape(5, 2).tolist()
    points = tuple(Point(name, *place) for name, place in zip(POINTS, places, strict=True))
    return Found(0, float(row[14]), (x, y, x + width, y + height), points=points)
