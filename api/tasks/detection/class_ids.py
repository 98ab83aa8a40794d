"""Which label a network's class id means: networks count from 0 or 1, or have COCO's own ids, which have gaps."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def make_table(output: Mapping[str, Any], labels: Sequence[str]) -> NDArray[np.int64]:
    """Return a table from class ids to places in `labels`, and -1, which is the last entry, for other ids.

    `output` of a card may have `class_ids`, an id for each label; without it they follow one another from
    `first_class` on, which is 0 if it is missing.
    """
    first = output.get("first_class", 0)
    ids = np.asarray(output.get("class_ids") or range(first, first + len(labels)), np.int64)
    table = np.full(ids.max() + 2, -1, np.int64)
    table[ids] = np.arange(len(ids))
    return table


def find_labels(class_ids: NDArray[Any], table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of class ids in a card's labels; -1: it has no label."""
    return table[np.clip(class_ids.astype(np.int64), -1, len(table) - 1)]
