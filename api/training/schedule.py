"""The learning rate: found by a range test, then up and down again in one cycle.

Sources: L. N. Smith, https://arxiv.org/abs/1506.01186 (section 3.3), and with N. Topin, https://arxiv.org/abs/1708.07120.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from api.training.run import RangeTest

LOWEST, HIGHEST, TRIALS = 1e-5, 1e-1, 36
SMOOTHING = 0.8  # of the losses so far, in the mean
TOO_HIGH = 3.0  # times the best loss: from there on it only gets worse
BELOW = 8.0  # how far the choice lies below the rate with the lowest loss
CHOICES = (1e-4, 3e-3)  # what AdamW can do with networks that have learnt before
WARM_UP = 0.25  # of all steps
FIRST, LAST = 1 / 25, 1e-4  # of the highest rate


def run_range_test(loss_at: Callable[[int, float], float]) -> RangeTest:
    """Return the losses at growing learning rates, smoothed, and the rate that follows from them.

    `loss_at(number, rate)` takes a step at the rate and returns the loss before it.
    """
    rates, losses, mean = [], [], 0.0
    for number in range(TRIALS):
        rate = LOWEST * (HIGHEST / LOWEST) ** (number / (TRIALS - 1))
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss_at(number, rate)
        smooth = mean / (1 - SMOOTHING ** (number + 1))
        if not math.isfinite(smooth):
            break
        rates.append(rate)
        losses.append(smooth)
        if smooth > TOO_HIGH * min(losses):
            break
    return RangeTest(learning_rates=tuple(rates), losses=tuple(losses), chosen=_choose(rates, losses))


def one_cycle(step: int, steps: int, highest: float) -> float:
    """Return the learning rate of a step, from 0: along a cosine up to `highest`, then down to nearly nothing."""
    peak = max(1.0, WARM_UP * steps)
    if step < peak:
        return _between(FIRST * highest, highest, step / peak)
    return _between(highest, LAST * highest, min(1.0, (step - peak) / max(1.0, steps - 1 - peak)))


def _choose(rates: Sequence[float], losses: Sequence[float]) -> float:
    if not rates:
        return CHOICES[0]
    return float(np.clip(rates[int(np.argmin(losses))] / BELOW, *CHOICES))


def _between(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
