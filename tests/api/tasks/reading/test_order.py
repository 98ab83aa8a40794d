"""In which order lines are read: a page as it is, tilted, turned by quarters, and with an upright line in it."""

import numpy as np
import pytest

from api.tasks.reading.order import in_reading_order
from api.tasks.reading.types import TextLine

# (text, left, top, width, height): two rows of two, not quite in line, and a third one
PAGE = [
    ("1", 10, 10, 100, 20),
    ("2", 130, 14, 60, 16),
    ("3", 12, 40, 80, 20),
    ("4", 120, 36, 80, 20),
    ("5", 10, 70, 90, 20),
]


def page(degrees: float = 0.0) -> list[TextLine]:
    """Return the lines of the page, turned, in an order of chance."""
    turn = np.radians(degrees)
    matrix = np.array(((np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))))
    lines = []
    for text, left, top, width, height in PAGE:
        corners = np.array([(0, 0), (width, 0), (width, height), (0, height)]) + np.array((left, top))
        lines.append(TextLine(text, 1.0, tuple(map(tuple, (corners @ matrix.T).tolist()))))
    return [lines[index] for index in np.random.default_rng(3).permutation(len(lines))]


@pytest.mark.parametrize("degrees", [0, 7, -20, 90, 180, -90])
def test_rows_from_above_each_from_its_beginning(degrees: float):
    assert [line.text for line in in_reading_order(page(degrees))] == list("12345")


def test_a_line_that_runs_downwards_does_not_tilt_the_page():
    upright = TextLine("side", 1.0, ((240, 10), (240, 90), (220, 90), (220, 10)))
    read = [line.text for line in in_reading_order([*page(), upright])]
    assert [text for text in read if text != "side"] == list("12345")


def test_no_lines_are_no_lines():
    assert in_reading_order([]) == []


def test_two_lines_of_which_a_third_overlaps_both_stay_two_rows():
    lines = [
        TextLine(text, 1.0, ((x, top), (x + 50, top), (x + 50, top + height), (x, top + height)))
        for text, x, top, height in (("above", 10, 0, 20), ("below", 8, 22, 20), ("large", 100, 0, 42))
    ]
    read = [line.text for line in in_reading_order(lines)]
    assert read.index("above") < read.index("below")
