"""From a mask of one object, as a network gives it, to the polygon around its largest part."""

from collections.abc import Sequence
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

Polygon = tuple[tuple[float, float], ...]

SAMPLES_PER_PIXEL = 2
MOST_SAMPLES = 512  # on the longer side of a box: finer than any network's mask
MOST_POINTS = 200


def outline(
    mask: NDArray[np.float32] | NDArray[np.bool_],
    covers: Sequence[float],
    box: Sequence[float],
    *,
    level: float = 0.0,
) -> Polygon:
    """Return the outline of the largest part of a mask inside a box, in pixels of the image; () if there is none.

    `mask` (height, width) covers the part `covers` of the image; the object is where it is over `level`, such as 0 for
    logits and 0.5 for probabilities and truths. Between its values it is interpolated. `covers` and `box` are
    (x1, y1, x2, y2) in pixels of the image. The polygon is simplified by half a pixel, more if it were long.
    """
    x1, y1, x2, y2 = box
    density = min(SAMPLES_PER_PIXEL, MOST_SAMPLES / max(x2 - x1, y2 - y1))
    columns, rows = ceil((x2 - x1) * density), ceil((y2 - y1) * density)
    step = ((x2 - x1) / columns, (y2 - y1) / rows)
    inside = _sample(mask.astype(np.float32), covers, (x1, y1), step, (columns, rows)) > level
    contours, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return ()
    points = _simplify(np.asarray(max(contours, key=cv2.contourArea), np.int32))
    return tuple((x1 + (x + 0.5) * step[0], y1 + (y + 0.5) * step[1]) for x, y in points) if len(points) > 2 else ()


def _sample(
    mask: NDArray[np.float32],
    covers: Sequence[float],
    start: tuple[float, float],
    step: tuple[float, float],
    count: tuple[int, int],
) -> NDArray[np.float32]:
    """Return a mask's values in the middles of `count` (columns, rows) cells of the size `step` from `start` on."""
    matrix = np.zeros((2, 3))  # from the number of a cell to a place in the mask
    for axis, length in enumerate((mask.shape[1], mask.shape[0])):
        per_pixel = length / (covers[axis + 2] - covers[axis])
        matrix[axis, axis] = step[axis] * per_pixel
        matrix[axis, 2] = (start[axis] + step[axis] / 2 - covers[axis]) * per_pixel - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(mask, matrix, count, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _simplify(contour: NDArray[np.int32]) -> list[list[float]]:
    """Return a contour with few points, none further than a sample from where it was if that suffices."""
    tolerance = 1.0
    points = cv2.approxPolyDP(contour, tolerance, closed=True)
    while len(points) > MOST_POINTS:
        tolerance *= 1.5
        points = cv2.approxPolyDP(contour, tolerance, closed=True)
    return points.reshape(-1, 2).tolist()
