"""Hostile PNGs (ISO 15948): chunks that inflate to gigabytes, never end, or contradict each other."""

import struct
import zlib
from collections.abc import Iterator
from functools import cache

import numpy as np
from PIL import Image

from harness.hostile import exif
from harness.hostile.case import READ, REFUSED, Case, cut_at
from harness.pictures import encode, make_upright, png_header

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = (b"IEND", b"")
PROFILE_NAME = b"icc\0\0"
ADAM7 = 1


def cases() -> Iterator[Case]:
    """Give all hostile PNGs."""
    yield from cut_at((0.01, 0.1, 0.3, 0.6, 0.9), "PNG", noise)
    yield from _headers()
    yield from _pixels()
    yield from _chunks()
    yield from _texts()
    yield from _animations()
    yield from _palettes()


def noise() -> bytes:
    """Return a PNG that does not compress."""
    return encode(np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8), "PNG")


def chunk(name: bytes, data: bytes, checksum: int | None = None) -> bytes:
    """Return a chunk, its checksum right unless another is given."""
    right = zlib.crc32(name + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", right)


def header(width: int, height: int, *, bits: int = 8, colour: int = 2, interlace: int = 0) -> tuple[bytes, bytes]:
    """Return the first chunk."""
    return b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace)


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG of chunks."""
    return SIGNATURE + b"".join(chunk(*one) for one in chunks)


def small(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a good PNG with more chunks behind its header."""
    return png(header(4, 4), *chunks, (b"IDAT", zlib.compress(bytes(4 * 13))), END)


def flat(width: int, height: int, *, bits: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    """Return a PNG of one colour and few bytes."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = 1 + -(-width * samples * bits // 8)
    total = (row + 8) * height * (2 if interlace else 1)
    deflate = zlib.compressobj(1)
    data = b"".join(deflate.compress(bytes(1_000_000)) for _ in range(-(-total // 1_000_000))) + deflate.flush()
    return png(header(width, height, bits=bits, colour=colour, interlace=interlace), (b"IDAT", data), END)


@cache
def bomb(size: int) -> bytes:
    """Return zeros, deflated to a thousandth."""
    deflate = zlib.compressobj(9)
    return b"".join(deflate.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + deflate.flush()


def _headers() -> Iterator[Case]:
    for name, fields in {
        "3 bits": {"bits": 3}, "0 bits": {"bits": 0}, "64 bits": {"bits": 64}, "colour type 5": {"colour": 5},
        "colour type 255": {"colour": 255},
    }.items():  # fmt: skip
        yield Case(f"PNG of {name}", lambda fields=fields: png(header(4, 4, **fields), *_data(100), END), REFUSED)
    yield Case("PNG of 2,147,483,647 x 1", lambda: png_header(2**31 - 1, 1), REFUSED)
    yield Case("PNG of 4,294,967,295 x 4,294,967,295", lambda: png_header(2**32 - 1, 2**32 - 1), REFUSED)
    yield Case("PNG of 5,001 x 5,000", lambda: png_header(5001, 5000), REFUSED)
    yield Case("PNG of 0 x 0", lambda: png_header(0, 0), REFUSED)
    yield Case("PNG of 12,001 x 1", lambda: png_header(12_001, 1), REFUSED)
    yield Case("PNG that has only its signature", lambda: SIGNATURE, REFUSED)
    yield Case("PNG without a header", lambda: png(*_data(100), END), REFUSED)
    yield Case("PNG whose header is short", lambda: png((b"IHDR", b"\0\0\0\4"), END), REFUSED)
    yield Case("PNG whose header has a wrong sum", lambda: SIGNATURE + chunk(*header(4, 4), checksum=1), REFUSED)
    yield Case("PNG of two headers", lambda: png(header(4, 4), header(5000, 5000), *_data(52), END), REFUSED)


def _data(size: int) -> list[tuple[bytes, bytes]]:
    return [(b"IDAT", zlib.compress(bytes(size)))]


def _pixels() -> Iterator[Case]:
    yield Case("PNG of 25 megapixels in few bytes", lambda: flat(5000, 5000), READ)
    yield Case("PNG of 25 megapixels, transparent", lambda: flat(5000, 5000, colour=6), READ)
    yield Case("PNG of 4 megapixels, interlaced", lambda: flat(2000, 2000, interlace=ADAM7), READ)
    yield Case("PNG of 4 megapixels of 16 bits", lambda: flat(2000, 2000, bits=16), READ)
    yield Case("PNG of 25 megapixels, 16 bits, transparent, interlaced", _largest_interlaced, READ)
    yield Case("PNG of 24 megapixels of grey, 16 bits", lambda: flat(6000, 4000, bits=16, colour=0), READ)
    yield Case("PNG whose data inflate to 100 MB", lambda: png(header(4, 4), (b"IDAT", bomb(100_000_000)), END), READ)
    yield Case("PNG of 25 megapixels without data", lambda: png_header(5000, 5000), REFUSED)
    yield Case("PNG whose data are no deflate", lambda: png(header(4, 4), (b"IDAT", b"words" * 9), END), REFUSED)
    yield Case("PNG whose data end early", lambda: png(header(40, 40), *_data(9), END), REFUSED)
    yield Case("PNG without data", lambda: png(header(4, 4), END), REFUSED)
    yield Case(
        "PNG of an unknown filter", lambda: png(header(4, 4), (b"IDAT", zlib.compress(b"\x09" * 52)), END), REFUSED
    )


def _largest_interlaced() -> bytes:
    return flat(5000, 5000, bits=16, colour=6, interlace=ADAM7)


def _chunks() -> Iterator[Case]:
    yield Case("PNG of 700,000 empty data chunks", lambda: _many(b"IDAT", 700_000), REFUSED)
    yield Case("PNG of 700,000 unknown chunks", lambda: _many(b"teSt", 700_000), REFUSED)
    yield Case("PNG of 5,000 unknown chunks", lambda: small(*[(b"teSt", b"")] * 5000), READ)
    yield Case("PNG whose chunk claims 4 GB", lambda: SIGNATURE + chunk(*header(4, 4)) + b"\xff" * 4 + b"IDAT", REFUSED)
    yield Case("PNG whose unknown chunk has a wrong sum", lambda: _wrong_sum(b"teSt"), READ)
    yield Case("PNG whose data have a wrong sum", lambda: _wrong_sum(b"IDAT"), READ)
    yield Case("PNG with an unknown critical chunk", lambda: small((b"TEST", b"?")), READ)
    yield Case("PNG without an end", lambda: png(header(4, 4), *_data(52)), READ)
    yield Case("PNG followed by 9 MB", lambda: small() + bytes(9_000_000), READ)
    for name, data in {
        b"gAMA": b"",
        b"cHRM": b"\0",
        b"pHYs": b"",
        b"tIME": b"\xff",
        b"sRGB": b"",
    }.items():
        kind = name.decode()
        yield Case(f"PNG whose {kind} is short", lambda name=name, data=data: small((name, data)), READ)
    yield Case("PNG whose tRNS is short", lambda: small((b"tRNS", b"\0")), REFUSED)
    for name, block in exif.hostile_blocks():
        yield Case(f"PNG with {name}", lambda block=block: small((b"eXIf", block)), READ)


def _many(name: bytes, count: int) -> bytes:
    return SIGNATURE + chunk(*header(4, 4)) + chunk(name, b"") * count + chunk(*_data(52)[0]) + chunk(*END)


def _wrong_sum(name: bytes) -> bytes:
    data = zlib.compress(bytes(52))
    return SIGNATURE + chunk(*header(4, 4)) + chunk(name, data, checksum=7) + chunk(b"IDAT", data) + chunk(*END)


def _texts() -> Iterator[Case]:
    large = bomb(100_000_000)
    yield Case("PNG whose profile inflates to 100 MB", lambda: small((b"iCCP", PROFILE_NAME + large)), READ)
    yield Case("PNG whose text inflates to 100 MB", lambda: small((b"zTXt", b"a\0\0" + large)), READ)
    yield Case("PNG whose iTXt inflates to 100 MB", lambda: small((b"iTXt", b"a\0\1\0\0\0" + large)), READ)
    yield Case("PNG of 40 texts of 1 MB", lambda: small(*[(b"zTXt", b"a\0\0" + bomb(1_000_000))] * 40), READ)
    yield Case("PNG of 9,000 texts", lambda: small(*[(b"tEXt", b"a\0b")] * 9000), READ)
    yield Case("PNG with a text of 9 MB", lambda: small((b"tEXt", b"a\0" + b"b" * 9_000_000)), READ)
    yield Case("PNG whose profile has no end", lambda: small((b"iCCP", b"name")), READ)


def _animations() -> Iterator[Case]:
    endless = (b"acTL", struct.pack(">II", 2**31 - 1, 0))
    outside = (b"fcTL", struct.pack(">IIIIIHHBB", 0, 2**30, 2**30, 2**30, 2**30, 1, 1, 0, 0))
    frame = (b"fcTL", struct.pack(">IIIIIHHBB", 0, 4, 4, 0, 0, 1, 1, 0, 0))
    yield Case("PNG of 2,147,483,647 frames", lambda: small(endless, frame), READ)
    yield Case("PNG of no frames", lambda: small((b"acTL", bytes(8))), READ)
    yield Case("PNG whose frame lies outside", lambda: small(endless, outside), READ)
    yield Case("PNG whose frames come before their count", lambda: small(frame, endless), READ)
    yield Case("PNG of 9,000 frames", lambda: small(endless, *[frame, (b"fdAT", b"\0\0\0\1" + b"x")] * 4500), READ)


def _palettes() -> Iterator[Case]:
    indices = (b"IDAT", zlib.compress(bytes([0, 9, 9, 9, 9] * 4)))
    yield Case("PNG without its palette", lambda: png(header(4, 4, colour=3), indices, END), REFUSED)
    yield Case(
        "PNG of 3,000 colours", lambda: png(header(4, 4, colour=3), (b"PLTE", bytes(9000)), indices, END), REFUSED
    )
    yield Case(
        "PNG that is cut in its palette", lambda: png(header(4, 4, colour=3), (b"PLTE", b"\1"), indices, END), READ
    )
    transparent = (b"tRNS", bytes(5000))
    yield Case("PNG of 5,000 transparencies",
               lambda: png(header(4, 4, colour=3), (b"PLTE", bytes(9)), transparent, indices, END),
               REFUSED)  # fmt: skip
    yield Case("PNG of 24 megapixels of one bit", lambda: encode(Image.new("1", (6000, 4000)), "PNG"), READ)
    yield Case(
        "PNG that is a palette of 1 pixel", lambda: encode(Image.fromarray(make_upright(1, 1)).quantize(2), "PNG"), READ
    )
