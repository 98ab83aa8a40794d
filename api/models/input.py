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
    canvas = np.full((1, 3, *letterbox.canvas_size), spec.pad, np.float32)
    place = canvas[0, :, rows, columns]
    sample_as_darknet(image, letterbox.scaled_size, out=place if spec.colour is Colour.RGB else place[::-1])
    for channel, mean, std in zip(canvas[0], spec.mean, spec.std, strict=True):
        channel *= np.float32(spec.scale / std)
        if mean:
            channel -= np.float32(mean / std)
    return canvas
