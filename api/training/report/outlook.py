"""Would more photographs help? What the learning curve says of that, and how far that can be believed."""

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
    """The answer. `saved`: the share of the mistakes that twice as many photographs save if the curve goes on."""

    answer: Literal["yes", "hardly", "perfect", "unknown"]
    saved: float = 0.0


def look_ahead(curve: tuple[CurvePoint, ...], score: Score) -> Outlook:
    """Return what the curve promises, whose accuracies are of the photographs of the score.

    Errors fall by about the same factor with every doubling (a power law: Hestness and others, 2017), so a line
    is laid through the logarithms. A gain counts if it is greater than what the curve scatters around that line.
    """
    points = sorted(curve, key=lambda point: point.photographs)
    if len(points) < LEAST_POINTS or points[0].photographs < 1 or points[-1].photographs < 2 * points[0].photographs:
        return Outlook("unknown")
    if max(score.share, points[-1].accuracy) >= NEARLY_ALL:
        return Outlook("perfect")
    errors = [1 - (point.accuracy * score.count + 0.5) / (score.count + 1) for point in points]  # never none at all
    sizes = np.log2([point.photographs for point in points])
    slope, start = np.polyfit(sizes, np.log2(errors), 1)
    now, doubled = (2 ** (start + slope * (sizes[-1] + step)) for step in (0, 1))
    gain = float(now - doubled)
    scatter = float(np.std(np.asarray(errors) - 2 ** (start + slope * sizes)))
    low, high = score.interval
    if gain < max(LEAST_GAIN, scatter):
        # Where the photographs that were asked are few, a flat curve may be chance.
        return Outlook("unknown" if (high - low) / 2 > 10 * LEAST_GAIN else "hardly")
    return Outlook("yes", gain / now)
