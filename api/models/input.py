"""An upright image to a network's input array."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from api.models.card import Colour, InputSpec, Sampling
from api.models.darknet_sampling import sample_as_darknet
from api.tasks.letterbox import Letterbox

PILLOW = {Sampling.ANTIALIAS: Image.Resampling.BILINEAR, Sampling.BICUBIC: Image.Resampling.BICUBIC}


def prepare_input(image: NDArray[np.uint8], letterbox: Letterbox, spec: InputSpec) -> NDArray[np.float32]:
    """Return an image (HWC uint8 RGB) as the network reads it: (1, 3, H, W) float32, padding around it."""
    scaled = _scale(np.ascontiguousarray(image), letterbox.scaled_size, spec.sampling)
    cut_top, cut_left = max(0, -letterbox.top), max(0, -letterbox.left)
    scaled = scaled[cut_top : cut_top + letterbox.canvas_size[0], cut_left : cut_left + letterbox.canvas_size[1]]
    top, left = max(0, letterbox.top), max(0, letterbox.left)
    rows, columns = slice(top, top + scaled.shape[0]), slice(left, left + scaled.shape[1])
    planes = np.moveaxis(scaled, 2, 0)
    order = planes if spec.colour is Colour.RGB else planes[::-1]
    canvas = np.empty((1, 3, *letterbox.canvas_size), np.float32)
    for channel, plane, mean, std in zip(canvas[0], order, spec.mean, spec.std, strict=True):
        factor, shift = np.float32(spec.scale / std), np.float32(mean / std)
        channel[:] = np.float32(spec.pad) * factor - shift
        place = channel[rows, columns]
        np.multiply(plane, factor, out=place)
        if shift:
            place -= shift
    return canvas


def _scale(
    image: NDArray[np.uint8], size: tuple[int, int], sampling: Sampling
) -> NDArray[np.uint8] | NDArray[np.float32]:
    """Return the image at (height, width), 0..255."""
    if sampling is Sampling.DARKNET:
        return sample_as_darknet(image, size)
    if image.shape[:2] == size:
        return image
    if sampling is Sampling.BILINEAR:
        return np.asarray(cv2.resize(image, size[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
    return np.asarray(Image.fromarray(image).resize(size[::-1], PILLOW[sampling]))
