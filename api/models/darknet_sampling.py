"""An image brought to another size as Darknet does it.

Bilinear, with the corner pixels of both images on each other, and nothing rounded (`resize_image` in
https://github.com/pjreddie/darknet/blob/master/src/image.c). The usual half-pixel grid moves confidences by up to 5
percentage points, and OpenCV's `remap`, which rounds positions to 1/32 of a pixel, by over one.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Samples = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]

BAND = 24  # rows that are worked on at once: what comes in between stays in the processor's cache


def sample_as_darknet(
    image: NDArray[np.uint8], size: tuple[int, int], out: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Return an image (HWC uint8 RGB) at (height, width), HWC float32 in 0..255.

    In memory each channel is a plane: those of `out` (3, height, width), or new ones. Only the four pixels around each
    sample are mixed, however large the image. Columns are picked as rows of bands that lie on their side, because what
    is copied at once then lies in one piece.
    """
    height, width = size
    rows = np.ascontiguousarray(image).reshape(image.shape[0], -1)
    top, bottom, down = _sample_positions(image.shape[0], height)
    left, right, across = _sample_positions(image.shape[1], width)
    channels = np.arange(3)[:, None]
    columns = np.concatenate([(3 * side + channels).ravel() for side in (left, right)])
    across = np.tile(across, 3)[:, None]
    planes = np.empty((3, height, width), np.float32) if out is None else out
    for start in range(0, height, BAND):
        band = slice(start, start + BAND)
        upper, lower = (_pick(rows, numbers[band], columns) for numbers in (top, bottom))
        mixed = _mix(upper, lower, down[band])
        mixed = _mix(mixed[: 3 * width], mixed[3 * width :], across)
        for plane, part in zip(planes, mixed.reshape(3, width, -1), strict=True):
            cv2.transpose(part, dst=plane[band])
    return planes.transpose(1, 2, 0)


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


def _sample_positions(length: int, samples: int) -> Samples:
    """Return for each sample on one side the pixel before it, the one after, and how far between them it is (0..1)."""
    positions = np.arange(samples, dtype=np.float32) * np.float32((length - 1) / max(samples - 1, 1))
    before = np.minimum(positions.astype(np.intp), max(length - 2, 0))
    after = np.minimum(before + 1, length - 1)
    return before, after, positions - before.astype(np.float32)
