"""How many characters of a text were read wrong: the character error rate, as is usual for text recognition.

Lines are paired so that the fewest errors result, whatever their order. A line without a partner is all errors. Spaces
do not count, and letters of full and half width are the same: neither can be seen.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment


@dataclass(frozen=True, slots=True)
class Errors:
    """Characters that are missing, wrong or too many, of how many that there are."""

    wrong: int
    characters: int

    @property
    def rate(self) -> float:
        """The character error rate: 0 is perfect, over 1 possible."""
        return self.wrong / max(1, self.characters)

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(self.wrong + other.wrong, self.characters + other.characters)


def count_errors(found: Sequence[str], truth: Sequence[str]) -> Errors:
    """Return the errors of lines that were found against the true ones."""
    rows, columns = [seen(line) for line in truth], [seen(line) for line in found]
    side = len(rows) + len(columns)
    costs = np.zeros((side, side), np.int64)  # the partners beyond the last line are no lines
    for row, true in enumerate(rows):
        costs[row, len(columns) :] = len(true)
        for column, read in enumerate(columns):
            costs[row, column] = edit_distance(true, read)
    for column, read in enumerate(columns):
        costs[len(rows) :, column] = len(read)
    return Errors(int(costs[linear_sum_assignment(costs)].sum()), sum(map(len, rows)))


def seen(line: str) -> str:
    """Return what can be seen of a line."""
    return "".join(unicodedata.normalize("NFKC", line).split())


def edit_distance(one: str, other: str) -> int:
    """Return how many characters must be put in, left out or changed to make one text of the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        before, row[0] = row[0], index
        for place, wanted in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != wanted))
    return row[-1]
