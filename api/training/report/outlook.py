"""Would more photographs help? What the learning curve says of that, and how far that can be believed."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from api.training.report.figures import Score
from api.training.run import CurvePoint

LEAST_POINTS = 3
LEAST_GAIN = 0.005  # of accuracy; less is not worth the photographs
NEARLY_ALL = 0.995  # accuracy above which nothing is to be gained that could be measured


@dataclass(frozen=True, slots=True)
class Outlook:
    """The answer. `doubled`: the accuracy that twice as many photographs promise if the curve goes on as it did."""

    answer: Literal["yes", "hardly", "perfect", "unknown"]
    doubled: float


def look_ahead(curve: tuple[CurvePoint, ...], count: int) -> Outlook:
    """Return what the curve promises; each of its accuracies was measured on `count` photographs.

    Errors fall by about the same factor with every doubling (a power law: Hestness and others, 2017), so a line
    is laid through the logarithms. A gain counts if it is greater than what the curve scatters around that line.
    """
    points = sorted(curve, key=lambda point: point.photographs)
    if len(points) < LEAST_POINTS or points[0].photographs < 1 or points[-1].photographs < 2 * points[0].photographs:
        return Outlook("unknown", math.nan)
    last = points[-1].accuracy
    if last >= NEARLY_ALL:
        return Outlook("perfect", last)
    errors = [1 - (point.accuracy * count + 0.5) / (count + 1) for point in points]  # never none at all
    sizes = np.log2([point.photographs for point in points])
    slope, start = np.polyfit(sizes, np.log2(errors), 1)
    now, doubled = (2 ** (start + slope * (sizes[-1] + step)) for step in (0, 1))
    gain = float(now - doubled)
    scatter = float(np.std(np.asarray(errors) - 2 ** (start + slope * sizes)))
    low, high = Score(round(last * count), count).interval
    if gain < max(LEAST_GAIN, scatter):
        # Where the photographs that were asked are few, a flat curve may be chance.
        return Outlook("unknown" if (high - low) / 2 > 10 * LEAST_GAIN else "hardly", last)
    return Outlook("yes", min(last + gain, 1.0))
