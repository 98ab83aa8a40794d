"""The photographs of a report, small, as data URLs."""

import base64
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from api.errors import ApiError
from api.images.decode import decode_image
from api.images.encode import encode_jpeg
from api.images.limits import ImageLimits
from api.training.forms import is_inside

SIDE = 200  # pixels of the longer side, at most: sharp at the 150 CSS pixels that it is shown with
TINY = 64  # pixels; of a smaller one each pixel is to be seen


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph for the report; `url` is empty if it is not there any more, or cannot be read."""

    name: str
    url: str
    is_tiny: bool = False


def read_picture(folder: Path, name: str) -> Picture:
    """Return the photograph of this name within the folder."""
    path = folder / name
    try:
        if not is_inside(path, folder):
            return Picture(name, "")
        pixels = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits(), enough_for=SIDE).pixels
    except (ApiError, OSError, ValueError):  # ValueError: a name that no file system takes
        return Picture(name, "")
    longer = max(pixels.shape[:2])
    if longer > SIDE:
        height, width = (max(1, round(side * SIDE / longer)) for side in pixels.shape[:2])
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    jpeg = base64.b64encode(encode_jpeg(pixels)).decode("ascii")
    return Picture(name, f"data:image/jpeg;base64,{jpeg}", longer < TINY)
