"""Plates: a label and a figure in dark on the class's colour, each placed so that it hides little of the others."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from api.tasks.drawing.colours import DARK, class_colour
from api.tasks.drawing.style import Style
from api.tasks.drawing.text import Line, arrange, label_or_class, with_known_letters

NOTE_LETTERS = 40
RENDERED_TEXT_MAX = 96  # larger letters take long, and a cache of such plates takes gigabytes


@dataclass(frozen=True, slots=True)
class Plate:
    """The words for a thing, for example "dog" and "98%", and the box around it (x1, y1, x2, y2) in pixels.

    `note` is what else is said of it, after the figure.
    """

    label: str
    class_id: int
    figure: str
    box: tuple[float, float, float, float]
    note: str = ""


def draw_plates(
    picture: NDArray[np.uint8], plates: Sequence[Plate], style: Style, *, spares_boxes: bool = False
) -> None:
    """Draw plates onto the picture (HWC uint8 RGB), in place. Earlier ones have the better places.

    With `spares_boxes` none covers a box or another plate: those for which there is no such place are left out.
    """
    height, width = picture.shape[:2]
    spared = [tuple(map(int, plate.box)) for plate in plates] if spares_boxes else []
    taken = np.array(spared, np.int64).reshape(-1, 4)  # as x1, y1, x2, y2
    for plate in plates:
        pixels = render_plate(plate, style, width)[:height, :width]
        size = pixels.shape[1], pixels.shape[0]
        place, covered = _place(plate.box, size, (width, height), taken)
        if covered and spares_boxes:
            continue
        x1, y1, x2, y2 = place
        picture[y1:y2, x1:x2] = pixels
        taken = np.vstack((taken, place))


def render_plate(plate: Plate, style: Style, room: int) -> NDArray[np.uint8]:
    """Return the plate's pixels (HWC uint8 RGB): a label too long for `room` pixels is cut, the figure is not.

    A note has the room that is left, and is cut to it.

    A very large plate is an enlarged smaller one: it is large only because it will be shown much smaller.
    """
    times = math.ceil(style.text / RENDERED_TEXT_MAX)
    words = plate.label, plate.class_id, plate.figure, plate.note
    pixels = _render(*words, style.divided(times), room // times)
    return np.asarray(cv2.resize(pixels, None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST), np.uint8)


@lru_cache(maxsize=256)
def _render(label: str, class_id: int, figure: str, note: str, style: Style, room: int) -> NDArray[np.uint8]:
    line = fit_note(label_or_class(label, class_id), figure, note, style.text, room - 2 * style.padding)
    width, height = (math.ceil(side) + 2 * style.padding for side in (line.width, line.bottom - line.top))
    plate = Image.new("RGB", (width, height), DARK)
    canvas = ImageDraw.Draw(plate)
    rim = style.thin
    canvas.rectangle((rim, rim, width - 1 - rim, height - 1 - rim), class_colour(class_id))
    line.draw(canvas, style.padding, style.padding - line.top, DARK)
    return np.asarray(plate)


def fit_note(label: str, figure: str, note: str, size: int, room: float) -> Line:
    """Return "label figure · note", the note cut to the room; without a note for which there is none."""
    note = with_known_letters(note)
    note = f"{note[:NOTE_LETTERS].rstrip()}…" if len(note) > NOTE_LETTERS else note
    while note:
        line = _lay_out(label, f"{figure} · {arrange(note)}", size)
        if line.width <= room:
            return line
        note = f"{note[:-2].rstrip()}…" if len(note) > 2 else ""
    return fit_line(label, figure, size, room)


def fit_line(label: str, figure: str, size: int, room: float) -> Line:
    """Return "label figure", "lab… figure" or only the figure: the first that is no wider than `room`."""
    line = _lay_out(label, figure, size)
    if line.width <= room:
        return line
    too_long = bisect_right(range(len(label)), room, key=lambda end: _lay_out(label[:end] + "…", figure, size).width)
    return _lay_out(label[: too_long - 1].rstrip() + "…", figure, size) if too_long > 1 else Line.of(figure, size)


def _lay_out(label: str, figure: str, size: int) -> Line:
    """Put the figure, if there is one, to the right of the label, whichever way that is read."""
    return Line.of(f"{arrange(label)} {figure}".rstrip(), size)


def _place(
    box: tuple[float, float, float, float],
    plate_size: tuple[int, int],
    picture_size: tuple[int, int],
    taken: NDArray[np.int64],
) -> tuple[NDArray[np.int64], int]:
    """Return where a plate goes: at a corner of the box, in the picture, over nothing that is taken if it can be.

    Sizes are (width, height), places (x1, y1, x2, y2); `taken` are those of the plates before it, (N, 4). Also returns
    how many pixels of what is taken it covers.
    """
    (width, height), (picture_width, picture_height), (left, top, right, bottom) = plate_size, picture_size, box
    corners = [
        (max(0, min(math.floor(x), picture_width - width)), max(0, min(math.floor(y), picture_height - height)))
        for y in (top - height, top, bottom, bottom - height)  # above, within, below, within
        for x in (left, right - width)
    ]
    places = np.array([(x, y, x + width, y + height) for x, y in corners])
    overlaps = np.minimum(places[:, None, 2:], taken[:, 2:]) - np.maximum(places[:, None, :2], taken[:, :2])
    covered = overlaps.clip(0).prod(axis=2).sum(axis=1)  # (8 places)
    best = int(covered.argmin())
    return places[best], int(covered[best])
