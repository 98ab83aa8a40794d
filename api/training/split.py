"""Which photographs are learnt from and which only tell how well that went: by label, and always the same."""

import numpy as np
from numpy.typing import NDArray


def is_validation(labels: NDArray[np.int64], share: float = 0.2, seed: int = 0) -> NDArray[np.bool_]:
    """Return (N,): whether each photograph is held out, about `share` of each label's.

    A label with two photographs or more has at least one on each side.
    """
    held_out = np.zeros(len(labels), bool)
    for label, places in _shuffled(labels, seed):
        del label
        count = min(max(round(share * len(places)), 1), len(places) - 1)
        held_out[places[:count]] = True
    return held_out


def folds(labels: NDArray[np.int64], count: int = 5, seed: int = 0) -> NDArray[np.int64]:
    """Return (N,): the fold of each photograph, 0 to `count` - 1; each label is spread over all of them."""
    fold = np.zeros(len(labels), np.int64)
    for label, places in _shuffled(labels, seed):
        fold[places] = (np.arange(len(places)) + label) % count  # so that small labels do not all begin with fold 0
    return fold


def _shuffled(labels: NDArray[np.int64], seed: int) -> list[tuple[int, NDArray[np.int64]]]:
    """Return each label, and where it is, in an order by chance that the other labels do not change."""
    return [
        (int(label), np.random.default_rng([seed, int(label)]).permutation(np.flatnonzero(labels == label)))
        for label in np.unique(labels)
    ]
