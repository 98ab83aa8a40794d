"""An explanation as colours: dark where nothing depends on the image, bright where the most does."""

import io
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from api.tasks.classification.types import Explanation

OPACITY = 0.55
LEAST_SPAN = 0.05  # a drop of the probability that is bright at least, so that a picture without a reason stays dark
BAND = 256  # rows that are painted at once


def colour(explanation: Explanation) -> NDArray[np.uint8]:
    """Return a colour for each cell, (rows, columns, 3) RGB."""
    strength = explanation.drops.clip(0) / max(LEAST_SPAN, explanation.drops.max())
    colours_bgr = cv2.applyColorMap((255 * strength).round().astype(np.uint8), cv2.COLORMAP_INFERNO)
    return np.ascontiguousarray(colours_bgr[..., ::-1], np.uint8)


def encode_heat_map(explanation: Explanation) -> bytes:
    """Return a PNG with a pixel for each cell, to be laid over the image as it is: it is partly transparent."""
    colours = Image.fromarray(colour(explanation))
    colours.putalpha(round(255 * OPACITY))
    file = io.BytesIO()
    colours.save(file, "PNG")
    return file.getvalue()


def paint_heat_map(picture: NDArray[np.uint8], explanation: Explanation) -> None:
    """Lay the colours over the picture (HWC uint8 RGB)."""
    x1, y1, x2, y2 = explanation.box_xyxy
    part = picture[max(0, floor(y1)) : ceil(y2), max(0, floor(x1)) : ceil(x2)]  # a pixel at least
    tall = cv2.resize(colour(explanation), (explanation.drops.shape[1], len(part)), interpolation=cv2.INTER_LINEAR)
    for start in range(0, len(part), BAND):
        band = part[start : start + BAND]
        colours = cv2.resize(tall[start : start + BAND], band.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        band[:] = cv2.addWeighted(band, 1 - OPACITY, colours, OPACITY, 0)
