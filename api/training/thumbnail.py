"""A photograph as 16 x 16 grey values: small enough to keep for all of them, and enough to know a copy by."""

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 16


def thumbnail(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an upright photograph (HWC uint8 RGB, of any size) averaged to (16, 16) uint8 grey values."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)
