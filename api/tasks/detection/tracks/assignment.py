"""Pairs of rows and columns with the largest sum of values: the assignment problem, by shortest augmenting paths.

R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems",
Computing 38 (1987), without its quick beginnings; as in D. F. Crouse, IEEE TAES 52 (2016), section II.
"""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
NOBODY = -1


def assign(values: Matrix) -> list[tuple[int, int]]:
    """Return pairs (row, column), each row and column at most once; pairs of the value 0 or less are none."""
    if min(values.shape) == 0:
        return []
    rows, columns = np.flatnonzero((values > 0).any(axis=1)), np.flatnonzero((values > 0).any(axis=0))
    part = values[np.ix_(rows, columns)].clip(0)
    is_wide = part.shape[0] <= part.shape[1]
    pairs = enumerate(_match_rows(-part if is_wide else -part.T))
    found = [(row, column) if is_wide else (column, row) for row, column in pairs]
    return sorted((int(rows[i]), int(columns[j])) for i, j in found if part[i, j] > 0)


def _match_rows(costs: Matrix) -> list[int]:
    """Return each row's column, so that the sum of the costs is least. There are at least as many columns as rows."""
    count, width = costs.shape
    row_prices, column_prices = np.zeros(count), np.zeros(width)
    column_of, row_of = np.full(count, NOBODY), np.full(width, NOBODY)
    for start in range(count):
        distances, came_from = np.full(width, np.inf), np.full(width, NOBODY)
        done_rows, done_columns = np.zeros(count, bool), np.zeros(width, bool)
        row, nearest, column = start, 0.0, NOBODY
        while column == NOBODY:
            done_rows[row] = True
            through = nearest + costs[row] - row_prices[row] - column_prices
            is_shorter = ~done_columns & (through < distances)
            distances[is_shorter], came_from[is_shorter] = through[is_shorter], row
            candidate = int(np.where(done_columns, np.inf, distances).argmin())
            nearest, done_columns[candidate] = float(distances[candidate]), True
            if row_of[candidate] == NOBODY:
                column = candidate
            else:
                row = int(row_of[candidate])
        others = np.flatnonzero(done_rows)
        others = others[others != start]
        row_prices[start] += nearest
        row_prices[others] += nearest - distances[column_of[others]]
        column_prices[done_columns] -= nearest - distances[done_columns]
        while True:
            row = int(came_from[column])
            row_of[column] = row
            column_of[row], column = column, column_of[row]
            if row == start:
                break
    return [int(column) for column in column_of]
