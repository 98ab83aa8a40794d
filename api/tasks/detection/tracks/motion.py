"""How boxes move: a Kalman filter of constant velocity for each of x, y, width and height, in pixels and seconds.

ByteTrack (arXiv 2110.06864) has one filter of eight numbers a box whose matrices are diagonal but for position and
velocity, and counts frames; here they are four of two numbers each, and time is the video's own. All noise is in shares
of the box's height or width, whichever is more.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MEASURED = 0.05  # how far a detector's box is off
FIRST_SPEED = 2.0  # a second: how fast something new may be
JOLT = 1.0  # how much a speed changes in a second


def begin(boxes: Array) -> tuple[Array, Array]:
    """Return states (N, 4, 2), position and velocity, and variances (N, 4, 3): of the one, of both, of the other."""
    states = np.stack([boxes, np.zeros_like(boxes)], axis=2)
    size = _sizes(boxes)
    variances = np.stack([(MEASURED * size) ** 2, np.zeros_like(size), (FIRST_SPEED * size) ** 2], axis=2)
    return states, variances


def predict(states: Array, variances: Array, seconds: Array) -> tuple[Array, Array]:
    """Return both as they are `seconds` (N,) later, with noise that is an acceleration."""
    step = seconds[:, None]
    position, velocity = states[..., 0], states[..., 1]
    moved = np.stack([position + step * velocity, velocity], axis=2)
    own, mixed, speed = variances[..., 0], variances[..., 1], variances[..., 2]
    noise = (JOLT * _sizes(states[..., 0])) ** 2
    later = np.stack(
        [
            own + 2 * step * mixed + step**2 * speed + noise * step**3 / 3,
            mixed + step * speed + noise * step**2 / 2,
            speed + noise * step,
        ],
        axis=2,
    )
    return moved, later


def correct(states: Array, variances: Array, boxes: Array) -> tuple[Array, Array]:
    """Return both after the boxes (N, 4) were seen."""
    own, mixed, speed = variances[..., 0], variances[..., 1], variances[..., 2]
    total = own + (MEASURED * _sizes(boxes)) ** 2
    gain, gain_of_speed = own / total, mixed / total
    surprise = boxes - states[..., 0]
    corrected = states + np.stack([gain * surprise, gain_of_speed * surprise], axis=2)
    left = np.stack([own * (1 - gain), mixed * (1 - gain), speed - gain_of_speed * mixed], axis=2)
    return corrected, left


def _sizes(boxes: Array) -> Array:
    """Return how large the boxes are, (N, 4): the longer side."""
    return np.repeat(boxes[:, 2:].max(axis=1, initial=1.0)[:, None], 4, axis=1)
