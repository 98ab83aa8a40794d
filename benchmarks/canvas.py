"""`CANVAS=both`: is a model more accurate on letterboxed or on stretched photographs, and what follows from it."""

import contextlib
import copy
import io
import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pycocotools.cocoeval import COCOeval

from api.models.card import Fit, ModelCard
from api.models.model import Model

FITTED = {Fit.LETTERBOX: "letterboxed", Fit.STRETCH: "stretched"}
GROUPS = 20
SURE = 2.0  # standard errors


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much AP is higher the other way than the model's own, its standard error, and on how many photographs."""

    value: float
    error: float
    photographs: int


def other_fit(card: ModelCard) -> Fit:
    """Return the way in which a model is not run."""
    return Fit.LETTERBOX if card.input.resize is Fit.STRETCH else Fit.STRETCH


def fitted(model: Model, fit: Fit) -> Model:
    """Return the model with images brought to its input in another way. It computes with the same engine."""
    return replace(model, card=replace(model.card, input=replace(model.card.input, resize=fit)))


def measure_gain(own: COCOeval, other: COCOeval) -> Gain:
    """Return what the other way gains, from two evaluations of the same photographs.

    The error is the jackknife's: the photographs without one group of neighbours at a time, since neighbours may be
    pictures of one scene. Source: Efron and Tibshirani, An Introduction to the Bootstrap, chapter 11.
    """
    photographs = len(own.params.imgIds)
    everything = np.ones(photographs, bool)
    value = _average_precision(other, everything) - _average_precision(own, everything)
    groups = np.array_split(np.arange(photographs), min(GROUPS, photographs))
    if len(groups) < 2:
        return Gain(value, math.inf, photographs)
    without = []
    for group in groups:
        kept = everything.copy()
        kept[group] = False
        without.append(_average_precision(other, kept) - _average_precision(own, kept))
    return Gain(value, math.sqrt((len(groups) - 1) * float(np.var(without))), photographs)


def advise(card: ModelCard, gain: Gain) -> str:
    """Say which way is better, and what to write beside the model if it is run in the other one."""
    other = other_fit(card)
    better = other if gain.value > 0 else card.input.resize
    difference = f"AP is {abs(gain.value):.4f} higher (standard error {gain.error:.4f})"
    reason = card.reasons.get("input.resize", "nobody said otherwise")
    now = f"{card.name} is run {FITTED[card.input.resize]}: {reason}."
    if abs(gain.value) < SURE * gain.error:
        return f"{gain.photographs} photographs do not tell: {FITTED[better]}, {difference}. {now}"
    if better is not other:
        return f"{FITTED[better].capitalize()}, {difference}. That is how it is: {now}"
    lines = f'[input]\nresize = "{better}"'
    return f"{FITTED[better].capitalize()}, {difference}. But {now} Write into {card.name}.toml:\n\n{lines}"


def _average_precision(evaluation: COCOeval, kept: NDArray[np.bool_]) -> float:
    """Return AP on the photographs that are `kept`, a flag for each."""
    part = copy.copy(evaluation)
    part.params = copy.copy(evaluation.params)
    part.params.areaRng, part.params.maxDets = evaluation.params.areaRng[:1], evaluation.params.maxDets[-1:]
    # A photograph's results for each class and size stand in the order of the photographs, again and again.
    part.evalImgs = [one if kept[index % len(kept)] else None for index, one in enumerate(evaluation.evalImgs)]
    with contextlib.redirect_stdout(io.StringIO()):
        part.accumulate()
    precision = part.eval["precision"]
    return float(precision[precision > -1].mean()) if (precision > -1).any() else 0.0
