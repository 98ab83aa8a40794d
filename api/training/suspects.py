"""Photographs whose label is likely wrong.

Two witnesses that did not learn from a photograph are asked about it: a head that learnt from the other folds, and the
photographs that look most like it. What the head says is weighed by how sure it is of each label on average, as in
confident learning (Northcutt and others, 2021): a label of which it is never sure is not wrong for that.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.training.neighbours import find_neighbours
from api.training.run import Run

NEIGHBOURS = 10
HEAD_SHARE = 0.5  # of the head's word in the score; the rest is the neighbours'
SUSPICIOUS = 0.65  # the score above which a photograph should be looked at: three of five such digits were wrong


@dataclass(frozen=True, slots=True)
class Suspect:
    """A photograph, by its number in the run, whose label is likely wrong."""

    index: int
    said: int  # the label that the others speak for
    meant: int  # the label that it has
    score: float  # 0..1; 1: surely wrong


def likely_wrong(run: Run) -> tuple[Suspect, ...]:
    """Return the photographs that should be looked at, the most doubtful first."""
    return tuple(suspect for suspect in in_order_of_doubt(run) if suspect.score > SUSPICIOUS)


def in_order_of_doubt(run: Run) -> tuple[Suspect, ...]:
    """Return all photographs, the most doubtful first."""
    support = HEAD_SHARE * _word_of_the_head(run) + (1 - HEAD_SHARE) * _word_of_the_neighbours(run)
    places = np.arange(len(support))
    own = support[places, run.label]
    others = support.copy()
    others[places, run.label] = -np.inf
    said = others.argmax(axis=1)
    score = np.clip((1 + others[places, said] - own) / 2, 0, 1)
    return tuple(
        Suspect(int(place), int(said[place]), int(run.label[place]), float(score[place]))
        for place in np.argsort(-score, kind="stable")
    )


def _word_of_the_head(run: Run) -> NDArray[np.float64]:
    """Return (N, C) shares: its probabilities, divided by what is usual for each label."""
    probability = run.out_of_fold.astype(np.float64)
    weighed = probability / _own_average(probability, run.label)
    return np.asarray(weighed / weighed.sum(axis=1, keepdims=True))


def _own_average(probability: NDArray[np.float64], label: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (C,): how probable a label is on average to those that have it; 1 for a label that nobody has."""
    count = probability.shape[1]
    sums = np.bincount(label, probability[np.arange(len(label)), label], minlength=count)
    members = np.bincount(label, minlength=count)
    average = np.where(members > 0, sums / np.maximum(members, 1), 1.0)
    return np.asarray(np.maximum(average, 1 / (2 * count)))


def _word_of_the_neighbours(run: Run) -> NDArray[np.float64]:
    """Return (N, C) shares: how many of the nearest have each label, of as many as could have it."""
    members = np.bincount(run.label, minlength=len(run.labels))
    nearest = find_neighbours(run.features, NEIGHBOURS).index
    votes = np.zeros((len(nearest), len(run.labels)))
    places = np.arange(len(nearest))
    for column in nearest.T:
        np.add.at(votes, (places, run.label[column]), 1)
    possible = np.tile(members, (len(nearest), 1))
    possible[places, run.label] -= 1  # itself is no neighbour
    shares = votes / np.clip(possible, 1, max(nearest.shape[1], 1))
    alone = members[run.label] == 1  # nobody could speak for its label, so nobody is asked
    shares[alone] = 1 / len(run.labels)
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9))
