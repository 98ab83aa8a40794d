"""The most probable labels onto a copy of an image: a caption at its foot, with a bar for each probability."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from api.tasks.classification.heat_map import paint_heat_map
from api.tasks.classification.types import Class, Classes
from api.tasks.drawing.colours import DARK, LIGHT, class_colour
from api.tasks.drawing.plates import RENDERED_TEXT_MAX, fit_line
from api.tasks.drawing.style import Style
from api.tasks.drawing.text import label_or_class, percent

MOST_HEIGHT = 0.45  # of the picture that the caption may cover; it has one row at least
WIDTH_IN_LETTERS = 16  # of the caption, in heights of its text
COVERING = 0.8  # how dark the caption is: 1 hides all of the picture behind it


def draw_classes(image: NDArray[np.uint8], result: Classes, *, display_width: int | None = None) -> NDArray[np.uint8]:
    """Return a copy of the image (HWC uint8 RGB) with a caption, the most probable label on top; and what decided it.

    `display_width` is how many CSS pixels wide it will be shown: labels are then at least 12 of them high. Labels for
    which there is no room are left out, the least probable first.
    """
    picture = image.copy()
    if result.explanation:
        paint_heat_map(picture, result.explanation)
    height, width = picture.shape[:2]
    style = Style.for_picture(width, height, display_width)
    times = math.ceil(style.text / RENDERED_TEXT_MAX)  # large letters take long, so they are enlarged smaller ones
    caption = _render(result.classes, style.divided(times), (height // times, width // times))
    caption = cv2.resize(caption, None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST)  # type: ignore[assignment]
    caption = caption[:height, :width]
    behind = picture[height - caption.shape[0] :, : caption.shape[1]]
    ground = cv2.inRange(caption, DARK, DARK)
    darkened = cv2.addWeighted(behind, 1 - COVERING, np.full_like(behind, DARK), COVERING, 0)
    behind[:] = cv2.copyTo(darkened, ground, caption.copy())
    return picture


def _render(classes: list[Class], style: Style, room: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the caption's pixels for a picture of (height, width); what is DARK is to be its ground."""
    row = math.ceil(1.2 * style.text) + style.padding + 2 * style.line
    width = min(room[1], WIDTH_IN_LETTERS * style.text)
    shown = classes[: max(1, int(MOST_HEIGHT * room[0] - style.padding) // row)]
    caption = Image.new("RGB", (width, len(shown) * row + style.padding), DARK)
    canvas = ImageDraw.Draw(caption)
    inner = width - 2 * style.padding
    for index, one in enumerate(shown):
        line = fit_line(label_or_class(one.label, one.class_id), percent(one.confidence), style.text, inner)
        foot = (index + 1) * row  # of the bar, which lies under the words
        line.draw(canvas, style.padding, foot - 2 * style.line - round(0.3 * style.text), LIGHT)
        end = style.padding + max(1, round(one.confidence * inner))
        canvas.rectangle((style.padding, foot - 2 * style.line, end, foot - 1), class_colour(one.class_id))
    return np.asarray(caption)
