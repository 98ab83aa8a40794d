"""The options of a request, by task, named as in the API; the server checks their values and has their defaults."""

from typing import TypedDict


class ImageOptions(TypedDict, total=False):
    """Of all tasks. `annotate=True` asks for the drawn picture, which costs the server time: here it is off at first.

    `model` is one of the server's models, `orientation` an EXIF orientation in place of the file's own, `display_width`
    how many pixels wide the drawn picture will be shown.
    """

    model: str
    orientation: int
    annotate: bool
    display_width: int


class DetectionOptions(ImageOptions, total=False):
    """`confidence` and `iou` are 0 to 1; `blur` are labels with commas between."""

    confidence: float
    iou: float
    max_detections: int
    candidates: bool
    blur: str


class ClassificationOptions(ImageOptions, total=False):
    """`top` is how many labels are returned; `explain` asks what decided for the first of them."""

    top: int
    explain: bool


class SegmentationOptions(ImageOptions, total=False):
    """None of its own."""


class ReadingOptions(ImageOptions, total=False):
    """`text_confidence` is 0 to 1; `max_lines` is how many lines are read at most."""

    text_confidence: float
    max_lines: int


class AnyOptions(DetectionOptions, ClassificationOptions, ReadingOptions, total=False):
    """Of whatever task the server's first model has."""


class JobOptions(AnyOptions, total=False):
    """Of a job besides: `every` is how many frames of each second are analysed."""

    every: float


def as_fields(options: ImageOptions) -> dict[str, str]:
    """Return form fields."""
    given: dict[str, object] = {"annotate": False, **options}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}
