"""An array to a JPEG."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

JPEG_QUALITY = 90


def encode_jpeg(image: NDArray[np.uint8]) -> bytes:
    """Return an image (HWC uint8 RGB) as a JPEG without any metadata."""
    height, width = image.shape[:2]
    padded = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)  # four bytes a pixel, as Pillow keeps RGB: it need not copy them
    picture = Image.frombuffer("RGB", (width, height), padded, "raw", "RGBX", 0, 1)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
