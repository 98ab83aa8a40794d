"""How far two runs of a segmenter agree, by numbers that one can work out on paper."""

import numpy as np
import pytest

from api.tasks.registry import TASKS
from api.tasks.segmentation.agreement import COMPARISON, measure_agreement
from api.tasks.segmentation.segmenter import find_segments
from api.tasks.segmentation.types import Segments
from api.tasks.task import Agreement


def found(*row: int, background: int | None = 0) -> Segments:
    class_map = np.array([row], np.uint8)
    return Segments(class_map, find_segments(class_map, ("background", "cat", "dog")), background)


@pytest.mark.parametrize(
    ("first", "second", "share", "count"),
    [
        (found(0, 1, 1, 2), found(0, 1, 1, 2), 1.0, 2),
        (found(0, 0, 1, 1), found(0, 0, 2, 2), 0.0, 1),
        (found(0, 0, 1, 1), found(0, 1, 1, 0), 2 * 1 / 4, 1),
        (found(0, 0, 0, 0), found(0, 0, 0, 0), 1.0, 0),
        (found(0, 0, 1, 1, background=None), found(0, 1, 1, 1, background=None), 0.75, 2),
    ],
)
def test_share_of_one_image(first: Segments, second: Segments, share: float, count: int):
    assert measure_agreement([(first, second)]) == Agreement(pytest.approx(share), count)


def test_a_large_image_counts_as_a_small_one():
    pairs = [(found(1), found(1)), (found(*[1] * 100), found(*[2] * 100))]
    assert measure_agreement(pairs).share == pytest.approx(0.5)


def test_task_names_it():
    assert TASKS["segmentation"].comparison is COMPARISON
