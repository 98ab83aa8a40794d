"""The family "db": a map of how probably each pixel is inside a line of text, to the regions of lines.

It is Differentiable Binarization (https://arxiv.org/abs/1911.08947). The network is trained on lines that are shrunk,
so that neighbours do not touch; section 3.4 there says how a region is grown to the line again. The thresholds are
those of PaddleOCR's and RapidOCR's own programs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from api.tasks.letterbox import Letterbox
from api.tasks.reading.types import ReadingOptions, Region
from api.tasks.task import Decode

FAMILY = "db"
INSIDE = 0.3  # the least probability of a pixel inside
LEAST_CONFIDENCE = 0.5  # of a region: the mean of its pixels
GROWTH = 1.6  # by area / perimeter, this many times
LEAST_SIDE = 3.0  # of a shrunk region, in pixels of the map
LEAST_GROWN_SIDE = 5.0
LEAST_IMAGE_SIDE = 4.0  # of a region, in pixels of the image
MOST_CANDIDATES = 1_000
Corners = NDArray[np.float32]  # (4, 2), clockwise from the upper left one


def make_decode(_output: Mapping[str, Any], _labels: Sequence[str]) -> Decode:
    """Return the decoder; nothing of the card changes it."""
    return decode_regions


def decode_regions(
    outputs: Mapping[str, NDArray[np.float32]], letterbox: Letterbox, options: ReadingOptions
) -> list[Region]:
    """Return the most probable regions, at most `max_lines`, in pixels of the image and inside it."""
    probabilities = next(iter(outputs.values()))[0, 0]
    found = find_rectangles(probabilities)
    found.sort(key=lambda one: -one[1])
    height, width = letterbox.image_size
    regions = []
    for corners, confidence in found[: options.max_lines]:
        inside = letterbox.points_to_image(corners).clip(0, (width, height))
        sides = np.linalg.norm(inside - np.roll(inside, -1, axis=0), axis=1)
        if sides.min() >= LEAST_IMAGE_SIDE:
            regions.append(Region(tuple((float(x), float(y)) for x, y in inside), confidence))
    return regions


def find_rectangles(probabilities: NDArray[np.float32]) -> list[tuple[Corners, float]]:
    """Return the grown rectangles of a map (height, width), in its pixels, and the confidence of each."""
    inside = cv2.dilate((probabilities > INSIDE).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours[:MOST_CANDIDATES]:
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < LEAST_SIDE:
            continue
        confidence = mean_inside(probabilities, cv2.boxPoints((centre, (width, height), angle)))
        if confidence < LEAST_CONFIDENCE:
            continue
        margin = GROWTH * width * height / (2 * (width + height))
        width, height = width + 2 * margin, height + 2 * margin
        if min(width, height) >= LEAST_GROWN_SIDE:
            found.append((clockwise(cv2.boxPoints((centre, (width, height), angle))), confidence))
    return found


def mean_inside(probabilities: NDArray[np.float32], corners: NDArray[Any]) -> float:
    """Return the mean of the map's values inside a quadrilateral (4, 2)."""
    height, width = probabilities.shape
    left, top = np.floor(corners.min(axis=0)).astype(int).clip(0, (width - 1, height - 1))
    right, bottom = np.ceil(corners.max(axis=0)).astype(int).clip(0, (width - 1, height - 1))
    mask = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(mask, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(probabilities[top : bottom + 1, left : right + 1], mask)[0])


def clockwise(corners: NDArray[Any]) -> Corners:
    """Return a quadrilateral's corners clockwise from the upper left one: of the two on the left, the upper one."""
    by_x = corners[corners[:, 0].argsort(kind="stable")]
    upper_left, lower_left = by_x[:2][by_x[:2, 1].argsort(kind="stable")]
    upper_right, lower_right = by_x[2:][by_x[2:, 1].argsort(kind="stable")]
    return np.array([upper_left, upper_right, lower_right, lower_left], np.float32)
