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


def letterbox(image: NDArray[np.uint8], canvas_size: tuple[int, int]) -> Letterboxed:
    """Fit an image (HWC uint8) into the middle of a grey canvas of (height, width)."""
    (height, width), (canvas_height, canvas_width) = image.shape[:2], canvas_size
    if canvas_width * height < canvas_height * width:
        scaled_height, scaled_width = max(1, height * canvas_width // width), canvas_width
    else:
        scaled_height, scaled_width = canvas_height, max(1, width * canvas_height // height)
    top, left = (canvas_height - scaled_height) // 2, (canvas_width - scaled_width) // 2
    canvas = np.full((*canvas_size, 3), GREY, np.uint8)
    canvas[top : top + scaled_height, left : left + scaled_width] = cv2.resize(image, (scaled_width, scaled_height))
    return Letterboxed(canvas, (left, top), (width / scaled_width, height / scaled_height))


def stretch(image: NDArray[np.uint8], canvas_size: tuple[int, int]) -> Letterboxed:
    """Stretch an image (HWC uint8) to a canvas of (height, width)."""
    (height, width), (canvas_height, canvas_width) = image.shape[:2], canvas_size
    canvas = cv2.resize(image, (canvas_width, canvas_height))
    return Letterboxed(canvas.astype(np.uint8, copy=False), (0, 0), (width / canvas_width, height / canvas_height))
