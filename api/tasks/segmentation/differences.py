"""By how much two programs that run one model give the pixels of an image other classes."""

import numpy as np

from api.tasks.segmentation.types import SegmentationOptions, Segments
from api.tasks.task import Differences, Run

LIMITS = {"share of a class": 0.01, "share of other pixels": 0.02}


def measure(
    one: Run[SegmentationOptions, Segments], other: Run[SegmentationOptions, Segments], options: SegmentationOptions
) -> dict[str, float]:
    """Return the largest difference of a class's share of the image, and the share of pixels with another class."""
    first, second = one(options), other(options)
    shares = [{each.class_id: each.share for each in result.segments} for result in (first, second)]
    apart = [abs(shares[0].get(class_id, 0.0) - shares[1].get(class_id, 0.0)) for class_id in {*shares[0], *shares[1]}]
    return {
        "share of a class": max(apart),
        "share of other pixels": float(np.mean(first.class_map != second.class_map)),
    }


DIFFERENCES = Differences(LIMITS, measure)
