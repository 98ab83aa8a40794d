"""Where one scene ends and another begins: nothing that was seen before is to be looked for after it.

A glance is a picture of 32 x 24 pixels. Each part of it is compared with the most similar place nearby in the one
before, as video coders do, so that what moves makes no difference. Measured five frames a second: across the cuts of
bikes.mp4 0.111 to 0.256 of what is possible is left, within its scenes at most 0.091 (cars that pass close by).
"""

from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, PART = 32, 24, 8
FARTHEST = 4  # pixels of the glance, an eighth of its width
LEAST_DIFFERENCE = 0.1


def glance(pixels: NDArray[np.uint8]) -> bytes:
    """Return what `is_cut` needs to know of a picture, HWC uint8 RGB; `bytes.hex` makes JSON of it."""
    return cv2.resize(pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).tobytes()


def is_cut(before: bytes, now: bytes) -> bool:
    """Return whether two pictures, one after the other, are of different scenes."""
    old, new = (np.frombuffer(each, np.uint8).reshape(HEIGHT, WIDTH, 3).astype(np.float32) for each in (before, now))
    around = np.pad(old, ((FARTHEST, FARTHEST), (FARTHEST, FARTHEST), (0, 0)), mode="edge")
    least = np.full((HEIGHT // PART, WIDTH // PART), np.inf)
    for down, across in product(range(2 * FARTHEST + 1), repeat=2):
        difference = np.abs(new - around[down : down + HEIGHT, across : across + WIDTH])
        parts = difference.reshape(HEIGHT // PART, PART, WIDTH // PART, PART * 3).mean(axis=(1, 3))
        least = np.minimum(least, parts)
    return bool(least.mean() / 255 >= LEAST_DIFFERENCE)
