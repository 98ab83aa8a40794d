"""Letterboxing as the peers' users write it, with OpenCV alone; the whole numbers are Pagesight's and Darknet's."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

GREY = 128


@dataclass(frozen=True)
class Letterboxed:
    """An image in its canvas (HWC uint8), and what leads back: offsets and scales as (x, y)."""

    canvas: NDArray[np.uint8]
    offset: tuple[int, int]
    scale: tuple[float, float]


def letterbox(image: NDArray[np.uint8], canvas_size: tuple[int, int], cell: int = 0) -> Letterboxed:
    """Fit an image (HWC uint8) into the middle of a grey canvas of (height, width).

    With a `cell`, rows and columns of cells (that many pixels a side) that would hold only grey are left out.
    """
    (height, width), (canvas_height, canvas_width) = image.shape[:2], canvas_size
    if canvas_width * height < canvas_height * width:
        scaled_height, scaled_width = max(1, height * canvas_width // width), canvas_width
    else:
        scaled_height, scaled_width = canvas_height, max(1, width * canvas_height // height)
    top, left = (canvas_height - scaled_height) // 2, (canvas_width - scaled_width) // 2
    if cell:
        top, canvas_height = _cut(top, scaled_height, cell)
        left, canvas_width = _cut(left, scaled_width, cell)
    canvas = np.full((canvas_height, canvas_width, 3), GREY, np.uint8)
    canvas[top : top + scaled_height, left : left + scaled_width] = cv2.resize(image, (scaled_width, scaled_height))
    return Letterboxed(canvas, (left, top), (width / scaled_width, height / scaled_height))


def stretch(image: NDArray[np.uint8], canvas_size: tuple[int, int]) -> Letterboxed:
    """Stretch an image (HWC uint8) to a canvas of (height, width)."""
    (height, width), (canvas_height, canvas_width) = image.shape[:2], canvas_size
    canvas = cv2.resize(image, (canvas_width, canvas_height))
    return Letterboxed(canvas.astype(np.uint8, copy=False), (0, 0), (width / canvas_width, height / canvas_height))


def _cut(start: int, length: int, cell: int) -> tuple[int, int]:
    """Return where the image starts on a side without its empty cells, and that side's length."""
    first, last = start // cell, -(-(start + length) // cell)
    return start - first * cell, (last - first) * cell
