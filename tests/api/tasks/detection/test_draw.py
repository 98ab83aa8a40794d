import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from api.tasks.detection.draw import draw_detections
from api.tasks.detection.types import Box, Detection
from api.tasks.drawing.plates import Plate, render_plate
from api.tasks.drawing.style import Style


def at(x1: float, y1: float, x2: float, y2: float, label: str = "dog", class_id: int = 16) -> Detection:
    return Detection(label, class_id, 0.9, Box(x1, y1, x2, y2))


def test_the_original_is_left_as_it_was() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    drawn = draw_detections(image, [at(10, 30, 60, 80)])
    assert not image.any()
    assert drawn.any()


def test_nothing_found_gives_the_same_picture() -> None:
    image = np.random.default_rng(1).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    assert np.array_equal(draw_detections(image, []), image)


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (3, 5), (37, 1000), (400, 10), (5000, 5000)])
@pytest.mark.parametrize("display_width", [None, 100, 10_000])
def test_draws_on_any_size(size: tuple[int, int], display_width: int | None) -> None:
    height, width = size
    image = np.zeros((height, width, 3), np.uint8)
    found = [at(0, 0, width, height, "a long label"), at(width / 3, height / 3, width / 2, height / 2)]
    drawn = draw_detections(image, found, display_width=display_width)
    assert drawn.shape == image.shape
    assert drawn.any()


def test_a_box_thinner_than_its_lines_stays_within_itself_and_its_rim() -> None:
    image = np.zeros((1000, 1000, 3), np.uint8)
    drawn = draw_detections(image, [at(500, 100, 502, 900)])
    assert not drawn[300:700, :499].any()
    assert drawn[300:700, 499:503].any(axis=2).all()
    assert not drawn[300:700, 503:].any()


@pytest.mark.parametrize("ground", [0, 255])
def test_a_box_is_seen_on_black_and_on_white(ground: int) -> None:
    image = np.full((200, 200, 3), ground, np.uint8)
    changed = np.abs(draw_detections(image, [at(50, 60, 150, 160)]).astype(int) - ground).max(axis=2) > 60
    assert changed[60:160, 48:53].any(axis=1).all()
    assert changed[60:160, 147:152].any(axis=1).all()
    assert not changed[80:140, 70:130].any()


@pytest.mark.parametrize("box", [(0, 0, 30, 30), (170, 0, 200, 30), (0, 170, 30, 200), (170, 170, 200, 200)])
def test_a_label_never_leaves_the_picture(box: tuple[int, int, int, int]) -> None:
    drawn = draw_detections(np.zeros((200, 200, 3), np.uint8), [at(*box, label="traffic light", class_id=9)])
    assert shows_label(drawn, "traffic light", 9)


def test_labels_of_neighbours_do_not_cover_each_other() -> None:
    cars = [at(100 + 2 * n, 100 + n, 300, 250, label, n) for n, label in enumerate(("car", "truck", "bus"))]
    drawn = draw_detections(np.zeros((300, 400, 3), np.uint8), cars)
    assert all(shows_label(drawn, car.label, car.class_id) for car in cars)


def test_labels_outside_ascii_are_drawn() -> None:
    image = np.zeros((100, 200, 3), np.uint8)
    assert shows_label(draw_detections(image, [at(50, 50, 90, 90, "Löwe 狮")]), "Löwe 狮", 16)
    no_glyph, by_class = (draw_detections(image, [at(50, 50, 90, 90, label)]) for label in ("🦁", "class 16"))
    assert np.array_equal(no_glyph, by_class)


def test_lines_and_labels_grow_for_a_small_screen() -> None:
    image = np.full((600, 800, 3), 128, np.uint8)
    normal, phone = (draw_detections(image, [at(200, 200, 600, 500)], display_width=width) for width in (None, 360))
    assert shows_label(phone, "dog", 16, display_width=360)
    assert not shows_label(phone, "dog", 16)
    left = np.s_[400, 150:300]  # across the left line
    assert (phone[left] != 128).any(axis=1).sum() > 1.5 * (normal[left] != 128).any(axis=1).sum()


def shows_label(drawn: NDArray[np.uint8], label: str, class_id: int, display_width: int | None = None) -> bool:
    """Whether the label's plate is there, whole."""
    height, width = drawn.shape[:2]
    style = Style.for_picture(width, height, display_width)
    plate = render_plate(Plate(label, class_id, "90%", (0, 0, 1, 1)), style, width)
    *_, (x, y), _ = cv2.minMaxLoc(cv2.matchTemplate(drawn, plate, cv2.TM_SQDIFF))
    return np.array_equal(drawn[y : y + plate.shape[0], x : x + plate.shape[1]], plate)
