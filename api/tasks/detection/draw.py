"""Boxes and labels onto a copy of an image: a box lies between a dark and a light line, so that it reads anywhere."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.types import Box, Detection
from api.tasks.drawing.colours import DARK, LIGHT, Colour, class_colour
from api.tasks.drawing.plates import Plate, draw_plates
from api.tasks.drawing.style import Style


def draw_detections(
    image: NDArray[np.uint8], detections: Sequence[Detection], *, display_width: int | None = None
) -> NDArray[np.uint8]:
    """Return a copy of the image (HWC uint8 RGB) with the detections drawn, the most confident on top.

    `display_width` is how many CSS pixels wide it will be shown: labels are then at least 12 of them high.
    """
    picture = image.copy()
    style = Style.for_picture(picture.shape[1], picture.shape[0], display_width)
    for detection in reversed(detections):
        _draw_box(picture, detection.box, class_colour(detection.class_id), style)
    draw_plates(picture, [_plate(detection) for detection in detections], style)
    return picture


def _plate(detection: Detection) -> Plate:
    box = detection.box
    figure = f"{detection.confidence:.0%}"
    return Plate(detection.label, detection.class_id, figure, (box.x1, box.y1, box.x2, box.y2))


def _draw_box(picture: NDArray[np.uint8], box: Box, colour: Colour, style: Style) -> None:
    thin = style.thin
    for inset, width, ink in ((-thin, thin, DARK), (0, style.line, colour), (style.line, thin, LIGHT)):
        left, top, right, bottom = box.x1 + inset, box.y1 + inset, box.x2 - 1 - inset, box.y2 - 1 - inset
        if right >= left and bottom >= top:
            _outline(picture, (int(left), int(top), int(right) + 1, int(bottom) + 1), width, ink)


def _outline(picture: NDArray[np.uint8], place: tuple[int, int, int, int], width: int, ink: Colour) -> None:
    """Draw a rectangle's outline, `width` pixels inwards; what lies outside the picture is left out."""
    left, top, right, bottom = place
    for x1, y1, x2, y2 in (
        (left, top, right, min(top + width, bottom)),
        (left, max(bottom - width, top), right, bottom),
        (left, top, min(left + width, right), bottom),
        (max(right - width, left), top, right, bottom),
    ):
        picture[max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)] = ink
