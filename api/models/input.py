"""An upright image to a network's input array."""

import cv2
import numpy as np
from numpy.typing import NDArray

from api.models.card import Colour, InputSpec
from api.tasks.letterbox import Letterbox

Samples = tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.float32]]


def prepare_input(image: NDArray[np.uint8], letterbox: Letterbox, spec: InputSpec) -> NDArray[np.float32]:
    """Return an image (HWC uint8 RGB) as the network reads it: (1, 3, H, W) float32, padding around it."""
    height, width = letterbox.scaled_size
    rows = slice(letterbox.top, letterbox.top + height)
    columns = slice(letterbox.left, letterbox.left + width)
    canvas = np.empty((1, 3, *letterbox.canvas_size), np.float32)
    planes = _sample_planes(np.ascontiguousarray(image), height, width)
    order = planes if spec.colour is Colour.RGB else planes[::-1]
    for channel, plane, mean, std in zip(canvas[0], order, spec.mean, spec.std, strict=True):
        factor, shift = spec.scale / std, mean / std
        channel[:] = spec.pad * factor - shift
        np.multiply(plane, np.float32(factor), out=channel[rows, columns])
        if shift:
            channel[rows, columns] -= np.float32(shift)
    return canvas


def _sample_planes(image: NDArray[np.uint8], height: int, width: int) -> list[NDArray[np.float32]]:
    """Return the three planes of an image (HWC uint8) at (height, width), float32 in 0..255, as Darknet samples them.

    Bilinear, with the corner pixels of both images on each other and nothing rounded: `resize_image` in
    https://github.com/pjreddie/darknet/blob/master/src/image.c. The usual half-pixel grid moves confidences by up to 5
    percentage points. Only the four pixels around each sample are read, however large the image is.
    """
    top, bottom, down = _sample_positions(image.shape[0], height)
    left, right, across = _sample_positions(image.shape[1], width)
    sources = np.empty((2 * height, 2 * width, 2), np.int16)
    sources[..., 0] = np.concatenate((left, right))
    sources[..., 1] = np.concatenate((top, bottom))[:, None]
    corners = cv2.remap(image, sources, None, cv2.INTER_NEAREST)  # type: ignore[call-overload]
    planes = []
    for plane in cv2.split(corners):
        values = plane.astype(np.float32)
        rows = _blend(values[:height], values[height:], down[:, None])
        planes.append(_blend(rows[:, :width], rows[:, width:], across))
    return planes


def _blend(one: NDArray[np.float32], other: NDArray[np.float32], share: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `one` mixed with `other`; each value takes its `share` (0..1) from `other`."""
    mixed = other - one
    mixed *= share
    mixed += one
    return mixed


def _sample_positions(length: int, samples: int) -> Samples:
    """Return for each sample on one side the pixel before it, the one after, and how far between them it is (0..1)."""
    positions = np.arange(samples, dtype=np.float32) * np.float32((length - 1) / max(samples - 1, 1))
    before = np.minimum(positions.astype(np.int16), max(length - 2, 0)).astype(np.int16)
    after = np.minimum(before + 1, length - 1).astype(np.int16)
    return before, after, positions - before.astype(np.float32)
