"""Images at the border of the API: untrusted bytes to an upright RGB array, and an array to a JPEG.

Every limit on what comes from outside stands here, cheapest check first.
"""

import io
import math
import re
import struct
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from api.errors import BadRequest, RefusedImage, UnsupportedImage

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF")
READABLE = "JPEG, PNG, WebP, GIF, BMP, HEIC or AVIF"
MAX_SIDE = 12_000
MAX_JPEG_SCANS = 64  # a progressive file has about 10; each one costs a pass over all pixels
JPEG_QUALITY = 90
ORIENTATION_TAG = 0x0112
UPRIGHT = 1
WHITE = (255, 255, 255)
# ISO 23008-12 and the AVIF specification: the first brand of a still image or an image sequence.
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
CODED_SIZE = re.compile(rb"ispe\0{4}(.{4})(.{4})", re.DOTALL)  # ISO 23008-12, section 6.5.3

# EXIF 2.32, section 4.6.4: what turns the pixels of each orientation upright.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

SIDEWAYS = {TURNS[orientation] for orientation in (5, 6, 7, 8)}

# What Pillow's decoders raise for broken files, gathered from its sources and from fuzzing. SyntaxError is theirs.
BROKEN = (
    OSError, EOFError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError,
    OverflowError, MemoryError, ZeroDivisionError, AssertionError, struct.error, Warning,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What is refused: more than `max_megapixels` (millions of pixels)."""

    max_megapixels: float = 25.0


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """An upright image, HWC uint8 RGB. `size` (height, width) is the file's; its pixels here may be fewer."""

    pixels: NDArray[np.uint8]
    size: tuple[int, int]


def decode_image(
    data: bytes, *, orientation: int | None, limits: ImageLimits, enough_for: int | None = None
) -> DecodedImage:
    """Return the first frame of an image file upright, transparency on white.

    `orientation` (EXIF, 1..8) is applied to the pixels as decoded, in place of the file's own tag; None: the file's tag
    is. Where only `enough_for` pixels on the longer side are needed, a JPEG of more than twice as many is decoded at a
    half, a quarter or an eighth of its size, which takes that much less time. Raises BadRequest (empty),
    UnsupportedImage, RefusedImage.
    """
    if not data:
        raise BadRequest("The file is empty; send an image.")
    _check_jpeg_scans(data)
    _check_coded_sizes(data, limits)
    with _open(data) as image:
        _check_size(*image.size, limits)
        try:
            width, height = image.size
            if enough_for and image.format in ("JPEG", "MPO"):
                share = enough_for / max(width, height)
                image.draft(None, (math.ceil(width * share), math.ceil(height * share)))
            image.load()
            turn = TURNS.get(_own_orientation(image) if orientation is None else orientation)
            rgb = _to_rgb(image)
            pixels = np.asarray(rgb if turn is None else rgb.transpose(turn))
            return DecodedImage(pixels, (width, height) if turn in SIDEWAYS else (height, width))
        except BROKEN as error:
            raise RefusedImage("The image is cut off or damaged; it could not be decoded to its end.") from error


def encode_jpeg(image: NDArray[np.uint8]) -> bytes:
    """Return an image (HWC uint8 RGB) as a JPEG without any metadata."""
    height, width = image.shape[:2]
    padded = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)  # four bytes a pixel, as Pillow keeps RGB: it need not copy them
    picture = Image.frombuffer("RGB", (width, height), padded, "raw", "RGBX", 0, 1)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


@cache
def _register_heif() -> None:
    pillow_heif.register_heif_opener(thumbnails=False)


def _open(data: bytes) -> Image.Image:
    """Read the header only. Which kind of file it is, its first bytes say, never its name."""
    _register_heif()
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedImage("The image has too many pixels.") from error
    except UnidentifiedImageError as error:
        if _looks_readable(data):
            raise RefusedImage("The image's header is damaged.") from error
        raise UnsupportedImage(f"This is {_describe(data)}; send a photograph as {READABLE}.") from error
    except BROKEN as error:
        raise RefusedImage("The image's header is damaged.") from error


def _check_size(width: int, height: int, limits: ImageLimits) -> None:
    if width * height > limits.max_megapixels * 1e6:
        raise RefusedImage(
            f"The image has {width} x {height} = {width * height / 1e6:.1f} megapixels;"
            f" at most {limits.max_megapixels:g} are accepted. Make it smaller."
        )
    if max(width, height) > MAX_SIDE:
        raise RefusedImage(f"The image is {width} x {height} pixels; no side may exceed {MAX_SIDE}. Make it smaller.")
    if min(width, height) < 1:
        raise RefusedImage("The image has no pixels.")


def _check_jpeg_scans(data: bytes) -> None:
    """Refuse the JPEG that is small in bytes and pixels, but asks for hundreds of passes over them."""
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise RefusedImage(f"The JPEG has more than {MAX_JPEG_SCANS} scans; save it anew.")


def _check_coded_sizes(data: bytes, limits: ImageLimits) -> None:
    """Refuse the HEIC that shows a small part (`clap`) of a huge picture: its size is the part's, all is decoded."""
    if data[4:8] == b"ftyp":
        for width, height in CODED_SIZE.findall(data):
            _check_size(int.from_bytes(width), int.from_bytes(height), limits)


def _own_orientation(image: Image.Image) -> int:
    """Return the file's EXIF orientation; 1 where it has none or its metadata are damaged."""
    try:
        value = image.getexif().get(ORIENTATION_TAG, UPRIGHT)
    except BROKEN:
        return UPRIGHT
    return value if isinstance(value, int) else UPRIGHT


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey: keep the high byte, Pillow's own conversion would clip
        high_byte = (np.asarray(image).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8)
        image = Image.fromarray(high_byte)
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        ground = Image.new("RGB", layers.size, WHITE)
        ground.paste(layers, mask=layers.getchannel("A"))
        return ground
    return image if image.mode == "RGB" else image.convert("RGB")


def _looks_readable(data: bytes) -> bool:
    is_boxed = data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return is_boxed or is_webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM"))


def _describe(data: bytes) -> str:
    """Say for a person what was sent instead of a photograph."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<svg") or (head.startswith(b"<") and b"<svg" in data[:4096].lower()):
        return "an SVG drawing"
    for magic, what in ((b"%pdf", "a PDF document"), (b"<", "a web page"), (b"ii*\0", "a TIFF"), (b"mm\0*", "a TIFF")):
        if head.startswith(magic):
            return what
    if data[4:8] == b"ftyp":
        return "a video or another kind of MP4 file"
    try:
        data[:512].decode("utf-8")
    except UnicodeDecodeError:
        return "not an image of a kind we read"
    return "text"
