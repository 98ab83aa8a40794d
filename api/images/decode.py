"""Images at the border of the API: untrusted bytes to an upright RGB array, and an array to a JPEG.

Every limit on what comes from outside stands here and in `image_files`, cheapest check first: bytes, kind, structure,
size, and only then pixels.
"""

import io
import math
import struct
import warnings
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError

from api.errors import BadRequest, RefusedImage, UnsupportedImage
from api.images.files import bmp, boxes, exif, gif, jpeg, png
from api.images.files.stripped import Stripped
from api.images.orientation import Decoded, assemble_upright, is_sideways

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF")
READABLE = "JPEG, PNG, WebP, GIF, BMP, HEIC or AVIF"
MAX_SIDE = 12_000
MAX_SCANNED_MEGAPIXELS = 400  # megapixels times scans: the first passes over 25 megapixels take 30 ms each
MAX_CMYK_MEGAPIXELS = 16  # where all of a JPEG is kept, that is 8 bytes a pixel
MAX_ANIMATED_MEGAPIXELS = 8  # the decoder of animated WebP keeps two canvases of its own
MAX_DECODED_MB = 246  # of a HEIC or an AVIF: what its decoder makes of it on the way to RGB
JPEG_QUALITY = 90
MEMORY_BLOCK = 2**25  # bytes: Pillow's own 16 MB are kept by the allocator (see `memory`), and large pictures in pieces
# OpenCV's words for a JPEG decoded at an eighth of its size, and so on; they say grey, but the colour is another flag.
REDUCTIONS = {
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    1: 0,
}
JPEG_FLAGS = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
# ISO 23008-12 and the AVIF specification: the first brand of a still image or an image sequence.
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")

# What decoders raise for broken files, gathered from their sources and from fuzzing. SyntaxError is Pillow's.
BROKEN = (
    OSError, EOFError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError,
    OverflowError, MemoryError, ZeroDivisionError, AssertionError, struct.error, Warning, cv2.error,
)  # fmt: skip
DAMAGED_HEADER = "The image's header is damaged."
DAMAGED_PIXELS = "The image is cut off or damaged; it could not be decoded to its end."


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
    file = _strip(data, limits)
    with _open(file.data) as image:
        _check_size(*image.size, limits)
        _check_cost(image, file)
        try:
            turn = orientation or file.orientation or exif.read_orientation(image.info.get("exif") or b"")
            width, height = image.size
            pixels = assemble_upright(_decode(image, file.data, enough_for), turn)
            return DecodedImage(pixels, (width, height) if is_sideways(turn) else (height, width))
        except BROKEN as error:
            raise RefusedImage(DAMAGED_PIXELS) from error


def encode_jpeg(image: NDArray[np.uint8]) -> bytes:
    """Return an image (HWC uint8 RGB) as a JPEG without any metadata."""
    height, width = image.shape[:2]
    padded = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)  # four bytes a pixel, as Pillow keeps RGB: it need not copy them
    picture = Image.frombuffer("RGB", (width, height), padded, "raw", "RGBX", 0, 1)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def _strip(data: bytes, limits: ImageLimits) -> Stripped:
    """Look the file over as its kind asks, before any decoder does. Its first bytes say the kind, never its name."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return jpeg.strip(data)
        if data.startswith(png.SIGNATURE):
            return png.strip(data)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return gif.strip(data)
        if data.startswith(b"BM"):
            bmp.check(data)
        if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
            return boxes.strip(data, lambda width, height: _check_size(width, height, limits))
    except (IndexError, struct.error) as error:
        raise RefusedImage(DAMAGED_HEADER) from error
    return Stripped(data)


@cache
def _prepare_decoders() -> None:
    pillow_heif.register_heif_opener(thumbnails=False)
    Image.core.set_block_size(MEMORY_BLOCK)  # type: ignore[attr-defined]  # documented as PILLOW_BLOCK_SIZE
    cv2.utils.logging.setLogLevel(
        cv2.utils.logging.LOG_LEVEL_SILENT
    )  # it would write to stderr about every broken file
    warnings.filterwarnings("error", module=r"PIL\.|pillow_heif")


def _open(data: bytes) -> ImageFile.ImageFile:
    """Read the header only."""
    _prepare_decoders()
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedImage("The image has too many pixels.") from error
    except UnidentifiedImageError as error:
        if _looks_readable(data):
            raise RefusedImage(DAMAGED_HEADER) from error
        raise UnsupportedImage(f"This is {_describe(data)}; send a photograph as {READABLE}.") from error
    except BROKEN as error:
        raise RefusedImage(DAMAGED_HEADER) from error


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


def _megapixels(image: Image.Image) -> float:
    return image.size[0] * image.size[1] / 1e6


def _check_cost(image: Image.Image, file: Stripped) -> None:
    """Refuse what has few enough bytes and pixels, but asks for much more than one pass over them."""
    megapixels = _megapixels(image)
    if file.kept_components > len("RGB") and megapixels > MAX_CMYK_MEGAPIXELS:
        raise RefusedImage(
            f"A progressive JPEG in CMYK may have at most {MAX_CMYK_MEGAPIXELS} megapixels; save it in RGB."
        )
    if file.scans * megapixels > MAX_SCANNED_MEGAPIXELS:
        raise RefusedImage(f"The JPEG has {file.scans} scans of {megapixels:.1f} megapixels each; save it anew.")
    if file.plane_bytes and megapixels > (most := MAX_DECODED_MB / _decoded_bytes(file.plane_bytes, image.mode)):
        raise RefusedImage(
            f"The image has {megapixels:.1f} megapixels; in this format, with colours as fine as here or transparent,"
            f" at most {most:.0f} are accepted. Make it smaller, or save it as a JPEG."
        )
    if image.format == "WEBP" and getattr(image, "n_frames", 1) > 1 and megapixels > MAX_ANIMATED_MEGAPIXELS:
        raise RefusedImage(f"An animated WebP may have at most {MAX_ANIMATED_MEGAPIXELS} megapixels; send one picture.")


def _decoded_bytes(plane_bytes: float, mode: str) -> float:
    """Return how many bytes a pixel a HEIC or an AVIF takes on its way to RGB, measured with files of 25 megapixels.

    Two copies of RGB, then the planes and, of those with 10 bits, a part again; for transparency two bytes more.
    """
    return 8.0 + 1.2 * plane_bytes + (2.3 if "A" in mode else 0.0)


def _decode(image: ImageFile.ImageFile, data: bytes, enough_for: int | None) -> Decoded:
    """Return the pixels as they are stored.

    JPEG and WebP by OpenCV, which needs one copy of the pixels; Pillow needs three and five.
    """
    if image.format == "WEBP":
        return _decode_webp(data, image.size)
    if image.format == "JPEG" and image.mode in ("RGB", "L"):
        return _decode_jpeg(data, image.size, enough_for or max(image.size))
    image.load()
    _forget_source(image)
    return image


def _forget_source(image: ImageFile.ImageFile) -> None:
    """Free what a loaded image still holds: of an AVIF that is the pixels twice more, as YCbCr and as bytes."""
    vars(image).pop("_decoder", None)
    if image.fp:
        image.fp.close()


def _decode_jpeg(data: bytes, size: tuple[int, int], enough_for: int) -> NDArray[np.uint8]:
    """Return HWC RGB, a half, a quarter or an eighth of `size` where the longer side still has `enough_for` pixels."""
    reduction = next((factor for factor in REDUCTIONS if max(size) >= factor * enough_for), 1)
    return _decode_by_opencv(data, size, REDUCTIONS[reduction] | JPEG_FLAGS, reduction)


def _decode_webp(data: bytes, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return HWC RGB or RGBA."""
    pixels = _decode_by_opencv(data, size, cv2.IMREAD_UNCHANGED)
    to_rgb = cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return cv2.cvtColor(pixels, to_rgb, dst=pixels).astype(np.uint8, copy=False)


def _decode_by_opencv(data: bytes, size: tuple[int, int], flags: int, reduction: int = 1) -> NDArray[np.uint8]:
    """Raise ValueError where that fails. `size` (width, height) is what the file's header says."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None or pixels.shape[1::-1] != tuple(math.ceil(side / reduction) for side in size):
        raise ValueError("OpenCV cannot decode it")
    return pixels.astype(np.uint8, copy=False)


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
