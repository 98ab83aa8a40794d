"""An upright image to a network's input array."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from api.models.card import Colour, InputSpec, Sampling
from api.tasks.letterbox import Letterbox

Samples = tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.float32]]

PILLOW = {Sampling.ANTIALIAS: Image.Resampling.BILINEAR, Sampling.BICUBIC: Image.Resampling.BICUBIC}
BAND = 32  # rows that are worked on at once: what comes in between stays in the processor's cache


def prepare_input(image: NDArray[np.uint8], letterbox: Letterbox, spec: InputSpec) -> NDArray[np.float32]:
    """Return an image (HWC uint8 RGB) as the network reads it: (1, 3, H, W) float32, padding around it."""
    image = np.ascontiguousarray(image)
    if spec.sampling in (Sampling.DARKNET, Sampling.EXACT):
        return _prepare_unrounded(image, letterbox, spec)
    scaled = _cut(_scale(image, letterbox.scaled_size, spec.sampling), letterbox)
    canvas = _padding(letterbox.canvas_size, spec)
    place = _place(canvas, letterbox, scaled.shape[:2])
    _fill(place, cv2.split(scaled), spec)
    return canvas


def _scale(image: NDArray[np.uint8], size: tuple[int, int], sampling: Sampling) -> NDArray[np.uint8]:
    """Return the image at (height, width)."""
    height, width = size
    if image.shape[:2] == size:
        return image
    if sampling is Sampling.BILINEAR:
        return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return np.asarray(Image.fromarray(image).resize((width, height), PILLOW[sampling]))


def _cut(scaled: NDArray[np.uint8], letterbox: Letterbox) -> NDArray[np.uint8]:
    """Return what lies on the canvas of a scaled image."""
    top, left = max(0, -letterbox.top), max(0, -letterbox.left)
    return scaled[top : top + letterbox.canvas_size[0], left : left + letterbox.canvas_size[1]]


def _padding(size: tuple[int, int], spec: InputSpec) -> NDArray[np.float32]:
    """Return a canvas that holds nothing but padding."""
    canvas = np.empty((1, 3, *size), np.float32)
    for channel, mean, std in zip(canvas[0], spec.mean, spec.std, strict=True):
        channel[:] = 0 if spec.pad is None else (spec.pad * spec.scale - mean) / std
    return canvas


def _place(canvas: NDArray[np.float32], letterbox: Letterbox, size: tuple[int, int]) -> NDArray[np.float32]:
    """Return the part of a canvas that an image of (height, width) fills, (3, height, width)."""
    top, left = max(0, letterbox.top), max(0, letterbox.left)
    return canvas[0, :, top : top + size[0], left : left + size[1]]


def _fill(place: NDArray[np.float32], planes: Sequence[Any], spec: InputSpec) -> None:
    """Write an image's planes (red, green, blue; 0..255) in the network's order and units."""
    order = planes if spec.colour is Colour.RGB else planes[::-1]
    for channel, plane, mean, std in zip(place, order, spec.mean, spec.std, strict=True):
        np.multiply(plane, np.float32(spec.scale / std), out=channel)
        if mean:
            channel -= np.float32(mean / std)


def _prepare_unrounded(image: NDArray[np.uint8], letterbox: Letterbox, spec: InputSpec) -> NDArray[np.float32]:
    """Return the same, bilinear with nothing rounded, as Darknet or as PyTorch samples.

    Darknet has the corner pixels of both images on each other
    (`resize_image` in https://github.com/pjreddie/darknet/blob/master/src/image.c). The usual half-pixel grid moves
    confidences by up to 5 percentage points. Only the four pixels around each sample are read, however large the image.
    """
    find_positions = _sample_positions if spec.sampling is Sampling.DARKNET else _half_pixel_positions
    height, width = letterbox.scaled_size
    canvas = _padding(letterbox.canvas_size, spec)
    place = _place(canvas, letterbox, letterbox.scaled_size)
    top, bottom, down = find_positions(image.shape[0], height)
    columns = find_positions(image.shape[1], width)
    for start in range(0, height, BAND):
        band = slice(start, start + BAND)
        _fill(place[:, band], cv2.split(_sample(image, (top[band], bottom[band], down[band]), columns)), spec)
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
    return _around(np.arange(samples, dtype=np.float32) * np.float32((length - 1) / max(samples - 1, 1)), length)


def _half_pixel_positions(length: int, samples: int) -> Samples:
    """Return the same on the usual grid: both images' borders are on each other.

    Source: `align_corners=False` in https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html.
    """
    positions = (np.arange(samples, dtype=np.float32) + np.float32(0.5)) * np.float32(length / samples)
    return _around((positions - np.float32(0.5)).clip(0, length - 1), length)


def _around(positions: NDArray[np.float32], length: int) -> Samples:
    before = np.minimum(positions.astype(np.int16), max(length - 2, 0)).astype(np.int16)
    after = np.minimum(before + 1, length - 1).astype(np.int16)
    return before, after, positions - before.astype(np.float32)
