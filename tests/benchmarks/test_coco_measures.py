"""benchmarks/coco_measures.py: AP of boxes, masks and key points on a truth that is made here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.tasks.detection.types import Box, Detection, Keypoint
from benchmarks.coco_measures import Kind, choose_kinds, format_measures, measure, order_points
from benchmarks.datasets import Dataset
from benchmarks.found import Found, Point, encode_mask, from_detections

SIZE = (100, 120)  # height, width
CORNERS = ((10, 20), (50, 20), (50, 80), (10, 80))
NAMES = ("head", "left hand", "foot")
PLACES = ((30.0, 25.0), (15.0, 50.0), (30.0, 75.0))


def truth(**more: Any) -> Dataset:
    """Two photographs with an object each: 40 pixels wide, 60 high, with an outline and three points."""
    annotations = [
        {
            "id": image_id, "image_id": image_id, "category_id": 7, "iscrowd": 0, "area": 2400,
            "bbox": [10, 20, 40, 60],
            "segmentation": [[side for corner in CORNERS for side in corner]],
            "keypoints": [value for place in PLACES for value in (*place, 2)], "num_keypoints": 3, **more,
        }
        for image_id in (1, 2)
    ]  # fmt: skip
    document = {
        "info": {},
        "images": [{"id": image_id, "height": SIZE[0], "width": SIZE[1]} for image_id in (1, 2)],
        "annotations": annotations,
        "categories": [{"id": 7, "name": "ant", "keypoints": [name.replace(" ", "_") for name in NAMES]}],
    }
    return Dataset("made", document, {1: Path("1.jpg"), 2: Path("2.jpg")}, (7,))


def ant(*, shift: float = 0.0, polygon: tuple[tuple[float, float], ...] = CORNERS, points: bool = True) -> list[Found]:
    """Return what a model finds that sees the object `shift` pixels further right, and its points in another order."""
    keypoints = tuple(Keypoint(name, x + shift, y, 0.9) for name, (x, y) in zip(NAMES, PLACES, strict=True))[::-1]
    moved = tuple((x + shift, y) for x, y in polygon)
    one = Detection("ant", 0, 0.9, Box(10 + shift, 20, 50 + shift, 80), moved, keypoints if points else ())
    return from_detections([one], SIZE)


def average_precision(kind: Kind, found: Mapping[int, list[Found]], **more: Any) -> float:
    return float(measure(kind, truth(**more), found).stats[0])


@pytest.mark.parametrize("kind", Kind)
def test_all_that_is_right_has_an_ap_of_1(kind: Kind):
    assert average_precision(kind, {1: ant(), 2: ant()}) == pytest.approx(1)


@pytest.mark.parametrize("kind", Kind)
def test_nothing_found_has_an_ap_of_0(kind: Kind):
    assert average_precision(kind, {1: [], 2: []}) == 0


@pytest.mark.parametrize(
    ("kind", "shift", "passed"),
    [
        (Kind.BOXES, 8, 4),  # 32 of 48 pixels overlap, an IoU of 0.667: 0.50 to 0.65
        (Kind.MASKS, 8, 4),
        (Kind.POINTS, 20, 7),  # exp(-20^2 / (2 x 2400 x (2 / 3)^2)), a likeness of 0.829: 0.50 to 0.80
    ],
)
def test_what_is_off_passes_some_of_the_ten_thresholds(kind: Kind, shift: float, passed: int):
    assert average_precision(kind, {1: ant(shift=shift), 2: ant(shift=shift)}) == pytest.approx(passed / 10)


def test_mask_counts_and_not_its_box():
    half = ((10, 20), (50, 20), (10, 80))  # a triangle with the same box and half of its pixels
    found = {1: ant(polygon=half), 2: ant(polygon=half)}
    assert average_precision(Kind.BOXES, found) == pytest.approx(1)
    assert average_precision(Kind.MASKS, found) < 0.11
    assert average_precision(Kind.MASKS, {1: ant(), 2: ant(polygon=())}) == pytest.approx(0.5, abs=0.01)


def test_object_whose_points_nobody_marked_counts_neither_way():
    assert average_precision(Kind.POINTS, {1: ant(), 2: []}, keypoints=[0] * 9) == -1  # there is nothing to find
    marked = truth()
    del marked.truth["annotations"][1]["keypoints"], marked.truth["annotations"][1]["num_keypoints"]
    assert measure(Kind.POINTS, marked, {1: ant(), 2: ant()}).stats[0] == pytest.approx(1)


def test_kinds_are_those_that_both_have():
    found = {1: [], 2: ant()}
    assert choose_kinds(truth(), found) == [Kind.BOXES, Kind.MASKS, Kind.POINTS]
    assert choose_kinds(truth(segmentation=[]), found) == [Kind.BOXES, Kind.POINTS]
    assert choose_kinds(truth(), {1: [], 2: ant(polygon=(), points=False)}) == [Kind.BOXES]


def test_points_go_by_name_else_by_order():
    assert order_points(truth(), [Point(name, 0, 0) for name in reversed(NAMES)]) == [2, 1, 0]
    assert order_points(truth(), [Point(name, 0, 0) for name in "abc"]) == [0, 1, 2]
    assert order_points(truth(), [Point(name, 0, 0) for name in "abcd"]) == []


def test_mask_of_an_image_is_one_of_coco():
    mask = np.zeros(SIZE, np.bool_)
    mask[20:80, 10:50] = True
    one = Found(0, 0.9, (10, 20, 50, 80), mask=encode_mask(mask))
    assert average_precision(Kind.MASKS, {1: [one], 2: [one]}) == pytest.approx(1)


def test_table_has_the_measures_of_its_kind():
    table = format_measures(Kind.POINTS, {"ours": measure(Kind.POINTS, truth(), {1: ant(), 2: ant()})})
    assert table.splitlines()[0].endswith("| AR | AR50 | AR75 | AR medium | AR large |")
    assert table.splitlines()[2].startswith("| ours | 1.0000 | 1.0000 |")
