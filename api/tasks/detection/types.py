"""The values that the detector takes and gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A box in pixels of the image it was found in: 0 <= x1 < x2 <= width, 0 <= y1 < y2 <= height."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Detection:
    """One object: its class and where it is. `confidence` (0..1) is objectness x class probability."""

    label: str
    class_id: int
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is kept: the lowest confidence (0..1), the NMS overlap (IoU, 0..1), and how many detections at the most."""

    confidence: float = 0.25
    iou: float = 0.45
    max_detections: int = 100
