"""Hostile GIFs (GIF89a): screens, frames and sub-blocks."""

import struct
from collections.abc import Iterator

from PIL import Image

from harness.hostile.case import NOT_AN_IMAGE, READ, REFUSED, Case, cut_at
from harness.pictures import encode, gif_header, make_upright

PIXELS = b"\2\2D\1\0"  # the smallest code, one sub-block, the terminator: one pixel
COLOURS = b"\0\0\0\xff\xff\xff"
TRAILER = b";"


def cases() -> Iterator[Case]:
    """Give all hostile GIFs."""
    yield from cut_at((0.05, 0.2, 0.5, 0.9), "GIF", lambda: encode(make_upright(), "GIF"))
    yield Case("GIF of 65,535 x 65,535", lambda: gif_header(65_535, 65_535), REFUSED)
    yield Case("GIF of 0 x 0", lambda: gif_header(0, 0), REFUSED)
    yield Case("GIF of 24 megapixels of one colour", lambda: encode(Image.new("P", (6000, 4000)), "GIF"), READ)
    yield Case("GIF of 24 megapixels around one pixel", lambda: gif(screen=(6000, 4000)), READ)
    yield Case("GIF whose frame is larger than its screen", lambda: gif(frame=(0, 0, 9000, 9000)), REFUSED)
    yield Case("GIF whose frame lies outside", lambda: gif(frame=(60_000, 60_000, 9, 9)), REFUSED)
    yield Case("GIF of code size 0", lambda: gif(pixels=b"\0" + PIXELS[1:]), READ)
    yield Case("GIF of code size 255", lambda: gif(pixels=b"\xff" + PIXELS[1:]), REFUSED)
    yield Case("GIF without pixels", lambda: gif(pixels=b"\2\0"), REFUSED)
    yield Case("GIF that ends in a sub-block", lambda: gif(pixels=b"\2\xff\1"), REFUSED)
    yield Case(
        "GIF of codes it has not defined",
        lambda: gif(frame=(0, 0, 50, 50), pixels=b"\2\x08" + b"\xfe" * 8 + b"\0"),
        REFUSED,
    )
    yield Case("GIF without a frame", lambda: _start((1, 1)) + TRAILER, REFUSED)
    yield Case("GIF of 30,000 frames", lambda: _start((1, 1)) + _frame((0, 0, 1, 1), PIXELS) * 30_000 + TRAILER, READ)
    yield Case("GIF of a comment of 9 MB", lambda: gif(before=_comment(9_000_000)), REFUSED)
    yield Case("GIF of 600,000 comments", lambda: gif(before=b"!\xfe\1a\0" * 600_000), REFUSED)
    yield Case("GIF of 4,000,000 empty extensions", lambda: gif(before=b"!\x77\0" * 3_000_000), REFUSED)
    yield Case("GIF of 9 MB between its blocks", lambda: gif(before=bytes(9_000_000)), REFUSED)
    yield Case("GIF of a wrong application", lambda: gif(before=b"!\xff\x0bNETSCAPE2.0\1\1\0"), READ)
    yield Case("GIF without colours", lambda: b"GIF89a\1\0\1\0\0\0\0" + _frame((0, 0, 1, 1), PIXELS) + TRAILER, READ)
    yield Case("GIF that ends in its colours", lambda: b"GIF89a\1\0\1\0\xf7\0\0" + b"\1" * 90, REFUSED)
    yield Case("GIF of an unknown version", lambda: b"GIF99z" + gif()[6:], NOT_AN_IMAGE)


def gif(*, screen: tuple[int, int] = (1, 1), frame: tuple[int, int, int, int] | None = None, pixels: bytes = PIXELS,
        before: bytes = b"") -> bytes:  # fmt: skip
    """Return a GIF of one frame (left, top, width, height), with other blocks before it."""
    return _start(screen) + before + _frame(frame or (0, 0, 1, 1), pixels) + TRAILER


def _start(screen: tuple[int, int]) -> bytes:
    return b"GIF89a" + struct.pack("<HH", *screen) + b"\x80\0\0" + COLOURS


def _frame(place: tuple[int, int, int, int], pixels: bytes) -> bytes:
    return b"," + struct.pack("<HHHH", *place) + b"\0" + pixels


def _comment(size: int) -> bytes:
    return b"!\xfe" + (b"\xff" + b"a" * 255) * (size // 256) + b"\0"
