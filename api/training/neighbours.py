"""The nearest of many vectors, by brute force in blocks: seconds for some ten thousand of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROWS = 512  # of a block

Vectors = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """For each of N vectors its k nearest others, the nearest first: which, and the cosines of the angles to them."""

    index: NDArray[np.int64]  # (N, k)
    similarity: NDArray[np.float32]  # (N, k), -1..1


def find_neighbours(vectors: Vectors, most: int, variants: Sequence[Vectors] = ()) -> Neighbours:
    """Return the `most` nearest others (fewer if there are not so many) of vectors (N, D) of length 1.

    Each of the `variants` (N, D) says the same of other forms of the same things; what is nearest in any form counts.
    """
    count = len(vectors)
    most = min(most, count - 1)
    forms = [np.asarray(form, np.float32) for form in (vectors, *variants)]
    index = np.empty((count, most), np.int64)
    similarity = np.empty((count, most), np.float32)
    for start in range(0, count, ROWS):
        rows = np.arange(start, min(start + ROWS, count))
        block = forms[0][rows] @ forms[0].T
        for form in forms[1:]:
            np.maximum(block, forms[0][rows] @ form.T, out=block)
        block[np.arange(len(rows)), rows] = -np.inf  # nobody is a neighbour of its own
        nearest = np.argpartition(-block, most - 1, axis=1)[:, :most] if most else index[rows]
        values = np.take_along_axis(block, nearest, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        index[rows] = np.take_along_axis(nearest, order, axis=1)
        similarity[rows] = np.take_along_axis(values, order, axis=1)
    return Neighbours(index, similarity)
