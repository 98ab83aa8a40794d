"""Small pictures made for tests: one that no turn or mirror leaves the same, in every kind of file that is read."""

import io
import struct
import zlib
from functools import cache
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

ORIENTATION_TAG = 0x0112
QUADRANTS = ((220, 30, 30), (30, 200, 40), (30, 40, 210), (230, 220, 60))  # red, green / blue, yellow
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF")


def make_upright(height: int = 32, width: int = 64) -> Pixels:
    """Return a picture of four differently coloured quadrants, HWC uint8 RGB."""
    picture = np.empty((height, width, 3), np.uint8)
    middle, centre = height // 2, width // 2
    picture[:middle, :centre], picture[:middle, centre:] = QUADRANTS[:2]
    picture[middle:, :centre], picture[middle:, centre:] = QUADRANTS[2:]
    return picture


def store(upright: Pixels, orientation: int) -> Pixels:
    """Return the pixels as a camera stores them under an EXIF orientation (EXIF 2.32: where row 0 and column 0 are)."""
    by_rows = {1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1]}
    if orientation in by_rows:
        return np.ascontiguousarray(by_rows[orientation])
    columns = upright.transpose(1, 0, 2)  # from here on row 0 of the file is a side of the picture: left or right
    by_columns = {5: columns, 6: columns[::-1], 7: columns[::-1, ::-1], 8: columns[:, ::-1]}
    return np.ascontiguousarray(by_columns[orientation])


def encode(pixels: Pixels | Image.Image, kind: str, *, orientation: int | None = None, **options: Any) -> bytes:
    """Return a file of the format, as good as it can be made, with an EXIF tag where `orientation` is given."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    best: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 98, "subsampling": 0},
        "WEBP": {"quality": 98},
        "AVIF": {"quality": 98, "subsampling": "4:4:4"},
        "HEIF": {"quality": 98, "chroma": 444},
    }
    if orientation is not None:
        options["exif"] = make_exif(orientation)
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, kind, **{**best.get(kind, {}), **options})
    return buffer.getvalue()


@cache
def heic_of_ten_bits(width: int, height: int, chroma: int = 444) -> bytes:
    """Return a HEIC of one colour with 10 bits a sample."""
    grey = np.full((height, width, 3), 2**15, "<u2")
    buffer = io.BytesIO()
    picture = pillow_heif.from_bytes("RGB;16", (width, height), grey.tobytes())
    picture.save(buffer, quality=10, chroma=chroma, enc_params={"preset": "ultrafast"})
    return buffer.getvalue()


def make_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    exif[0x010F] = "A camera"
    return exif.tobytes()


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and has next to no pixels: whoever decodes it fails."""
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(name, data) for name, data in chunks)


def jpeg_header(width: int, height: int) -> bytes:
    """Return a JPEG of 16 x 16 pixels whose frame header claims a size."""
    data = bytearray(encode(make_upright(16, 16), "JPEG"))
    frame = data.index(b"\xff\xc0")  # marker, length (2), precision (1), height (2), width (2)
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def gif_header(width: int, height: int) -> bytes:
    """Return a GIF whose screen and first frame claim a size."""
    return (
        b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff"
        b"," + struct.pack("<HHHH", 0, 0, width, height) + b"\0\2\2D\1\0;"
    )


def bmp_header(width: int, height: int) -> bytes:
    data = bytearray(encode(make_upright(16, 16), "BMP"))
    data[18:26] = struct.pack("<ii", width, height)
    return bytes(data)


def webp_header(width: int, height: int) -> bytes:
    """Return a lossless WebP that claims a size, and whose pixels are missing."""
    size = 0x2F | (width - 1) << 8 | (height - 1) << 22
    body = b"VP8L" + struct.pack("<I", 16) + size.to_bytes(5, "little") + bytes(11)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def box_file_header(kind: str, width: int, height: int, pixels: Pixels | None = None) -> bytes:
    """Return a HEIF or AVIF whose image properties (the `ispe` box) claim a size."""
    data = bytearray(encode(make_upright(64, 64) if pixels is None else pixels, kind))
    place = data.index(b"ispe") + 8
    data[place : place + 8] = struct.pack(">II", width, height)
    return bytes(data)


def jpeg_with_scans(count: int) -> bytes:
    """Return a progressive JPEG whose last scan is repeated until there are `count`."""
    data = encode(make_upright(), "JPEG", progressive=True)
    scans = data.count(b"\xff\xda")
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * (count - scans + 1) + data[-2:]


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
