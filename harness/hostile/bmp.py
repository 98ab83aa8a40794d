"""Hostile BMPs: headers of all ages, runs that decode slowly, palettes and offsets that lie."""

import struct
from collections.abc import Iterator

from harness.hostile.case import READ, REFUSED, Case, cut_at
from harness.pictures import bmp_header, encode, make_upright

RGB, RLE8, RLE4, BITFIELDS, JPEG, PNG = range(6)
LARGEST_INT = 2**31 - 1


def cases() -> Iterator[Case]:
    """Give all hostile BMPs."""
    yield from cut_at((0.01, 0.2, 0.5, 0.9), "BMP", lambda: encode(make_upright(), "BMP"))
    yield Case("BMP of 2,147,483,647 x 1", lambda: bmp_header(LARGEST_INT, 1), REFUSED)
    yield Case("BMP of 2,147,483,648 rows upside down", lambda: bmp_header(1, -(2**31)), REFUSED)
    yield Case("BMP of -16 columns", lambda: bmp_header(-16, 16), REFUSED)
    yield Case("BMP of 0 x 0", lambda: bmp_header(0, 0), REFUSED)
    for bits in (0, 3, 64):
        yield Case(f"BMP of {bits} bits", lambda bits=bits: bmp(bits=bits), REFUSED)
    for name, compression in (("JPEG", JPEG), ("PNG", PNG), ("an unknown kind", 99)):
        yield Case(f"BMP that holds {name}", lambda compression=compression: bmp(compression=compression), REFUSED)
    yield Case("BMP of 4,294,967,295 colours", lambda: bmp(bits=8, colours=2**32 - 1), REFUSED)
    yield Case("BMP of no colours and 8 bits", lambda: bmp(bits=8), READ)
    yield Case("BMP whose pixels lie beyond its end", lambda: bmp(offset=2**31), REFUSED)
    yield Case("BMP whose pixels begin in its header", lambda: bmp(offset=0), READ)
    yield Case("BMP whose header claims 4 GB", lambda: bmp(header_size=2**32 - 1), REFUSED)
    yield Case("BMP whose header has 3 bytes", lambda: bmp(header_size=3), REFUSED)
    yield Case("BMP of masks that mean nothing", lambda: bmp(bits=32, compression=BITFIELDS), READ)
    yield Case("BMP in 25 megapixels of runs", lambda: _runs(5000, 5000, bytes(2) * 4_000_000), REFUSED)
    yield Case("BMP in 9 MB of runs of one", lambda: _runs(2000, 2000, b"\1\7" * 4_000_000), REFUSED)
    yield Case("BMP in runs that move outside", lambda: _runs(16, 16, b"\0\2\xff\xff" * 100), READ)
    yield Case("BMP in runs that end at once", lambda: _runs(16, 16, b"\0\1"), REFUSED)
    yield Case(
        "BMP of 4 bits in runs", lambda: bmp(bits=4, compression=RLE4, pixels=b"\x10\x12" * 16 + b"\0\1"), REFUSED
    )


def bmp(*, size: tuple[int, int] = (16, 16), bits: int = 24, compression: int = RGB, colours: int = 0,
        offset: int | None = None, header_size: int = 40, pixels: bytes | None = None) -> bytes:  # fmt: skip
    """Return a BMP of (width, height), black unless `pixels` are given."""
    width, height = size
    info = struct.pack("<IiiHHIIiiII", header_size, width, height, 1, bits, compression, 0, 1, 1, colours, 0)
    palette = bytes(4 * 256) if bits <= 8 else b""
    start = 14 + len(info) + len(palette) if offset is None else offset
    data = bytes(width * height * 4) if pixels is None else pixels
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, start) + info + palette + data


def _runs(width: int, height: int, pixels: bytes) -> bytes:
    return bmp(size=(width, height), bits=8, compression=RLE8, pixels=pixels)
