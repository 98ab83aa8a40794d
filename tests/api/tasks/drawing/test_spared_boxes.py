"""Plates that spare boxes: none covers a line of text or another plate, and what has no room is left out."""

import numpy as np

from api.tasks.drawing.plates import Plate, draw_plates
from api.tasks.drawing.style import Style

GREY = 128
STYLE = Style.for_picture(400, 300)


def draw(*boxes: tuple[float, float, float, float], spares_boxes: bool = True) -> np.ndarray:
    """Return where plates are drawn in a picture of 400 x 300."""
    picture = np.full((300, 400, 3), GREY, np.uint8)
    draw_plates(picture, [Plate("text", 0, "", box) for box in boxes], STYLE, spares_boxes=spares_boxes)
    return np.asarray((picture != GREY).any(axis=2))


def test_a_plate_stands_beside_its_box():
    drawn = draw((100, 100, 200, 130))
    assert drawn[:100, 100:].any()
    assert not drawn[100:130, 100:200].any()


def test_no_plate_covers_a_line_of_a_page():
    boxes = [(50.0, 60 + 30 * row, 350.0, 84 + 30 * row) for row in range(6)]
    spared, others = draw(*boxes), draw(*boxes, spares_boxes=False)
    for left, top, right, bottom in boxes:
        assert not spared[int(top) : int(bottom), int(left) : int(right)].any()
    assert spared.any()
    assert others.sum() > spared.sum()


def test_a_box_that_fills_the_picture_has_no_plate():
    assert not draw((0, 0, 400, 300)).any()
