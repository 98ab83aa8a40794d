"""Lines cut out: straight, in reading direction, and each pixel from where the polygon says."""

import cv2
import numpy as np
import pytest

from api.tasks.reading.crops import cut_out

BOX = np.array([(40, 60), (160, 60), (160, 90), (40, 90)], np.float32)


def turned(degrees: float) -> np.ndarray:
    """Return a picture, red in its left third and blue right of it where the turned BOX is."""
    corners = turn(degrees)
    left = corners[[0, 3]] + (corners[[1, 2]] - corners[[0, 3]]) / 3
    picture = np.full((200, 200, 3), 255, np.uint8)
    cv2.fillPoly(picture, [corners.round().astype(np.int32)], (0, 0, 255))
    cv2.fillPoly(picture, [np.array([corners[0], left[0], left[1], corners[3]]).round().astype(np.int32)], (255, 0, 0))
    return picture


def turn(degrees: float) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((100, 75), -degrees, 1)
    return cv2.transform(BOX[None], matrix)[0]


@pytest.mark.parametrize("degrees", [0, 15, -30])
def test_a_tilted_line_lies_straight(degrees: float):
    crop = cut_out(turned(degrees), turn(degrees).tolist())
    assert crop.pixels.shape[:2] == (pytest.approx(30, abs=1), pytest.approx(120, abs=1))
    middle = crop.pixels[15]
    assert tuple(middle[15]) == (255, 0, 0)
    assert tuple(middle[70]) == (0, 0, 255)


def test_an_upright_line_is_read_downwards():
    picture = turned(90)
    corners = turn(90)  # begins at the upper right, as the text does
    from_upper_left = np.roll(corners, 1, axis=0)
    crop = cut_out(picture, from_upper_left.tolist())
    assert crop.pixels.shape[1] > crop.pixels.shape[0]
    assert tuple(crop.pixels[15, 15]) == (255, 0, 0)
    np.testing.assert_allclose(crop.polygon, corners, atol=1e-3)


def test_turning_turns_the_pixels_and_the_polygon():
    crop = cut_out(turned(0), BOX.tolist())
    half = crop.turned()
    np.testing.assert_array_equal(half.pixels[::-1, ::-1], crop.pixels)
    np.testing.assert_allclose(half.polygon, np.roll(BOX, 2, axis=0))
    assert half.turned().polygon == crop.polygon


def test_what_has_no_area_is_a_pixel():
    assert cut_out(turned(0), [(5.0, 5.0)] * 4).pixels.shape[2] == 3
