"""What decided: the cell on which the label depends, wherever the network sees it, within bounds of time."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from api.errors import BadRequest
from api.tasks.classification.draw import draw_classes
from api.tasks.classification.explain import (
    LEAST_CELLS,
    LONGEST_S,
    MOST_CELLS,
    USUAL_S,
    choose_cells,
    cover_parts,
    explain_classes,
    split,
)
from api.tasks.classification.heat_map import encode_heat_map
from api.tasks.classification.types import Class, Classes, ClassificationOptions, Explanation
from api.tasks.letterbox import Letterbox

FIRST = Class("lamp", 1, 1.0)


def look_at(place: tuple[slice, slice]) -> object:
    """Return a network whose class 1 is as probable as a place of its input is bright; class 0 is the rest."""

    def look(array: NDArray[np.float32], options: ClassificationOptions) -> Classes:
        bright = float(array[0, :, place[0], place[1]].mean())
        return Classes([Class("lamp", 1, bright), Class("dark", 0, 1 - bright)][: options.top])

    return look


def explain(letterbox: Letterbox, place: tuple[slice, slice]) -> Explanation:
    array = np.zeros((1, 3, *letterbox.canvas_size), np.float32)
    array[0, :, place[0], place[1]] = 1
    explanation = explain_classes(look_at(place), array, letterbox, Classes([FIRST])).explanation  # type: ignore[arg-type]
    assert explanation is not None
    return explanation


def brightest_in_image(explanation: Explanation) -> tuple[float, float]:
    """Return the middle (x, y) of the cell with the largest drop, in pixels of the image."""
    row, column = np.unravel_index(explanation.drops.argmax(), explanation.drops.shape)
    rows, columns = explanation.drops.shape
    x1, y1, x2, y2 = explanation.box_xyxy
    return x1 + (x2 - x1) * (column + 0.5) / columns, y1 + (y2 - y1) * (row + 0.5) / rows


@pytest.mark.parametrize(
    ("letterbox", "grid", "box"),
    [
        (Letterbox.stretch((400, 800), (96, 96)), (12, 12), (0, 0, 800, 400)),
        (Letterbox.crop((400, 800), (96, 96), 96), (12, 12), (200, 0, 600, 400)),
        (Letterbox.fit((400, 800), (96, 96)), (6, 12), (0, 0, 800, 400)),
        (Letterbox.fit((800, 400), (96, 96)), (12, 6), (0, 0, 400, 800)),
        (Letterbox.top_left((800, 400), (96, 96)), (12, 6), (0, 0, 400, 800)),
    ],
)
def test_the_brightest_cell_is_where_the_label_comes_from(
    letterbox: Letterbox, grid: tuple[int, int], box: tuple[float, ...]
) -> None:
    place = slice(40, 48), slice(24, 32)  # rows and columns of the canvas
    explanation = explain(letterbox, place)
    assert explanation.drops.shape == grid
    assert explanation.box_xyxy == pytest.approx(box)
    assert 0.9 < explanation.drops.max() <= 1
    x, y = letterbox.points_to_image(np.array([28, 44], np.float32)).tolist()
    cell = (box[2] - box[0]) / grid[1], (box[3] - box[1]) / grid[0]
    assert brightest_in_image(explanation) == (pytest.approx(x, abs=cell[0]), pytest.approx(y, abs=cell[1]))
    assert explanation.drops[0, -1] == pytest.approx(0, abs=1e-6)


def test_each_part_is_covered_once_and_given_back() -> None:
    array = np.random.default_rng(1).random((1, 3, 20, 30), np.float32)
    before, rows, columns = array.copy(), split(0, 20, 4), split(0, 30, 6)
    colour = np.full((1, 3, 1, 1), 7, np.float32)
    covered = [(one == 7).all(axis=(0, 1)) for one in cover_parts(array, rows, columns, colour)]
    assert np.array_equal(array, before)
    assert len(covered) == 24
    assert np.sum(covered, axis=0).min() >= 1
    assert [cover.sum() for cover in covered[7:9]] == [10 * 10] * 2  # twice a cell of 5 x 5


@pytest.mark.parametrize("look_s", [0.0001, 0.004, 0.02, 0.1, 0.4, LONGEST_S / LEAST_CELLS**2])
def test_a_slower_network_is_asked_about_fewer_parts(look_s: float) -> None:
    cells = choose_cells(look_s)
    assert LEAST_CELLS <= cells <= MOST_CELLS
    assert cells == LEAST_CELLS or cells**2 * look_s <= USUAL_S
    assert cells**2 * look_s <= LONGEST_S
    assert cells == MOST_CELLS or (cells + 1) ** 2 * look_s > USUAL_S


def test_a_network_that_would_take_too_long_is_refused() -> None:
    with pytest.raises(BadRequest, match=r"needs 1\.0 s"):
        choose_cells(1.0)


def test_the_heat_map_is_dark_where_nothing_depends_on_and_bright_where_most_does() -> None:
    drops = np.array([[-0.5, 0.0, 0.2], [0.4, 0.8, 0.0]], np.float32)
    with Image.open(io.BytesIO(encode_heat_map(Explanation(FIRST, drops, (0, 0, 3, 2))))) as image:
        assert (image.format, image.size, image.mode) == ("PNG", (3, 2), "RGBA")
        pixels = np.asarray(image).astype(int)
    assert np.unique(pixels[..., 3]).tolist() == [140]
    brightness = pixels[..., :3].sum(axis=2)
    assert brightness[0, 0] == brightness[0, 1] == brightness[1, 2] < brightness[0, 2] < brightness[1, 0]
    assert brightness[1, 1] == brightness.max()


def test_without_a_reason_all_of_it_is_dark() -> None:
    drops = np.array([[0.001, -0.001]], np.float32)
    with Image.open(io.BytesIO(encode_heat_map(Explanation(FIRST, drops, (0, 0, 2, 1))))) as image:
        assert np.asarray(image)[..., :3].max() < 30


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (700, 500)])
def test_it_is_drawn_into_its_box_alone(size: tuple[int, int]) -> None:
    height, width = size
    box = (0.2 * width, 0.0, 0.8 * width, 0.5 * height)
    image = np.full((height, width, 3), 120, np.uint8)
    plain, drawn = (
        draw_classes(image, Classes([FIRST], explanation))
        for explanation in (None, Explanation(FIRST, np.eye(3, dtype=np.float32), box))
    )
    changed = (plain != drawn).any(axis=2)
    if height > 3:
        assert changed[10:340, 110:390].all()
        assert not changed[:, :99].any()
        assert not changed[351:].any()
    assert drawn.shape == image.shape
