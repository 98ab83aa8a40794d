"""Reading in a chain: what stands in a part of an image. A reader finds no labels, so it is no gate."""

from dataclasses import replace

from api.tasks.chaining import Attached, Chaining
from api.tasks.part import Part
from api.tasks.reading.types import Lines, ReadingOptions


def move_lines(result: Lines, part: Part) -> Lines:
    """Return lines of a part of an image in pixels of the whole."""
    return Lines([replace(line, polygon=part.points(line.polygon)) for line in result.lines])


CHAINING: Chaining[ReadingOptions, Lines] = Chaining(
    nothing=lambda _size: Lines([]),
    attached=Attached(
        moved=move_lines,
        text=lambda result: " ".join(line.text for line in result.lines),
        outlines=lambda result: [line.polygon for line in result.lines],
    ),
)
