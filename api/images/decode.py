"""Images at the border of the API: untrusted bytes to an upright RGB array.

The cheapest check comes first: bytes, kind, structure, size, and only then pixels.
"""

import io
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from api.errors import BadRequest, OutOfMemory, RefusedImage
from api.images.files import STRIP, exif
from api.images.isolated import decode_isolated
from api.images.limits import ImageLimits, check_cost, check_size
from api.images.orientation import Decoded, assemble_upright, is_sideways
from api.images.sniff import find_kind

# OpenCV's words for a JPEG decoded at an eighth of its size, and so on; they say grey, but the colour is another flag.
REDUCTIONS = {
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    1: 0,
}
Image.MAX_IMAGE_PIXELS = None  # `check_size` refuses by the header, and in better words; Pillow would warn at first
JPEG_FLAGS = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION

BROKEN = (OSError, EOFError, SyntaxError, ValueError, cv2.error)  # what decoders say of broken files
DAMAGED_HEADER = "The image's header is damaged."
DAMAGED_PIXELS = "The image is cut off or damaged; it could not be decoded to its end."
RETRY_S = 5

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """An upright image, HWC uint8 RGB. `size` (height, width) is the file's; its pixels here may be fewer."""

    pixels: NDArray[np.uint8]
    size: tuple[int, int]


def decode_image(
    data: bytes, *, orientation: int | None, limits: ImageLimits, enough_for: int | None = None
) -> DecodedImage:
    """Return the first frame of an image file upright, transparency on white.

    `orientation` (EXIF, 1..8) is applied to the pixels as decoded, in place of the file's own tag; None applies the
    file's tag. If `enough_for` pixels on the longer side are enough, a JPEG of more than twice as many is decoded at a
    half, a quarter or an eighth of its size, which takes that much less time. Raises BadRequest (empty),
    UnsupportedImage, RefusedImage, OutOfMemory.
    """
    if not data:
        raise BadRequest("The file is empty; send an image.")
    kind = find_kind(data)
    try:
        if kind in STRIP:
            return _decode_here(data, kind, orientation, limits, enough_for)
        image = decode_isolated(data, kind, limits)
        pixels = assemble_upright(image.decoded, orientation or image.orientation)
        return DecodedImage(pixels, pixels.shape[:2])
    except MemoryError as error:
        raise OutOfMemory("There is no memory left for this image; send it again.", retry_after_s=RETRY_S) from error


def _decode_here(
    data: bytes, kind: str, orientation: int | None, limits: ImageLimits, enough_for: int | None
) -> DecodedImage:
    """Decode in this process: all but HEIC and AVIF."""
    file = STRIP[kind](data)
    with _refusing(DAMAGED_HEADER):
        image = Image.open(io.BytesIO(file.data), formats=[kind])
    width, height = image.size
    check_size(width, height, limits)
    check_cost(image, file)
    turn = orientation or file.orientation or exif.read_orientation(image.info.get("exif") or b"")
    with _refusing(DAMAGED_PIXELS), image:
        decoded = _decode(image, file.data, enough_for or max(image.size))
    size = (width, height) if is_sideways(turn) else (height, width)
    return DecodedImage(assemble_upright(decoded, turn), size)


@contextmanager
def _refusing(complaint: str) -> Iterator[None]:
    """Turn what a decoder raises into RefusedImage. Only calls into decoders go inside: our bugs stay ours."""
    try:
        yield
    except MemoryError:
        raise
    except BROKEN as error:
        if isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise RefusedImage(complaint) from error
    except Exception as error:
        logger.warning("a decoder failed: reason=%s", type(error).__name__)
        raise RefusedImage(complaint) from error


def _decode(image: ImageFile.ImageFile, data: bytes, enough_for: int) -> Decoded:
    """Return the pixels as they are stored.

    OpenCV decodes JPEG and WebP, because it needs one copy of the pixels; Pillow needs three and five.
    """
    if image.format == "WEBP":
        return _decode_webp(data, image.size)
    if image.format == "JPEG" and image.mode in ("RGB", "L"):
        return _decode_jpeg(data, image.size, enough_for)
    image.load()
    if image.mode in ("P", "PA"):  # Pillow looks at the file's palette only when it is used
        image.crop((0, 0, 1, 1)).convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _decode_jpeg(data: bytes, size: tuple[int, int], enough_for: int) -> NDArray[np.uint8]:
    """Return HWC RGB, a half, a quarter or an eighth of `size` if the longer side still has `enough_for` pixels."""
    reduction = next((factor for factor in REDUCTIONS if max(size) >= factor * enough_for), 1)
    return _decode_by_opencv(data, size, REDUCTIONS[reduction] | JPEG_FLAGS, reduction)


def _decode_webp(data: bytes, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return HWC RGB or RGBA."""
    pixels = _decode_by_opencv(data, size, cv2.IMREAD_UNCHANGED)
    to_rgb = cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return cv2.cvtColor(pixels, to_rgb, dst=pixels).astype(np.uint8, copy=False)


def _decode_by_opencv(data: bytes, size: tuple[int, int], flags: int, reduction: int = 1) -> NDArray[np.uint8]:
    """Raise ValueError if that fails. `size` (width, height) is what the file's header says."""
    _silence_opencv()
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None or pixels.shape[1::-1] != tuple(math.ceil(side / reduction) for side in size):
        raise ValueError("OpenCV cannot decode it")
    return pixels.astype(np.uint8, copy=False)


@cache
def _silence_opencv() -> None:
    """Keep OpenCV from writing a line about every broken file to standard error."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
