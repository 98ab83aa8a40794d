"""An upright image to a network's input array."""

import numpy as np
from numpy.typing import NDArray

from api.models.card import Colour, InputSpec
from api.models.darknet_sampling import sample_as_darknet
from api.tasks.letterbox import Letterbox


def prepare_input(image: NDArray[np.uint8], letterbox: Letterbox, spec: InputSpec) -> NDArray[np.float32]:
    """Return an image (HWC uint8 RGB) as the network reads it: (1, 3, H, W) float32, padding around it."""
    height, width = letterbox.scaled_size
    rows, columns = slice(letterbox.top, letterbox.top + height), slice(letterbox.left, letterbox.left + width)
    planes = np.moveaxis(sample_as_darknet(image, letterbox.scaled_size), 2, 0)
    canvas = np.empty((1, 3, *letterbox.canvas_size), np.float32)
    order = planes if spec.colour is Colour.RGB else planes[::-1]
    for channel, plane, mean, std in zip(canvas[0], order, spec.mean, spec.std, strict=True):
        factor, shift = np.float32(spec.scale / std), np.float32(mean / std)
        channel[:] = np.float32(spec.pad) * factor - shift
        place = channel[rows, columns]
        np.multiply(plane, factor, out=place)
        if shift:
            place -= shift
    return canvas
