"""Lines of text onto a copy of an image: an outline around each, and what was read beside it if there is room."""

import cv2
import numpy as np
from numpy.typing import NDArray

from api.tasks.drawing.colours import DARK, class_colour
from api.tasks.drawing.plates import Plate, draw_plates
from api.tasks.drawing.style import Style
from api.tasks.drawing.text import with_known_letters
from api.tasks.reading.types import Lines, Polygon, TextLine

COLOUR_ID = 0  # all lines have one colour: text has no classes


def draw_lines(image: NDArray[np.uint8], result: Lines, *, display_width: int | None = None) -> NDArray[np.uint8]:
    """Return a copy of the image (HWC uint8 RGB) with the lines.

    `display_width` is how many CSS pixels wide it will be shown: labels are then at least 12 of them high.
    """
    picture = image.copy()
    style = Style.for_picture(picture.shape[1], picture.shape[0], display_width)
    outlines = [np.array(line.polygon).round().astype(np.int32) for line in result.lines]
    for width, ink in ((style.line + 2 * style.thin, DARK), (style.line, class_colour(COLOUR_ID))):
        cv2.polylines(picture, outlines, isClosed=True, color=ink, thickness=width, lineType=cv2.LINE_AA)
    draw_plates(picture, [_plate(line) for line in result.lines], style, spares_boxes=True)
    return picture


def _plate(line: TextLine) -> Plate:
    return Plate(with_known_letters(line.text), COLOUR_ID, "", _box_around(line.polygon))


def _box_around(polygon: Polygon) -> tuple[float, float, float, float]:
    across, down = zip(*polygon, strict=True)
    return min(across), min(down), max(across), max(down)
