import numpy as np
import pytest

from api.tasks.letterbox import Letterbox

SIZES = [(1, 1), (1, 5000), (5000, 1), (416, 416), (576, 768), (768, 576), (333, 777), (1079, 1919), (4000, 6000)]


@pytest.mark.parametrize("canvas", [(416, 416), (320, 608)])
@pytest.mark.parametrize("size", SIZES)
def test_boxes_come_back_where_they_were(size: tuple[int, int], canvas: tuple[int, int]) -> None:
    letterbox = Letterbox.fit(size, canvas)
    height, width = size
    scaled_height, scaled_width = letterbox.scaled_size
    whole = np.array([[0, 0, width, height]], np.float32)
    to_canvas = whole * np.array([scaled_width / width, scaled_height / height] * 2)
    on_canvas = (to_canvas + np.array([letterbox.left, letterbox.top] * 2)).astype(np.float32)
    np.testing.assert_allclose(letterbox.boxes_to_image(on_canvas), whole, atol=1e-3, rtol=1e-5)


@pytest.mark.parametrize("size", SIZES)
def test_the_image_fills_one_side_and_no_side_vanishes(size: tuple[int, int]) -> None:
    scaled = Letterbox.fit(size, (416, 416)).scaled_size
    assert max(scaled) == 416
    assert min(scaled) >= 1
    # the other side is the proportional one, rounded down as in Darknet
    assert min(scaled) == max(1, 416 * min(size) // max(size))


@pytest.mark.parametrize("size", SIZES)
def test_cutting_takes_only_cells_of_grey_and_keeps_the_place_on_the_grid(size: tuple[int, int]) -> None:
    square = Letterbox.fit(size, (416, 416))
    cut = square.cut_to_grid(32)
    assert cut.scaled_size == square.scaled_size
    for before, start, length, side in zip(
        (square.top, square.left), (cut.top, cut.left), cut.scaled_size, cut.canvas_size, strict=True
    ):
        assert start == before % 32
        assert side % 32 == 0
        assert 0 <= side - start - length < 32


def test_boxes_come_back_from_smaller_canvases_too() -> None:
    letterbox = Letterbox.fit((576, 768), (416, 416)).cut_to_grid(32)
    corner = np.array([[letterbox.left, letterbox.top, letterbox.left + 416, letterbox.top + 312]], np.float32)
    np.testing.assert_allclose(letterbox.boxes_to_image(corner), [[0, 0, 768, 576]], rtol=1e-6)


def test_boxes_come_back_from_a_stretched_canvas() -> None:
    letterbox = Letterbox.stretch((100, 200), (64, 64))
    np.testing.assert_allclose(letterbox.boxes_to_image(np.array([[16, 16, 32, 64]], np.float32)), [[50, 25, 100, 100]])


@pytest.mark.parametrize(
    ("image_size", "scaled_size", "corner"),
    [
        ((480, 640), (256, 341), (16, 58)),  # half of 341 - 224 = 117 is rounded to the even 58
        ((640, 480), (341, 256), (58, 16)),
        ((500, 333), (384, 256), (80, 16)),
        ((256, 256), (256, 256), (16, 16)),
        ((1, 3), (256, 768), (16, 272)),
    ],
)
def test_a_crop_is_torchvisions(
    image_size: tuple[int, int], scaled_size: tuple[int, int], corner: tuple[int, int]
) -> None:
    letterbox = Letterbox.crop(image_size, (224, 224), 256)
    assert letterbox.scaled_size == scaled_size
    assert (-letterbox.top, -letterbox.left) == corner


def test_boxes_come_back_from_a_crop() -> None:
    letterbox = Letterbox.crop((512, 1024), (224, 224), 256)
    whole = np.array([[0, 0, 224, 224]], np.float32)
    np.testing.assert_allclose(letterbox.boxes_to_image(whole), [[288, 32, 736, 480]])
