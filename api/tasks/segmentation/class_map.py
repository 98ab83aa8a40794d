"""From scores on a network's grid to a class for each pixel of the image.

Scores are interpolated bilinearly between the grid's points, and the highest one gives a pixel's class, as in the
reference of most networks (PyTorch's `interpolate(..., align_corners=False)`, then `argmax`). If the four points around
a pixel have the same highest class, any mixture of them has it, too. So only pixels between classes are interpolated,
a row of the grid at a time: the scores of a whole photograph would take gigabytes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.letterbox import Letterbox
from api.tasks.segmentation.types import ClassMap


@dataclass(frozen=True, slots=True)
class Samples:
    """For each pixel on a side of the image: the grid's point before it, the one after, how far between (0..1)."""

    before: NDArray[np.intp]
    after: NDArray[np.intp]
    share: NDArray[np.float32]

    @classmethod
    def along(cls, axis: int, points: int, letterbox: Letterbox) -> "Samples":
        """Return those of one axis (0: down, 1: across) of a grid whose `points` cover the whole canvas.

        Points in the padding are not used.
        """
        pixels, scaled, canvas = (
            size[axis] for size in (letterbox.image_size, letterbox.scaled_size, letterbox.canvas_size)
        )
        offset, per_pixel = (letterbox.top, letterbox.left)[axis], points / canvas
        first = min(max(0, int(np.ceil(offset * per_pixel - 0.5))), points - 1)
        last = max(first, min(points - 1, int(np.floor((offset + scaled) * per_pixel - 0.5))))
        centres = offset + (np.arange(pixels) + 0.5) * (scaled / pixels)  # in pixels of the canvas
        places = (centres * per_pixel - 0.5).clip(first, last)
        before = places.astype(np.intp)
        return cls(before, np.minimum(before + 1, last), (places - before).astype(np.float32))


def map_ids(ids: NDArray[np.integer], letterbox: Letterbox, dtype: type[np.uint8] | type[np.uint16]) -> ClassMap:
    """Return the class map (height, width) of the image, from class ids (h, w) that cover the canvas."""
    rows, columns = (Samples.along(axis, ids.shape[axis], letterbox) for axis in (0, 1))
    nearest = (np.where(each.share < 0.5, each.before, each.after) for each in (rows, columns))
    return _pick(ids.astype(dtype), *nearest)


def map_scores(scores: NDArray[np.float32], letterbox: Letterbox, dtype: type[np.uint8] | type[np.uint16]) -> ClassMap:
    """Return the class map (height, width) of the image, from scores (classes, h, w) that cover the canvas."""
    rows, columns = (Samples.along(axis, scores.shape[1 + axis], letterbox) for axis in (0, 1))
    best = scores.argmax(axis=0).astype(dtype)
    class_map = _pick(best, rows.before, columns.before)
    differs = _differs(best)
    for row in np.unique(
        rows.before
    ):  # of the grid; the image's rows between it and the next one are worked on at once
        first, end = np.searchsorted(rows.before, (row, row + 1))
        across = differs[row, columns.before].nonzero()[0]
        if len(across):
            upper, lower = (_along_row(scores[:, each], columns, across) for each in (row, rows.after[first]))
            class_map[first:end, across] = _highest(upper, lower, rows.share[first:end, None], dtype)
    return class_map


def _pick(grid: NDArray[Any], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[Any]:
    """Return the grid's values at all crossings of rows and columns."""
    return grid[:, columns][rows]


def _differs(best: ClassMap) -> NDArray[np.bool_]:
    """Return for each point whether it, the next one, the one below and the one between both have different classes."""
    around = np.pad(best, ((0, 1), (0, 1)), mode="edge")
    corners = np.stack((around[:-1, :-1], around[:-1, 1:], around[1:, :-1], around[1:, 1:]))
    return np.asarray((corners != corners[0]).any(axis=0))


def _along_row(line: NDArray[np.float32], columns: Samples, across: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the scores (classes, n) at n of the image's columns, from those of a row of the grid (classes, w)."""
    left, right = line[:, columns.before[across]], line[:, columns.after[across]]
    return np.asarray(left + (right - left) * columns.share[across])


def _highest(
    upper: NDArray[np.float32], lower: NDArray[np.float32], share: NDArray[np.float32], dtype: type[np.generic]
) -> NDArray[Any]:
    """Return which class is the highest (rows, n) at each `share` (rows, 1) of the way from upper to lower scores."""
    surely = np.minimum(upper, lower).max(axis=0)  # a score that some class has all the way
    able = (np.maximum(upper, lower) >= surely).any(axis=1).nonzero()[0]  # the classes that can be the highest
    highest = np.full((len(share), upper.shape[1]), -np.inf, np.float32)
    best = np.zeros(highest.shape, dtype)
    for class_id in able:
        score = upper[class_id] + share * (lower[class_id] - upper[class_id])
        np.copyto(best, class_id, where=score > highest, casting="unsafe")
        np.maximum(highest, score, out=highest)
    return best
