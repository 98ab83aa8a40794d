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


@pytest.mark.parametrize(
    ("size", "canvas", "scaled", "corner", "box"),
    [
        # What LetterBox and scale_boxes of ultralytics 8.4.190 make of these sizes and of the box (100, 100, 120, 140).
        ((481, 641), (320, 320), (240, 320), (40, 0), (200.312, 120.25, 240.375, 200.417)),
        ((97, 101), (160, 224), (160, 167), (0, 28), (43.545, 60.625, 55.641, 84.875)),
        ((427, 641), (416, 416), (277, 416), (69, 0), (154.087, 47.787, 184.904, 109.448)),
        ((3000, 4001), (640, 640), (480, 640), (80, 0), (625.156, 125.0, 750.187, 375.0)),
        ((333, 777), (640, 640), (274, 640), (183, 0), None),  # the box lies outside of the image
        ((777, 333), (640, 640), (640, 274), (0, 183), None),
        ((1079, 1919), (640, 640), (360, 640), (140, 0), None),
        ((5000, 1), (640, 640), (640, 1), (0, 319), None),
    ],
)
def test_centres_an_image_as_ultralytics_does(
    size: tuple[int, int],
    canvas: tuple[int, int],
    scaled: tuple[int, int],
    corner: tuple[int, int],
    box: tuple[float, float, float, float] | None,
) -> None:
    letterbox = Letterbox.centred(size, canvas)
    assert (letterbox.scaled_size, (letterbox.top, letterbox.left)) == (scaled, corner)
    if box:
        found = letterbox.boxes_to_image(np.array([[100, 100, 120, 140]], np.float32))
        np.testing.assert_allclose(found, [box], atol=1e-3)


@pytest.mark.parametrize(
    ("size", "canvas"),
    [
        ((736, 736), (736, 736)),
        ((600, 800), (736, 992)),
        ((1000, 1500), (992, 1504)),
        ((300, 600), (736, 1472)),
        ((200, 100), (608, 288)),  # three times
        ((1, 1), (32, 32)),
    ],
)
def test_an_image_is_enlarged_to_a_shorter_side_and_stretched_to_cells(size: tuple[int, int], canvas: tuple[int, int]):
    letterbox = Letterbox.at_least(size, 736, 32)
    assert letterbox.canvas_size == letterbox.scaled_size == canvas
    assert (letterbox.top, letterbox.left) == (0, 0)


@pytest.mark.parametrize("size", [(1, 1984), (1984, 1), (20, 300), (54, 1167), (1, 9)])
def test_a_narrow_image_lies_in_the_middle_of_a_canvas_that_is_bounded(size: tuple[int, int]):
    letterbox = Letterbox.at_least(size, 736, 32)
    assert max(letterbox.canvas_size) <= 4 * 736
    assert max(letterbox.canvas_size) <= 4 * min(letterbox.canvas_size)
    assert min(letterbox.scaled_size) >= 1
    middle = np.array([[size[1] / 2, size[0] / 2]], np.float32)
    centre = np.array([[letterbox.canvas_size[1] / 2, letterbox.canvas_size[0] / 2]], np.float32)
    np.testing.assert_allclose(letterbox.points_to_image(centre), middle, atol=0.6)
