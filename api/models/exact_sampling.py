"""An image brought to another size bilinearly, with nothing rounded, as Darknet or as PyTorch does it.

Darknet lays the corner pixels of both images on each other (`resize_image` in
https://github.com/pjreddie/darknet/blob/master/src/image.c), PyTorch their borders (`align_corners=False` in
https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html). Darknet's confidences move by up
to 5 percentage points on the other grid, and by over one with OpenCV's `remap`, which rounds to 1/32 of a pixel.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Samples = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]
FindPositions = Callable[[int, int], Samples]  # from the length of a side and the number of samples on it

BAND = 24  # rows that are worked on at once: what comes in between stays in the processor's cache


def sample_exactly(image: NDArray[np.uint8], find: FindPositions, out: NDArray[np.float32]) -> None:
    """Write an image (HWC uint8 RGB) into `out`, (3, height, width), in 0..255.

    `find` is `corner_positions` or `border_positions`. Only the four pixels around each sample are mixed, however
    large the image. Columns are picked as rows of bands that lie on their side, because what is copied at once then
    lies in one piece.
    """
    _, height, width = out.shape
    rows = np.ascontiguousarray(image).reshape(image.shape[0], -1)
    top, bottom, down = find(image.shape[0], height)
    left, right, across = find(image.shape[1], width)
    channels = np.arange(3)[:, None]
    columns = np.concatenate([(3 * side + channels).ravel() for side in (left, right)])
    across = np.tile(across, 3)[:, None]
    for start in range(0, height, BAND):
        band = slice(start, start + BAND)
        upper, lower = (_pick(rows, numbers[band], columns) for numbers in (top, bottom))
        mixed = _mix(upper, lower, down[band])
        mixed = _mix(mixed[: 3 * width], mixed[3 * width :], across)
        for plane, part in zip(out, mixed.reshape(3, width, -1), strict=True):
            cv2.transpose(part, dst=plane[band])


def _pick(values: NDArray[np.uint8], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the values at rows and columns, (columns, rows)."""
    # All are there; "clip" only saves NumPy looking.
    sideways = cv2.transpose(values.take(rows, axis=0, mode="clip"))
    return sideways.take(columns, axis=0, mode="clip").astype(np.float32)


def _mix(one: NDArray[np.float32], other: NDArray[np.float32], share: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `one` mixed with `other`; each value takes its `share` (0..1) from `other`.

    Both are written over: new arrays would take longer.
    """
    other -= one
    other *= share
    one += other
    return one


def corner_positions(length: int, samples: int) -> Samples:
    """Return for each sample on one side the pixel before it, the one after, and how far between them it is (0..1)."""
    return _around(np.arange(samples, dtype=np.float32) * np.float32((length - 1) / max(samples - 1, 1)), length)


def border_positions(length: int, samples: int) -> Samples:
    """Return the same where the borders of both images lie on each other."""
    positions = (np.arange(samples, dtype=np.float32) + np.float32(0.5)) * np.float32(length / samples)
    return _around((positions - np.float32(0.5)).clip(0, length - 1), length)


def _around(positions: NDArray[np.float32], length: int) -> Samples:
    before = np.minimum(positions.astype(np.intp), max(length - 2, 0))
    after = np.minimum(before + 1, length - 1)
    return before, after, positions - before.astype(np.float32)
