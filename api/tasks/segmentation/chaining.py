"""Segmentation in a chain: a gate by the share of the picture that a class has, or what a chain answers."""

import numpy as np

from api.tasks.chaining import Chaining, Gate
from api.tasks.segmentation.types import SegmentationOptions, Segments

CHAINING: Chaining[SegmentationOptions, Segments] = Chaining(
    nothing=lambda size: Segments(np.zeros(size, np.uint8), [], background=0),
    gate=Gate(
        options=lambda _at_least, _labels: SegmentationOptions(),
        scores=lambda result: [(one.label, one.share) for one in result.segments],
    ),
)
