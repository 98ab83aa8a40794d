"""The values of object detection: what may be asked, and what is found."""

from dataclasses import dataclass, field
from typing import Any

from api.tasks.chaining import AnyAttached, Stopped
from api.tasks.options import FRACTION, NAMES, TRUTH, option, whole_number
from api.tasks.task import AnyTask

CANDIDATE_CONFIDENCE = 0.05
BLUR_CONFIDENCE = 0.1  # what reaches it is blurred
MAX_CANDIDATES = 1_000


@dataclass(frozen=True, slots=True)
class Box:
    """A box in pixels of the image it was found in: 0 <= x1 < x2 <= width, 0 <= y1 < y2 <= height."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Keypoint:
    """A point of an object, such as an eye, in pixels of the image. `confidence` (0..1) is that it is seen there."""

    name: str
    x: float
    y: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Attribute:
    """What another model says of a detection, from what it has seen of it: a step of a chain.

    `result` is of `task`, in pixels of the image. `stopped`: that model is a chain, whose gate said no.
    """

    name: str
    model: str
    task: AnyTask
    attached: AnyAttached
    result: Any
    stopped: Stopped | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """One object: its class and where it is. `confidence` (0..1) is objectness x class probability.

    `polygon` is its outline, (x, y) in pixels of the image, of models that give one: the largest part of it.
    """

    label: str
    class_id: int
    confidence: float
    box: Box
    polygon: tuple[tuple[float, float], ...] = ()
    keypoints: tuple[Keypoint, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Blur:
    """What is blurred when the image is drawn: whole classes, in these regions (whole pixels, inside the image)."""

    class_ids: list[int]
    regions: list[Box]


@dataclass(frozen=True, slots=True)
class Detections:
    """What was found in one image, most confident first.

    `candidates` are the boxes before suppression; empty unless asked for. `blur` is None unless asked for.
    """

    detections: list[Detection]
    candidates: list[Detection] = field(default_factory=list)
    blur: Blur | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionOptions:
    """What is kept: the lowest confidence (0..1), the NMS overlap (IoU, 0..1), and the largest number of detections."""

    confidence: float = option(0.25, FRACTION)
    iou: float = option(0.45, FRACTION)
    max_detections: int = option(100, whole_number(1, 1000))
    candidates: bool = option(False, TRUTH)  # whether the boxes before suppression are returned too
    blur: tuple[str, ...] = option((), NAMES, may_be_ignored=False)  # the labels whose objects are made unrecognisable

    @property
    def floor(self) -> float:
        """The lowest confidence that is needed."""
        floor = min(self.confidence, CANDIDATE_CONFIDENCE) if self.candidates else self.confidence
        return min(floor, BLUR_CONFIDENCE) if self.blur else floor
