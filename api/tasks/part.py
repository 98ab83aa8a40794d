"""Where a part of an image lies in the whole: the way from its pixels to those of the whole image, for every task."""

from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[float, float]  # (x, y) in pixels


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of an image. A point (x, y) of it is at (left + x times `across`, top + y times `down`) in the whole.

    `across` and `down` are 1 unless the whole has more or fewer pixels than the image that the part was cut from.
    """

    left: float = 0.0
    top: float = 0.0
    across: float = 1.0
    down: float = 1.0

    @classmethod
    def cut(cls, left: int, top: int, image_size: tuple[int, int], whole_size: tuple[int, int]) -> "Part":
        """Return the part that begins at (left, top) of an image. Sizes are (height, width)."""
        across, down = whole_size[1] / image_size[1], whole_size[0] / image_size[0]
        return cls(left * across, top * down, across, down)

    def point(self, x: float, y: float) -> Point:
        """Return where a point of the part is in the whole."""
        return self.left + x * self.across, self.top + y * self.down

    def points(self, points: Iterable[Point]) -> tuple[Point, ...]:
        """Return where points of the part are in the whole."""
        return tuple(self.point(x, y) for x, y in points)
