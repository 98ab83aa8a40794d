"""What decided: parts of an image are covered one after the other, and the network is asked again each time.

The label's probability falls if a part that matters is covered ("occlusion sensitivity": "Visualizing and
Understanding Convolutional Networks", 2013, section 4.2). That needs nothing but the network's answers, so every engine
can do it. A part is covered with the image's mean colour, and is twice as wide and high as a cell, so parts overlap.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from api.errors import BadRequest
from api.tasks.classification.types import Class, Classes, ClassificationOptions, Explanation
from api.tasks.letterbox import Letterbox
from api.tasks.task import Look

MOST_CELLS = 12  # along the longer side of what the network sees
LEAST_CELLS = 4
TIMED_LOOKS = 3
USUAL_S = 3.0  # a slower network is asked about fewer and larger parts
LONGEST_S = 12.0  # under half of the time that work on an image may take

EVERY_CLASS = ClassificationOptions(top=1_000_000)


def explain_classes(look: Look, array: NDArray[np.float32], letterbox: Letterbox, result: Classes) -> Classes:
    """Return the result with an explanation of its first label. Raises BadRequest if that would take too long.

    `array` (1, 3, H, W) is the input that the result comes from.
    """
    first = result.classes[0]
    seconds = []
    for _ in range(TIMED_LOOKS):
        began = time.perf_counter()
        whole = find_probability(look, array, first)
        seconds.append(time.perf_counter() - began)
    cells = choose_cells(min(seconds))
    top, left, bottom, right = find_seen(letterbox)
    longer = max(bottom - top, right - left)
    rows = split(top, bottom, max(1, round(cells * (bottom - top) / longer)))
    columns = split(left, right, max(1, round(cells * (right - left) / longer)))
    mean = array[:, :, top:bottom, left:right].mean(axis=(2, 3), keepdims=True)
    drops = [whole - find_probability(look, covered, first) for covered in cover_parts(array, rows, columns, mean)]
    corners = letterbox.points_to_image(np.array([[left, top], [right, bottom]], np.float32))
    x1, y1, x2, y2 = corners.ravel().tolist()
    grid = np.array(drops, np.float32).reshape(len(rows), len(columns))
    return replace(result, explanation=Explanation(first, grid, (x1, y1, x2, y2)))


def choose_cells(look_s: float) -> int:
    """Return how many cells the longer side is divided into if one look takes so long. Raises BadRequest."""
    if look_s * LEAST_CELLS**2 > LONGEST_S:
        raise BadRequest(
            f"This model needs {look_s:.1f} s for an image, and `explain` would ask it {LEAST_CELLS**2} times or more;"
            " leave that out."
        )
    return min(MOST_CELLS, max(LEAST_CELLS, isqrt(int(USUAL_S / look_s))))


def find_seen(letterbox: Letterbox) -> tuple[int, int, int, int]:
    """Return where the image lies on the canvas: top, left, bottom, right."""
    (height, width), (canvas_height, canvas_width) = letterbox.scaled_size, letterbox.canvas_size
    return (
        max(0, letterbox.top),
        max(0, letterbox.left),
        min(canvas_height, letterbox.top + height),
        min(canvas_width, letterbox.left + width),
    )


def split(start: int, stop: int, count: int) -> list[slice]:
    """Return the parts around `count` cells: each reaches half a cell further on both sides, but not over the edge."""
    edges = np.linspace(start, stop, count + 1)
    half = (stop - start) / count / 2
    low = np.maximum(edges[:-1] - half, start).round().astype(int).tolist()
    high = np.minimum(edges[1:] + half, stop).round().astype(int).tolist()
    return [slice(first, last) for first, last in zip(low, high, strict=True)]


def cover_parts(
    array: NDArray[np.float32], rows: list[slice], columns: list[slice], colour: NDArray[np.float32]
) -> Iterator[NDArray[np.float32]]:
    """Yield the array with each part covered, row by row. It is the same memory each time."""
    covered = array.copy()
    for row in rows:
        for column in columns:
            covered[:, :, row, column] = colour
            yield covered
            covered[:, :, row, column] = array[:, :, row, column]


def find_probability(look: Look, array: NDArray[np.float32], wanted: Class) -> float:
    """Return the probability of a class."""
    classes: list[Class] = look(array, EVERY_CLASS).classes
    return next(one.confidence for one in classes if one.class_id == wanted.class_id)
