"""The values of reading: what may be asked, and what is found."""

from dataclasses import dataclass

from api.tasks.options import FRACTION, option, whole_number

Point = tuple[float, float]  # (x, y) in pixels of the image
Polygon = tuple[Point, ...]  # four corners, clockwise


@dataclass(frozen=True, slots=True)
class Region:
    """A place that looks like a line of text. `confidence` (0..1) is that it is one.

    `polygon` begins at its upper left corner.
    """

    polygon: Polygon
    confidence: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that was read. `confidence` (0..1) is the mean of its characters' probabilities.

    `polygon` begins where the line begins: its first side is above the letters.
    """

    text: str
    confidence: float
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class Lines:
    """What stands in one image, in reading order."""

    lines: list[TextLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """What is kept: the lowest confidence (0..1) of a line, and how many regions are read at most."""

    text_confidence: float = option(0.5, FRACTION)
    max_lines: int = option(200, whole_number(1, 300))
