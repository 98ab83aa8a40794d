"""Skeletons: which key points belong together, and that only lines between seen ones are drawn."""

import numpy as np
import pytest

from api.tasks.detection.coco import COCO_KEYPOINTS, COCO_SKELETON
from api.tasks.detection.draw import draw_detections
from api.tasks.detection.keypoints import find_skeleton, tell_keypoints
from api.tasks.detection.types import Box, Detection, Keypoint
from api.tasks.detection.yunet import POINTS

# As the file person_keypoints_val2017.json has it, in numbers of key points from 1.
COCO_FILE = [
    *([16, 14], [14, 12], [17, 15], [15, 13], [12, 13], [6, 12], [7, 13], [6, 7], [6, 8], [7, 9]),
    *([8, 10], [9, 11], [2, 3], [1, 2], [1, 3], [2, 4], [3, 5], [4, 6], [5, 7]),
]


def person(**confidences: float) -> Detection:
    """Return a person whose points lie in a row from left to right, 30 pixels apart, each in a row of its own."""
    points = [
        Keypoint(name, 30 + 30 * n, 30 + 30 * (n % 5), confidences.get(name, 0.0))
        for n, name in enumerate(COCO_KEYPOINTS)
    ]
    return Detection("person", 0, 0.9, Box(0, 0, 560, 199), keypoints=tuple(points))


def test_lines_are_cocos() -> None:
    pairs = [(COCO_KEYPOINTS[first - 1], COCO_KEYPOINTS[second - 1]) for first, second in COCO_FILE]
    assert list(COCO_SKELETON) == pairs


def test_other_points_have_no_lines() -> None:
    assert find_skeleton(COCO_KEYPOINTS) == COCO_SKELETON
    assert not find_skeleton(POINTS)
    assert not find_skeleton([str(number) for number in range(17)])


@pytest.mark.parametrize(
    ("family", "output", "names"),
    [
        ("yunet", {}, list(POINTS)),
        ("rcnn", {"keypoints": list(COCO_KEYPOINTS)}, list(COCO_KEYPOINTS)),
        ("rcnn", {"keypoints": ["bow", "stern"]}, ["bow", "stern"]),
        ("boxes", {"keypoints": "keypoints", "points": COCO_KEYPOINTS}, list(COCO_KEYPOINTS)),
        ("ultralytics", {"keypoints": ["0", "1"]}, ["0", "1"]),
    ],
)
def test_a_model_tells_its_points(family: str, output: dict[str, object], names: list[str]) -> None:
    told = tell_keypoints(family, output)
    assert list(told["keypoints"]) == names
    assert len(told["skeleton"]) == (19 if names == list(COCO_KEYPOINTS) else 0)


def test_a_model_without_points_tells_nothing() -> None:
    assert tell_keypoints("yolo", {}) == tell_keypoints("rcnn", {"keypoints": []}) == {}


def test_a_line_is_drawn_between_two_points_that_are_seen() -> None:
    image = np.zeros((200, 600, 3), np.uint8)
    seen, unsure = (
        draw_detections(image, [person(left_shoulder=0.9, right_shoulder=0.9, nose=confidence)])
        for confidence in (0.9, 0.4)
    )
    middle = 30 + 30 * 5.5, 30 + 30 * 0.5  # between the shoulders, points 5 and 6
    assert seen[round(middle[1]), round(middle[0])].any()
    assert seen[30, 30].any()  # the nose is seen, but has no line: nobody saw an eye
    assert not unsure[30, 30].any()
    only_points = draw_detections(image, [person(left_shoulder=0.9)])
    assert not only_points[round(middle[1]), round(middle[0])].any()
