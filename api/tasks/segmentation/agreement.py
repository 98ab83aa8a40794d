"""How far two runs of a segmenter find the same, without a known truth: to hold an int8 network to its original."""

from collections.abc import Iterable

import numpy as np

from api.tasks.segmentation.types import SegmentationOptions, Segments
from api.tasks.task import Agreement, Comparison


def measure_agreement(pairs: Iterable[tuple[Segments, Segments]]) -> Agreement:
    """Return how far the second result of each pair agrees with the first, over all images together.

    The share is twice the pixels of the same class in both, divided by the pixels of both: the Dice coefficient. Each
    image counts as one, however many pixels it has. Background does not count: two runs agree on most of it anyway.
    """
    common = total = 0.0
    found = 0
    for first, second in pairs:
        same = first.class_map == second.class_map
        if first.background is not None:
            same &= first.class_map != first.background
        common += float(np.mean(same))
        for result in (first, second):
            total += sum(one.share for one in result.segments if one.class_id != result.background)
        found += sum(one.class_id != first.background for one in first.segments)
    return Agreement(2 * common / total if total else 1.0, found)


COMPARISON = Comparison(SegmentationOptions(), measure_agreement)
