"""Hostile WebPs (RIFF): canvases, frames and chunks that contradict each other."""

import io
import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from harness.hostile import exif
from harness.hostile.case import READ, REFUSED, Case, cut_at
from harness.pictures import encode, make_upright, webp_header

ANIMATED, HAS_EXIF, HAS_ICC = 0x02, 0x08, 0x20


def cases() -> Iterator[Case]:
    """Give all hostile WebPs."""
    yield from cut_at((0.02, 0.1, 0.3, 0.6, 0.9), "WebP", noise)
    yield from cut_at((0.3, 0.9), "lossless WebP", lambda: encode(make_upright(), "WEBP", lossless=True))
    yield Case("WebP of 16,384 x 16,384", lambda: webp_header(16_384, 16_384), REFUSED)
    yield Case("WebP of 25 megapixels without pixels", lambda: webp_header(5000, 5000), REFUSED)
    yield Case("WebP of 4 megapixels of one colour, lossless", lambda: flat(2000, 2000, lossless=True), READ)
    yield Case("WebP of 4 megapixels of one colour", lambda: flat(2000, 2000), READ)
    yield Case("WebP of 24 megapixels, transparent", lambda: flat(6000, 4000, mode="RGBA", lossless=True), READ)
    yield Case("WebP whose canvas is 16,777,216 wide", lambda: extended(2**24, 1, simple()), REFUSED)
    yield Case("WebP whose canvas is larger than its picture", lambda: extended(5000, 4000, simple()), REFUSED)
    yield Case("WebP whose canvas is smaller than its picture", lambda: extended(2, 2, simple()), REFUSED)
    yield Case("WebP that is longer than it says", lambda: _said(10), REFUSED)
    yield Case("WebP that is shorter than it says", lambda: _said(2**32 - 10), REFUSED)
    yield Case("WebP without a picture", lambda: riff(b""), REFUSED)
    yield Case("WebP in a WebP", lambda: riff(chunk(b"VP8 ", noise())), REFUSED)
    yield Case("WebP whose chunk claims 4 GB", lambda: riff(b"VP8 \xff\xff\xff\xff" + bytes(50)), REFUSED)
    yield Case(
        "WebP of 1,000,000 unknown chunks", lambda: extended(64, 32, simple() + chunk(b"teSt", b"") * 1_000_000), READ
    )
    yield Case("WebP of 3,000 frames", lambda: animated(64, 32, [frame(0, 0)] * 3000), READ)
    yield Case("WebP of 400,000 frames", lambda: animated(64, 32, [_empty_frame()] * 400_000), REFUSED)
    yield Case("WebP whose frame lies outside", lambda: animated(64, 32, [frame(60, 30)]), REFUSED)
    yield Case("WebP of 24 megapixels around a small frame", lambda: animated(6000, 4000, [frame(0, 0)] * 2), REFUSED)
    yield Case("WebP of no frames", lambda: animated(64, 32, []), REFUSED)
    for name, block in exif.hostile_blocks():
        yield Case(f"WebP with {name}", lambda block=block: _with_exif(block), READ)
    yield Case(
        "WebP with a profile of 9 MB",
        lambda: extended(64, 32, chunk(b"ICCP", bytes(9_000_000)) + simple(), HAS_ICC),
        READ,
    )


def noise() -> bytes:
    """Return a WebP that does not compress."""
    return encode(np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8), "WEBP")


def flat(width: int, height: int, *, mode: str = "RGB", lossless: bool = False) -> bytes:
    """Return a large WebP of one colour."""
    file = io.BytesIO()
    Image.new(mode, (width, height), 90).save(file, "WEBP", lossless=lossless, quality=10, method=0)
    return file.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a chunk, padded to an even length."""
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def riff(chunks: bytes) -> bytes:
    """Return a WebP of chunks."""
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def simple() -> bytes:
    """Return the chunk with the pixels of a good WebP of 64 x 32."""
    return encode(make_upright(32, 64), "WEBP")[12:]


def extended(width: int, height: int, chunks: bytes, flags: int = 0) -> bytes:
    """Return a WebP whose canvas has a size of its own."""
    canvas = struct.pack("<I", flags) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff(chunk(b"VP8X", canvas) + chunks)


def frame(left: int, top: int) -> bytes:
    """Return a frame of 64 x 32 at an even place."""
    place = b"".join(number.to_bytes(3, "little") for number in (left // 2, top // 2, 63, 31, 90))
    return chunk(b"ANMF", place + b"\0" + simple())


def animated(width: int, height: int, frames: list[bytes]) -> bytes:
    """Return an animation."""
    return extended(width, height, chunk(b"ANIM", bytes(6)) + b"".join(frames), ANIMATED)


def _empty_frame() -> bytes:
    return chunk(b"ANMF", bytes(16))


def _said(length: int) -> bytes:
    data = noise()
    return data[:4] + struct.pack("<I", length) + data[8:]


def _with_exif(block: bytes) -> bytes:
    return extended(64, 32, simple() + chunk(b"EXIF", block), HAS_EXIF)
