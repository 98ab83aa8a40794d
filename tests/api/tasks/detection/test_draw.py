import colorsys
import itertools

import numpy as np
import pytest

from api.tasks.detection.draw import class_colour, draw_detections
from api.tasks.detection.types import Box, Detection


def at(x1: float, y1: float, x2: float, y2: float, label: str = "dog", class_id: int = 16) -> Detection:
    return Detection(label, class_id, 0.9, Box(x1, y1, x2, y2))


def luminance(colour: tuple[int, int, int]) -> float:
    """The relative luminance of WCAG 2.2."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in np.array(colour) / 255
    ]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_the_original_is_left_as_it_was() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    drawn = draw_detections(image, [at(10, 30, 60, 80)])
    assert not image.any()
    assert drawn.any()


def test_nothing_found_gives_the_same_picture() -> None:
    image = np.random.default_rng(1).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    assert np.array_equal(draw_detections(image, []), image)


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (3, 5), (37, 1000), (5000, 5000)])
def test_draws_on_any_size(size: tuple[int, int]) -> None:
    height, width = size
    image = np.zeros((height, width, 3), np.uint8)
    drawn = draw_detections(image, [at(0, 0, width, height), at(width / 3, height / 3, width / 2, height / 2)])
    assert drawn.shape == image.shape


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
    image = np.zeros((200, 200, 3), np.uint8)
    drawn = draw_detections(image, [at(*box, label="traffic light", class_id=9)])
    plate = (drawn == np.array(class_colour(9))).all(axis=2)
    rows, columns = plate.any(axis=1).nonzero()[0], plate.any(axis=0).nonzero()[0]
    whole = draw_detections(np.zeros((600, 600, 3), np.uint8)[:200, :], [at(100, 100, 130, 130, "traffic light", 9)])
    assert columns[-1] - columns[0] > 60
    assert rows[-1] - rows[0] > 12
    assert whole.any()


def test_labels_of_neighbours_do_not_cover_each_other() -> None:
    image = np.zeros((300, 400, 3), np.uint8)
    both = draw_detections(image, [at(100, 100, 300, 250, "car", 2), at(104, 102, 300, 250, "truck", 7)])
    for found in (at(100, 100, 300, 250, "car", 2), at(104, 102, 300, 250, "truck", 7)):
        alone = draw_detections(image, [found])
        colour = np.array(class_colour(found.class_id))
        assert (both == colour).all(axis=2).sum() >= 0.9 * (alone == colour).all(axis=2).sum() - 900


def test_dark_text_is_legible_on_all_80_class_colours() -> None:
    dark = luminance((17, 17, 17))
    assert min((luminance(class_colour(n)) + 0.05) / (dark + 0.05) for n in range(80)) >= 4.5


def test_class_colours_are_of_equal_lightness_and_neighbours_differ_in_hue() -> None:
    luminances = [luminance(class_colour(n)) for n in range(80)]
    assert max(luminances) - min(luminances) < 0.2
    hues = [colorsys.rgb_to_hsv(*(value / 255 for value in class_colour(n)))[0] for n in range(80)]
    steps = [min(abs(one - other), 1 - abs(one - other)) for one, other in itertools.pairwise(hues)]
    assert min(steps) > 0.1


def test_labels_outside_ascii_are_drawn() -> None:
    image = np.zeros((100, 200, 3), np.uint8)
    plain = draw_detections(image, [at(50, 50, 90, 90, "")])
    assert not np.array_equal(draw_detections(image, [at(50, 50, 90, 90, "Löwe 狮")]), plain)
