"""The caption of ranked labels: within the picture, readable, and its bars as long as the probabilities."""

import numpy as np
import pytest

from api.tasks.classification.draw import MOST_HEIGHT, draw_classes
from api.tasks.classification.types import Class, Classes
from api.tasks.drawing.colours import class_colour


def ranked(*shares: float, label: str = "golden retriever") -> Classes:
    return Classes([Class(label, index, share) for index, share in enumerate(shares)])


def bar_length(picture: np.ndarray, class_id: int) -> int:
    return int((picture == class_colour(class_id)).all(axis=2).sum(axis=1).max())


def test_the_original_is_left_as_it_was() -> None:
    image = np.zeros((200, 300, 3), np.uint8)
    assert draw_classes(image, ranked(0.9)).any()
    assert not image.any()


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (3, 5), (37, 1000), (400, 10), (5000, 5000)])
@pytest.mark.parametrize("display_width", [None, 100, 10_000])
def test_draws_on_any_size(size: tuple[int, int], display_width: int | None) -> None:
    image = np.zeros((*size, 3), np.uint8)
    drawn = draw_classes(image, ranked(0.5, 0.3, 0.2, label="a long label " * 9), display_width=display_width)
    assert drawn.shape == image.shape
    assert drawn.any()


def test_bars_are_as_long_as_the_probabilities() -> None:
    drawn = draw_classes(np.full((600, 800, 3), 200, np.uint8), ranked(1, 0.5, 0.25))
    lengths = [bar_length(drawn, class_id) for class_id in range(3)]
    assert lengths == pytest.approx([lengths[0], lengths[0] / 2, lengths[0] / 4], abs=2)


@pytest.mark.parametrize(("width", "height"), [(768, 576), (3000, 4000), (1200, 300)])
@pytest.mark.parametrize("display_width", [None, 360])
def test_the_caption_leaves_most_of_the_picture(width: int, height: int, display_width: int | None) -> None:
    image = np.full((height, width, 3), 200, np.uint8)
    drawn = draw_classes(image, ranked(*[0.05] * 20), display_width=display_width)
    changed = (drawn != image).any(axis=2).any(axis=1)
    assert changed[-1]
    assert changed.sum() <= MOST_HEIGHT * height
    assert not changed[: int((1 - MOST_HEIGHT) * height)].any()


def test_letters_are_large_enough_on_a_phone() -> None:
    image = np.full((3000, 4000, 3), 200, np.uint8)
    drawn = draw_classes(image, ranked(0.9), display_width=360)
    rows = (drawn.min(axis=2) > 250).any(axis=1).sum()  # of the white letters
    assert rows * 360 / 4000 >= 12
