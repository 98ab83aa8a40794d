"""What the server finds in a photograph, as its contract (`/openapi.json`) says it.

A field without a default is always there. Places are pixels of the upright image, x to the right and y down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle, clipped to the image."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Keypoint:
    """A point of an object, such as an eye. `confidence` is 0 to 1."""

    name: str
    x: float
    y: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A gate of a chain has said no, and the result is empty for that: which model, and why in words."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label of the whole image and its probability."""

    label: str
    class_id: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What decided for the first label: by how much its probability falls if a cell of `grid` is covered.

    `box` is what the network sees; grid (rows of columns) and `heat_map` (a PNG, columns x rows pixels) cover it.
    """

    label: str
    class_id: int
    box: Box
    rows: int
    columns: int
    grid: tuple[tuple[float, ...], ...]
    heat_map: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A class of a segmented image, and its share of the pixels, 0 to 1."""

    label: str
    class_id: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Which class each pixel shows. `mask` is a PNG of the image's size, whose values are class ids."""

    labels: tuple[Share, ...]
    background: int | None
    mask: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line that was read. `polygon` has four corners, clockwise from where the line begins."""

    text: str
    confidence: float
    polygon: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """An object that was found. `track` is its number in a video; `attributes` is what a chain says of it."""

    label: str
    class_id: int
    confidence: float
    box: Box
    polygon: tuple[Point, ...] | None = None
    keypoints: tuple[Keypoint, ...] | None = None
    attributes: "Mapping[str, Attribute] | None" = None
    track: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the tasks find; what another task than the one that was asked finds is None."""

    detections: tuple[Detection, ...] | None = None
    candidates: tuple[Detection, ...] | None = None
    blurred: tuple[Box, ...] | None = None
    classes: tuple[Label, ...] | None = None
    explanation: Explanation | None = None
    segments: Segments | None = None
    lines: tuple[TextLine, ...] | None = None
    stopped: Stopped | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute(Found):
    """What another model of a chain says of a detection. `text` is that in a few words."""

    task: str
    model: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a chain: how often it looked, and how long that took together."""

    model: str
    ms: float
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """How long each stage took on the server, in milliseconds; `queue` is the time waited for a turn."""

    decode: float
    inference: float
    render: float
    queue: float
    steps: tuple[Step, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageAnswer:
    """What all answers have. `image` is the drawn picture, a JPEG, if `annotate=True` asked for it."""

    name: str
    model: str
    image: bytes | None
    width: int
    height: int
    timings_ms: Timings
    request_id: str
    stopped: Stopped | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionAnswer(ImageAnswer):
    """Objects, the most confident first. `candidates` and `blurred` are there if they were asked for."""

    task: Literal["detection"]
    detections: tuple[Detection, ...]
    candidates: tuple[Detection, ...] | None = None
    blurred: tuple[Box, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationAnswer(ImageAnswer):
    """Labels of the whole image, the most probable first. `explanation` is there if it was asked for."""

    task: Literal["classification"]
    classes: tuple[Label, ...]
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentationAnswer(ImageAnswer):
    """Which class each pixel shows."""

    task: Literal["segmentation"]
    segments: Segments


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingAnswer(ImageAnswer):
    """Lines of text in reading order."""

    task: Literal["reading"]
    lines: tuple[TextLine, ...]


AnyAnswer = DetectionAnswer | ClassificationAnswer | SegmentationAnswer | ReadingAnswer
