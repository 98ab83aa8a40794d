"""Lines drawn: an outline and a plate each, in any letters, in pictures of any size."""

import numpy as np
import pytest

from api.tasks.reading.draw import draw_lines
from api.tasks.reading.types import Lines, TextLine


def line(text: str, x: float = 40.0, y: float = 60.0) -> TextLine:
    return TextLine(text, 0.9, ((x, y), (x + 100, y + 10), (x + 96, y + 40), (x - 4, y + 30)))


def changed(*lines: TextLine, size: tuple[int, int] = (200, 300)) -> np.ndarray:
    grey = np.full((*size, 3), 128, np.uint8)
    drawn = draw_lines(grey, Lines(list(lines)))
    assert (grey == 128).all()
    assert drawn.shape == grey.shape
    return np.asarray((drawn != grey).any(axis=2))


def test_the_outline_goes_along_the_polygon():
    difference = changed(line("text"))
    assert difference[65, 90] or difference[64, 90]  # in the middle of its first side
    assert difference[75, 38]
    assert not difference[150:, :].any()


def test_a_plate_of_longer_text_is_wider_and_no_letters_make_no_box_of_a_missing_letter():
    short, long = changed(line("i")), changed(line("much longer text"))
    assert long.sum() > short.sum()
    signs = draw_lines(np.full((200, 300, 3), 128, np.uint8), Lines([line("⌚")]))
    question = draw_lines(np.full((200, 300, 3), 128, np.uint8), Lines([line("?")]))
    np.testing.assert_array_equal(signs, question)


@pytest.mark.parametrize("text", ["天气很好", "Straße", "かな", "x" * 500, "⌚", "مرحبا"])
@pytest.mark.parametrize("size", [(1, 1), (3, 900), (200, 300)])
def test_any_text_is_drawn_in_pictures_of_any_size(text: str, size: tuple[int, int]):
    assert changed(line(text, 0, 0), size=size).any() or size == (1, 1)


def test_nothing_is_drawn_of_nothing():
    assert not changed().any()
