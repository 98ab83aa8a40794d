"""From a run to the figures that its report tells, all of the validation's photographs: it did not learn from those."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.training.duplicates import Duplicate
from api.training.run import Run

Z95 = 1.959964  # of the normal distribution: 95 % lie within so many standard deviations
BINS = 10  # of confidence


@dataclass(frozen=True, slots=True)
class Score:
    """How many were right, of how many, and between which shares that leaves the truth with 95 % confidence."""

    right: int
    count: int

    @property
    def share(self) -> float:
        """Return the share that was right; NaN of nothing."""
        return self.right / self.count if self.count else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Return Wilson's interval (1927), which is right for few photographs and for shares near 0 and 1, too."""
        if not self.count:
            return 0.0, 1.0
        squared = Z95**2
        centre = (self.right + squared / 2) / (self.count + squared)
        reach = Z95 / (self.count + squared) * math.sqrt(self.count * self.share * (1 - self.share) + squared / 4)
        return (
            0.0 if self.right == 0 else max(0.0, centre - reach),
            1.0 if self.right == self.count else min(1.0, centre + reach),
        )


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label. NaN: nothing can be said, because no photograph has it, or none was taken for it."""

    label: str
    precision: float  # of those taken for it, the share that are
    recall: float  # of those that are, the share taken for it
    f1: float
    support: int  # photographs that it was asked about
    learnt: int  # photographs that it was learnt from


@dataclass(frozen=True, slots=True)
class Bin:
    """The photographs of which the model was about as sure: how sure on average, and how many of them were right."""

    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether 90 % means right in nine of ten. `error`: the expected calibration error (Guo and others, 2017), 0..1."""

    bins: tuple[Bin, ...]
    error: float
    confidence: float  # on average


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of a photograph, by its number in the run, and what was meant; and how probable it found both."""

    index: int
    said: int
    said_probability: float
    meant: int
    meant_probability: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What the report tells in numbers."""

    score: Score
    usual: tuple[str, float]  # the most frequent label, and the share that is right if one always says it
    confusion: NDArray[np.int64]  # (C, C): rows are what was meant, columns what was said
    rows: tuple[LabelRow, ...]  # the weakest label first
    before: Calibration
    after: Calibration
    losses: tuple[Answer, ...]  # all, the greatest loss first
    without_copies: Score


def find_figures(run: Run, duplicates: tuple[Duplicate, ...]) -> Figures:
    """Return the figures of a run."""
    asked = np.flatnonzero(run.is_validation)
    meant = run.label[asked]
    logits = run.logits[asked].astype(np.float64)
    said = logits.argmax(axis=1)
    probability = softmax(logits / run.temperature)
    confusion = np.zeros((len(run.labels), len(run.labels)), np.int64)
    np.add.at(confusion, (meant, said), 1)
    right = said == meant
    known = np.isin(asked, [pair.other for pair in duplicates if pair.across_split])
    usual = int(confusion.sum(axis=1).argmax())
    return Figures(
        score=Score(int(right.sum()), len(asked)),
        usual=(run.labels[usual], float(confusion[usual].sum() / max(len(asked), 1))),
        confusion=confusion,
        rows=_rows(run, confusion),
        before=calibrate(softmax(logits), meant),
        after=calibrate(probability, meant),
        losses=_losses(asked, probability, meant),
        without_copies=Score(int(right[~known].sum()), int((~known).sum())),
    )


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N, C) probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def calibrate(probability: NDArray[np.float64], meant: NDArray[np.int64]) -> Calibration:
    """Return how far (N, C) probabilities can be believed."""
    if not len(meant):
        return Calibration((), math.nan, math.nan)
    confidence = probability.max(axis=1)
    right = probability.argmax(axis=1) == meant
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(
            float(confidence[place == number].mean()),
            float(right[place == number].mean()),
            int((place == number).sum()),
        )
        for number in np.unique(place)
    )
    error = sum(one.count * abs(one.accuracy - one.confidence) for one in bins) / len(meant)
    return Calibration(bins, error, float(confidence.mean()))


def _rows(run: Run, confusion: NDArray[np.int64]) -> tuple[LabelRow, ...]:
    learnt = np.bincount(run.label[~run.is_validation], minlength=len(run.labels))
    rows = []
    for number, label in enumerate(run.labels):
        hits, support, taken = confusion[number, number], confusion[number].sum(), confusion[:, number].sum()
        rows.append(
            LabelRow(
                label=label,
                precision=_share(hits, taken),
                recall=_share(hits, support),
                f1=_share(2 * hits, support + taken),
                support=int(support),
                learnt=int(learnt[number]),
            )
        )
    return tuple(sorted(rows, key=lambda row: (2 if math.isnan(row.f1) else row.f1, row.label)))


def _share(part: np.int64, whole: np.int64) -> float:
    return float(part / whole) if whole else math.nan


def _losses(asked: NDArray[np.int64], probability: NDArray[np.float64], meant: NDArray[np.int64]) -> tuple[Answer, ...]:
    of_meant = probability[np.arange(len(meant)), meant]
    said = probability.argmax(axis=1)
    return tuple(
        Answer(
            int(asked[place]),
            int(said[place]),
            float(probability[place].max()),
            int(meant[place]),
            float(of_meant[place]),
        )
        for place in np.argsort(of_meant, kind="stable")
    )
