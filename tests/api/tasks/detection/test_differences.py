"""By how much two programs find otherwise: what counts, and what is only at the edge of being found."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from api.tasks.detection.differences import LIMITS, measure
from api.tasks.detection.types import Box, Detection, DetectionOptions, Detections, Keypoint

DOG = Detection("dog", 16, 0.8, Box(10, 20, 110, 220))
CAT = Detection("cat", 15, 0.6, Box(300, 20, 400, 120))
ASKED = DetectionOptions(confidence=0.25)
Run = Callable[[DetectionOptions], Detections]


def finds(*detections: Detection) -> Run:
    """Return a model that finds these, as far as it is asked for so little confidence."""
    return lambda options: Detections([one for one in detections if one.confidence >= options.confidence])


def differences(one: Run, other: Run) -> list[float]:
    """Return those of box, confidence and number, which are the same from both sides."""
    found = measure(one, other, ASKED)
    assert found == measure(other, one, ASKED)
    return [round(found[name], 6) for name in LIMITS]


def test_the_same_is_the_same():
    assert differences(finds(DOG, CAT), finds(DOG, CAT)) == [0, 0, 0]
    assert differences(finds(), finds()) == [0, 0, 0]


@pytest.mark.parametrize("side", range(4))
def test_the_farthest_side_of_any_box_counts(side: int):
    sides = [10.0, 20.0, 110.0, 220.0]
    sides[side] += 1.5
    assert differences(finds(DOG, CAT), finds(CAT, replace(DOG, box=Box(*sides)))) == [1.5, 0, 0]


def test_the_largest_difference_of_confidence_counts():
    other = finds(replace(DOG, confidence=0.795), replace(CAT, confidence=0.62))
    assert differences(finds(DOG, CAT), other) == [0, 0.02, 0]


def test_key_points_count_like_boxes():
    dog = replace(DOG, keypoints=(Keypoint("nose", 50, 60, 0.9), Keypoint("tail", 90, 200, 0.9)))
    moved = replace(dog, keypoints=(Keypoint("nose", 50, 60, 0.9), Keypoint("tail", 90, 203, 0.9)))
    assert differences(finds(dog), finds(moved)) == [3, 0, 0]


@pytest.mark.parametrize(
    "other",
    [CAT, replace(DOG, class_id=15), replace(DOG, box=Box(100, 20, 200, 220))],
    ids=["place", "class", "overlap"],
)
def test_what_one_alone_finds_counts(other: Detection):
    assert differences(finds(DOG), finds(other)) == [0, 0, 2]


def test_what_is_just_below_the_lowest_confidence_is_found_nearly_as_sure():
    assert differences(finds(replace(DOG, confidence=0.252)), finds(replace(DOG, confidence=0.247))) == [0, 0.005, 0]


def test_what_is_far_below_the_lowest_confidence_is_not_found():
    assert differences(finds(replace(DOG, confidence=0.3)), finds(replace(DOG, confidence=0.2))) == [0, 0, 1]


def test_of_several_of_one_class_the_nearest_is_meant():
    near = replace(DOG, confidence=0.5, box=Box(15, 25, 115, 225))
    assert differences(finds(DOG, near), finds(near, DOG)) == [0, 0, 0]
