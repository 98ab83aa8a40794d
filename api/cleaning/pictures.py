"""Photographs as the page shows them: upright and small, made when they are asked for."""

import cv2

from api.images.decode import decode_image
from api.images.encode import encode_jpeg
from api.images.limits import ImageLimits
from api.tasks.task import Pixels

SIDES = {"small": 256, "large": 1600, "full": 4096}  # the longer side, in pixels
LIMITS = ImageLimits(max_megapixels=144.0)  # of the owner's own files


def make_picture(data: bytes, size: str) -> bytes:
    """Return a photograph as a JPEG of a size of `SIDES`. Raises UnsupportedImage, RefusedImage, OutOfMemory."""
    image = decode_image(data, orientation=None, limits=LIMITS, enough_for=SIDES[size])
    return encode_jpeg(_fit(image.pixels, SIDES[size]))


def read_size(data: bytes) -> tuple[int, int]:
    """Return a photograph's upright (height, width). Raises what `make_picture` does."""
    return decode_image(data, orientation=None, limits=LIMITS, enough_for=1).size


def _fit(pixels: Pixels, side: int) -> Pixels:
    """Return it with at most `side` pixels on the longer side, HWC."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(pixels.dtype, copy=False)
