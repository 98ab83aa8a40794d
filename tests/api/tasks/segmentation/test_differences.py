"""By how much two programs give pixels other classes."""

import numpy as np
import pytest

from api.tasks.segmentation.differences import measure
from api.tasks.segmentation.segmenter import find_segments
from api.tasks.segmentation.types import SegmentationOptions, Segments
from api.tasks.task import Run


def gives(*rows: list[int]) -> Run[SegmentationOptions, Segments]:
    class_map = np.array(rows, np.uint8)
    return lambda _options: Segments(class_map, find_segments(class_map, ["a", "b", "c"]))


def test_shares_and_pixels_count():
    found = measure(gives([0, 0, 1, 1], [0, 0, 1, 1]), gives([0, 0, 1, 1], [0, 0, 1, 2]), SegmentationOptions())
    assert found == {"share of a class": pytest.approx(1 / 8), "share of other pixels": pytest.approx(1 / 8)}


def test_classes_that_change_places_differ_in_pixels_alone():
    found = measure(gives([0, 1]), gives([1, 0]), SegmentationOptions())
    assert found == {"share of a class": 0, "share of other pixels": 1}
