"""The order in which lines are read: row by row from above, each row from its beginning.

What is above is told by the direction in which most of the text runs, so that a tilted or turned page is read as well.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.tasks.reading.types import TextLine

SAME_ROW = 0.5  # of the lower one's height that two lines share if they stand in one row


def in_reading_order(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines as they are read. One belongs to a row if it shares enough height with the row's highest one."""
    if not lines:
        return []
    corners = np.array([line.polygon for line in lines])  # (lines, 4, 2)
    along = main_direction(corners[:, 1] - corners[:, 0])
    down = np.array((-along[1], along[0]))
    begin, heights = (corners @ along).min(axis=1), corners @ down
    top, bottom = heights.min(axis=1), heights.max(axis=1)
    rows: list[list[int]] = []
    for index in heights.mean(axis=1).argsort(kind="stable").tolist():
        first = rows[-1][0] if rows else index
        shared = min(bottom[index], bottom[first]) - max(top[index], top[first])
        if rows and shared >= SAME_ROW * min(bottom[index] - top[index], bottom[first] - top[first]):
            rows[-1].append(index)
        else:
            rows.append([index])
    return [lines[index] for row in rows for index in sorted(row, key=lambda one: float(begin[one]))]


def main_direction(directions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the unit vector along which most text runs, from vectors (lines, 2) as long as their lines.

    Only those count that run to the same side of the image as most: a few upright lines do not tilt a page.
    """
    sides = (np.arctan2(directions[:, 1], directions[:, 0]) / (np.pi / 2)).round().astype(int) % 4
    lengths = np.bincount(sides, np.linalg.norm(directions, axis=1), minlength=4)
    total = directions[sides == lengths.argmax()].sum(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9))
