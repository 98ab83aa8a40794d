"""Lines of text cut out of an image, straight and lying."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from api.tasks.reading.types import Point, Polygon
from api.tasks.task import Pixels

UPRIGHT = 1.5  # a region this many times as high as wide holds a line that is turned


@dataclass(frozen=True, slots=True)
class Crop:
    """A line's pixels, (height, width, 3) RGB; its `polygon` in the image begins where the pixels do."""

    pixels: Pixels
    polygon: Polygon

    def turned(self) -> "Crop":
        """Return the same turned by half: the line begins at its other end."""
        first, second, third, fourth = self.polygon
        return Crop(np.ascontiguousarray(self.pixels[::-1, ::-1]), (third, fourth, first, second))


def cut_out(image: Pixels, polygon: Sequence[Point]) -> Crop:
    """Cut out a region whose corners go clockwise from the upper left one.

    An upright one is taken to be read downwards. The crop's sides are the longer ones of each pair, rounded down, and
    at least a pixel.
    """
    first, second, third, fourth = polygon
    corners = np.array(polygon, np.float32)
    if _length(first, fourth) >= UPRIGHT * _length(first, second):
        first, second, third, fourth = second, third, fourth, first
        corners = np.roll(corners, -1, axis=0)
    width = max(1, int(max(_length(first, second), _length(third, fourth))))
    height = max(1, int(max(_length(first, fourth), _length(second, third))))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    pixels = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return Crop(np.asarray(pixels, np.uint8), (first, second, third, fourth))


def _length(start: Point, end: Point) -> float:
    return float(np.hypot(end[0] - start[0], end[1] - start[1]))
