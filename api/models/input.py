"""An upright image to a network's input array."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from api.models.card import Colour, InputSpec, Sampling
from api.models.exact_sampling import border_positions, corner_positions, sample_exactly
from api.tasks.letterbox import Letterbox

EXACT = {Sampling.DARKNET: corner_positions, Sampling.EXACT: border_positions}
PILLOW = {Sampling.ANTIALIAS: Image.Resampling.BILINEAR, Sampling.BICUBIC: Image.Resampling.BICUBIC}


def prepare_input(image: NDArray[np.uint8], letterbox: Letterbox, spec: InputSpec) -> NDArray[np.float32]:
    """Return an image (HWC uint8 RGB) as the network reads it: (1, 3, H, W) float32, padding around it."""
    height, width = letterbox.scaled_size
    top, left = max(0, letterbox.top), max(0, letterbox.left)
    canvas = np.full((1, 3, *letterbox.canvas_size), spec.pad or 0, np.float32)
    place = canvas[0, :, top : letterbox.top + height, left : letterbox.left + width]  # what is beyond it is cut off
    planes = place if spec.colour is Colour.RGB else place[::-1]
    if spec.sampling in EXACT:
        sample_exactly(image, EXACT[spec.sampling], out=planes)
    else:
        scaled = _scale(image, letterbox.scaled_size, spec.sampling)
        visible = scaled[top - letterbox.top :, left - letterbox.left :][: planes.shape[1], : planes.shape[2]]
        planes[:] = visible.transpose(2, 0, 1)
    for channel, part, mean, std in zip(canvas[0], place, spec.mean, spec.std, strict=True):
        scaled_part = channel if spec.pad is not None else part  # else the padding stays 0
        scaled_part *= np.float32(spec.scale / std)
        if mean:
            scaled_part -= np.float32(mean / std)
    return canvas


def _scale(image: NDArray[np.uint8], size: tuple[int, int], sampling: Sampling) -> NDArray[np.uint8]:
    """Return the image at (height, width)."""
    if image.shape[:2] == size:
        return image
    if sampling is Sampling.BILINEAR:
        return np.asarray(cv2.resize(image, size[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
    return np.asarray(Image.fromarray(image).resize(size[::-1], PILLOW[sampling]))
