"""How a layer's weights are stored: as whole numbers with a scale for each output channel, or as they are.

What reads the file makes float32 of them when it loads the model (constant folding), so that it computes no slower.
A file of 10 or 12 bits has 16 for each number, of which compression leaves about so many. In 16 bits they are nearer to
the weights than in float16, whose numbers are finest where they matter least.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST = 1024  # numbers; fewer are stored as they are, because they weigh nothing
SHRINKS = np.linspace(0.6, 1.0, 17, dtype=np.float32)  # of the scale that leaves the largest weight whole


class Bits(IntEnum):
    """The bits of a stored number, the smallest file first. WHOLE: float32, nothing is lost."""

    EIGHT = 8
    TEN = 10
    TWELVE = 12
    FOURTEEN = 14
    SIXTEEN = 16
    WHOLE = 32


@dataclass(frozen=True, slots=True)
class Packed:
    """Stored weights: `values` as float32, times `scale` if there is one."""

    values: NDArray[Any]
    scale: NDArray[np.float32] | None = None


def pack(weights: NDArray[np.float32], channels: int, bits: Bits) -> Packed:
    """Return weights as they are stored, with the scales of least squared error; `channels`: the outputs' axis."""
    if bits is Bits.WHOLE or weights.size < LEAST:
        return Packed(weights)
    turned = np.moveaxis(weights, channels, 0)
    rows = turned.reshape(len(turned), -1)
    highest = float(2 ** (bits - 1) - 1)
    scale = _find_scale(rows, highest)
    whole = _round(rows, scale, highest).astype(np.int8 if bits is Bits.EIGHT else np.int16)
    sides = [-1 if axis == channels else 1 for axis in range(weights.ndim)]
    return Packed(np.moveaxis(whole.reshape(turned.shape), 0, channels), scale.reshape(sides))


def _find_scale(rows: NDArray[np.float32], highest: float) -> NDArray[np.float32]:
    """Return the scale of each row, (rows, 1): what is beyond the highest number is cut off, if that is best."""
    largest = np.abs(rows).max(axis=1, keepdims=True)
    scale = np.where(largest > 0, largest, 1).astype(np.float32) / np.float32(highest)
    best, least = scale, np.full(scale.shape, np.inf, np.float32)
    for shrink in SHRINKS:
        whole = _round(rows, scale * shrink, highest)
        squares = np.maximum(np.square(whole).sum(axis=1, keepdims=True), 1)
        fitted = (rows * whole).sum(axis=1, keepdims=True) / squares  # the best scale for these whole numbers
        fitted = np.where(fitted > 0, fitted, scale)  # of a channel of zeros any
        error = np.square(rows - _round(rows, fitted, highest) * fitted).sum(axis=1, keepdims=True)
        best, least = np.where(error < least, fitted, best), np.minimum(error, least)
    return best


def _round(rows: NDArray[np.float32], scale: NDArray[np.float32], highest: float) -> NDArray[np.float32]:
    return np.asarray(np.rint(rows / scale).clip(-highest, highest), np.float32)
