"""Where one scene ends and another begins: nothing that was seen before is to be looked for after it.

Each glance is a picture of 16 x 12 pixels. Measured five frames a second: between scenes of bikes.mp4 they differ by
0.16 to 0.31 of what is possible, within one by at most 0.12 (a car that drives through the picture close by).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 16, 12
LEAST_DIFFERENCE = 0.145


def glance(pixels: NDArray[np.uint8]) -> bytes:
    """Return what `is_cut` needs to know of a picture, HWC uint8 RGB; `bytes.hex` makes JSON of it."""
    return cv2.resize(pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).tobytes()


def is_cut(before: bytes, now: bytes) -> bool:
    """Return whether two pictures, one after the other, are of different scenes."""
    first, second = (np.frombuffer(each, np.uint8).astype(np.float64) for each in (before, now))
    return bool(np.abs(first - second).mean() / 255 >= LEAST_DIFFERENCE)
