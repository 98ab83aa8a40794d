import cv2
import numpy as np
import pytest

from api.tasks.detection.masks import MOST_POINTS, outline

WHOLE = (0, 0, 200, 100)


def bump(x: float, y: float, radius: float, shape: tuple[int, int] = (50, 100)) -> np.ndarray:
    """Return a mask that is over 0 within `radius` of (x, y), all in values of the mask."""
    rows, columns = np.indices(shape) + 0.5
    return (radius - np.hypot(columns - x, rows - y)).astype(np.float32)


def test_a_disc_has_its_outline_where_the_mask_crosses_the_level() -> None:
    points = np.array(outline(bump(30, 25, 10), WHOLE, (20, 20, 120, 80)))
    distances = np.hypot(points[:, 0] - 60, points[:, 1] - 50)  # two pixels of the image for each value
    np.testing.assert_allclose(distances, 20, atol=0.75)
    assert cv2.contourArea(points.astype(np.float32)) == pytest.approx(np.pi * 20**2, rel=0.05)


def test_the_box_cuts_the_mask() -> None:
    points = np.array(outline(bump(30, 25, 10), WHOLE, (60, 20, 120, 80)))
    assert points[:, 0].min() == pytest.approx(60, abs=0.5)


def test_truths_and_probabilities_have_a_level_of_a_half() -> None:
    mask = bump(30, 25, 10) > 0
    box = (20, 20, 120, 80)
    assert outline(mask, WHOLE, box, level=0.5) == outline(mask * 0.8, WHOLE, box, level=0.4)
    points = np.array(outline(mask, WHOLE, box, level=0.5))
    np.testing.assert_allclose(np.hypot(points[:, 0] - 60, points[:, 1] - 50), 20, atol=2)


def test_only_the_largest_part_counts() -> None:
    points = np.array(outline(np.maximum(bump(20, 25, 5), bump(70, 25, 12)), WHOLE, WHOLE))
    assert points[:, 0].min() > 100


def test_the_whole_box_if_the_mask_is_everywhere() -> None:
    points = np.array(outline(np.ones((3, 4), np.float32), WHOLE, (11, 22, 33, 44)))
    assert points.min(axis=0) == pytest.approx((11, 22), abs=0.5)
    assert points.max(axis=0) == pytest.approx((33, 44), abs=0.5)


@pytest.mark.parametrize("box", [(0, 0, 200, 100), (3.2, 4.1, 3.3, 90), (5, 5, 5.01, 5.01)])
def test_no_outline_without_a_mask(box: tuple[float, float, float, float]) -> None:
    assert outline(np.full((50, 100), -1, np.float32), WHOLE, box) == ()
    assert outline(np.full((50, 100), np.nan, np.float32), WHOLE, box) == ()


def test_a_jagged_mask_of_a_large_photograph_has_few_points() -> None:
    noise = np.random.default_rng(1).normal(size=(160, 160)).astype(np.float32)
    points = outline(noise + 0.3, (0, 0, 6000, 4000), (10, 10, 5990, 3990))
    assert 3 <= len(points) <= MOST_POINTS
