"""An upright image to a network's input array."""

import cv2
import numpy as np
from numpy.typing import NDArray

from api.models.card import Colour, InputSpec
from api.tasks.letterbox import Letterbox

Samples = tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.float32]]

BAND = 32  # rows that are worked on at once: what comes in between stays in the processor's cache


def prepare_input(image: NDArray[np.uint8], letterbox: Letterbox, spec: InputSpec) -> NDArray[np.float32]:
    """Return an image (HWC uint8 RGB) as the network reads it: (1, 3, H, W) float32, padding around it.

    It is sampled as Darknet does it: bilinear, with the corner pixels of both images on each other and nothing rounded
    (`resize_image` in https://github.com/pjreddie/darknet/blob/master/src/image.c). The usual half-pixel grid moves
    confidences by up to 5 percentage points. Only the four pixels around each sample are read, however large the image.
    """
    image = np.ascontiguousarray(image)
    height, width = letterbox.scaled_size
    canvas = np.empty((1, 3, *letterbox.canvas_size), np.float32)
    factors = [np.float32(spec.scale / std) for std in spec.std]
    shifts = [np.float32(mean / std) for mean, std in zip(spec.mean, spec.std, strict=True)]
    for channel, factor, shift in zip(canvas[0], factors, shifts, strict=True):
        channel[:] = np.float32(spec.pad) * factor - shift
    place = canvas[0, :, letterbox.top : letterbox.top + height, letterbox.left : letterbox.left + width]
    top, bottom, down = _sample_positions(image.shape[0], height)
    columns = _sample_positions(image.shape[1], width)
    for start in range(0, height, BAND):
        band = slice(start, start + BAND)
        planes = cv2.split(_sample(image, (top[band], bottom[band], down[band]), columns))
        order = planes if spec.colour is Colour.RGB else planes[::-1]
        for channel, plane, factor, shift in zip(place[:, band], order, factors, shifts, strict=True):
            np.multiply(plane, factor, out=channel)
            if shift:
                channel -= shift
    return canvas


def _sample(image: NDArray[np.uint8], rows: Samples, columns: Samples) -> NDArray[np.float32]:
    """Return an image's values at rows and columns, (rows, columns, 3) float32 in 0..255."""
    (top, bottom, down), (left, right, across) = rows, columns
    height, width = len(top), len(left)
    sources = np.empty((2 * height, 2 * width, 2), np.int16)
    sources[..., 0] = np.concatenate((left, right))
    sources[..., 1] = np.concatenate((top, bottom))[:, None]
    corners = cv2.remap(image, sources, None, cv2.INTER_NEAREST)  # type: ignore[call-overload]
    values = corners.reshape(2 * height, -1).astype(np.float32)  # the channels of a row beside each other
    mixed = _blend(values[:height], values[height:], down[:, None])
    mixed = _blend(mixed[:, : 3 * width], mixed[:, 3 * width :], np.repeat(across, 3))
    return mixed.reshape(height, width, 3)


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
