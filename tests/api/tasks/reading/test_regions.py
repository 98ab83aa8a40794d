"""The family "db": rectangles drawn into a map come out as regions, grown as the paper says."""

import cv2
import numpy as np
import pytest

from api.tasks.letterbox import Letterbox
from api.tasks.reading.regions import GROWTH, MOST_CANDIDATES, decode_regions, find_rectangles
from api.tasks.reading.types import ReadingOptions

SIZE = (240, 320)


def draw_map(*rectangles: tuple[tuple[float, float], tuple[float, float], float], probability: float = 0.9):
    """Return a map in which rectangles, (centre, (width, height), degrees), are probably text."""
    drawn = np.zeros(SIZE, np.float32)
    for rectangle in rectangles:
        cv2.fillPoly(drawn, [cv2.boxPoints(rectangle).round().astype(np.int32)], probability)
    return drawn


def decode(drawn: np.ndarray, image_size: tuple[int, int] = SIZE, **options: int):
    letterbox = Letterbox.stretch(image_size, SIZE)
    return decode_regions({"map": drawn[None, None]}, letterbox, ReadingOptions(**options))


@pytest.mark.parametrize("degrees", [0, 10, -25, 40])
def test_a_rectangle_grows_by_its_area_over_its_perimeter(degrees: float):
    width, height = 120, 20
    (region,) = decode(draw_map(((160, 120), (width, height), degrees)))
    corners = np.array(region.polygon)
    margin = GROWTH * width * height / (2 * (width + height))
    across, down = np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[3] - corners[0])
    assert (across, down) == (pytest.approx(width + 2 * margin, abs=7), pytest.approx(height + 2 * margin, abs=7))
    np.testing.assert_allclose(corners.mean(axis=0), (160, 120), atol=1)
    assert region.confidence == pytest.approx(0.9, abs=0.15)
    turn = np.degrees(np.arctan2(*(corners[1] - corners[0])[::-1]))
    assert turn == pytest.approx(degrees, abs=2), "it does not begin at its upper left corner, clockwise"


def test_regions_are_in_pixels_of_the_image_and_inside_it():
    (region,) = decode(draw_map(((20, 120), (60, 30), 0)), image_size=(480, 960))
    corners = np.array(region.polygon)
    assert corners[:, 0].min() == 0
    assert corners[:, 0].max() == pytest.approx(3 * (50 + 1.6 * 60 * 30 / 180), abs=6)
    assert corners[:, 1].mean() == pytest.approx(240, abs=2)


def test_what_is_faint_or_small_is_no_region():
    assert not decode(draw_map(((160, 120), (120, 20), 0), probability=0.4))
    assert not decode(draw_map(((160, 120), (2, 1), 0)))
    assert not decode(np.zeros(SIZE, np.float32))


def test_of_too_many_the_most_confident_remain():
    drawn = np.maximum(draw_map(((60, 60), (80, 16), 0), probability=0.7), draw_map(((60, 160), (80, 16), 0)))
    (region,) = decode(drawn, max_lines=1)
    assert np.array(region.polygon)[:, 1].mean() == pytest.approx(160, abs=1)


def test_a_map_full_of_specks_is_bounded():
    specks = np.zeros((1024, 1024), np.float32)
    for row in range(0, 1024, 12):
        for column in range(0, 1024, 12):
            specks[row : row + 5, column : column + 5] = 1
    assert len(find_rectangles(specks)) <= MOST_CANDIDATES
