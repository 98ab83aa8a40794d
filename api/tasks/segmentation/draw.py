"""Classes onto a copy of an image: each pixel tinted in its class's colour, and a legend of what is there."""

import cv2
import numpy as np
from numpy.typing import NDArray

from api.tasks.drawing.colours import LIGHT, class_colour
from api.tasks.drawing.plates import Plate, render_plate
from api.tasks.drawing.style import Style
from api.tasks.segmentation.types import Segments

TINT = 0.5  # how much of the class's colour a pixel takes
BAND = 256  # rows that are tinted at once


def draw_segments(image: NDArray[np.uint8], result: Segments, *, display_width: int | None = None) -> NDArray[np.uint8]:
    """Return a copy of the image (HWC uint8 RGB) with its classes; the background, if there is one, stays as it is.

    `display_width` is how many CSS pixels wide it will be shown: labels are then at least 12 of them high.
    """
    picture = image.copy()
    height, width = picture.shape[:2]
    style = Style.for_picture(width, height, display_width)
    inks = np.zeros((np.iinfo(result.class_map.dtype).max + 1, 3), np.uint8)
    for one in result.segments:
        inks[one.class_id] = class_colour(one.class_id)
    edge = np.ones((style.thin + 1, style.thin + 1), np.uint8)
    for start in range(0, height, BAND):
        band, classes = picture[start : start + BAND], result.class_map[start : start + BAND]
        tinted = cv2.addWeighted(band, 1 - TINT, inks[classes], TINT, 0)
        shown = np.full(classes.shape, 1, np.uint8) if result.background is None else classes != result.background
        cv2.copyTo(tinted, shown.astype(np.uint8), band)
        around = result.class_map[start : start + BAND + style.thin]
        is_edge = cv2.morphologyEx(around, cv2.MORPH_GRADIENT, edge)[: len(band)]
        band[is_edge > 0] = LIGHT
    _draw_legend(picture, result, style)
    return picture


def _draw_legend(picture: NDArray[np.uint8], result: Segments, style: Style) -> None:
    """Put a plate for each class but the background into the upper left corner, as many as there is room for."""
    height, width = picture.shape[:2]
    top = left = style.padding
    for one in result.segments:
        if one.class_id == result.background:
            continue
        figure = f"{one.share:.0%}" if one.share >= 0.01 else "<1%"
        plate = render_plate(Plate(one.label, one.class_id, figure, (0, 0, 0, 0)), style, width - 2 * left)
        bottom, right = top + plate.shape[0], left + plate.shape[1]
        if bottom > height or right > width:
            break
        picture[top:bottom, left:right] = plate
        top = bottom + style.thin
