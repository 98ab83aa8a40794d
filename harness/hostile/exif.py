"""Hostile Exif blocks (a TIFF directory): entries that repeat, point at themselves, or ask for gigabytes."""

import struct
from collections.abc import Iterator

UNDEFINED, SHORT, LONG = 7, 3, 4


def hostile_blocks() -> Iterator[tuple[str, bytes]]:
    """Give a name and a block, without the `Exif` in front. None of them says how the picture is turned."""
    yield "Exif of 65,000 entries that each ask for a megabyte", directory([_all_of(1_000_000)] * 65_000, 1_000_000)
    yield "Exif of 5,000 entries that each ask for all", directory([_all_of(60_000)] * 5000)
    yield "Exif whose directory points at itself", directory([struct.pack("<HHII", 0x8769, LONG, 1, 8)] * 3)
    yield "Exif whose next directory is itself", directory([], following=8)
    yield "Exif that asks for 4 GB", directory([struct.pack("<HHII", 0x010F, UNDEFINED, 0xFFFF_FFFF, 0)])
    yield "Exif of an unknown type", directory([struct.pack("<HHII", 0x0112, 99, 1, 6)])
    yield "Exif whose turn is a text", directory([struct.pack("<HHI4s", 0x0112, 2, 4, b"six\0")])
    yield "Exif whose directory lies beyond its end", b"II*\0" + struct.pack("<I", 0xFFFF_FFF0)
    yield "Exif in BigTIFF", b"II+\0" + struct.pack("<HHQQ", 8, 0, 16, 2**63)
    yield "Exif of noise", b"II*\0\x08\0\0\0" + bytes(range(256)) * 200
    yield "an empty Exif", b""


def directory(entries: list[bytes], padding: int = 0, following: int = 0) -> bytes:
    """Return a little-endian TIFF with one directory."""
    head = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries))
    return head + b"".join(entries) + struct.pack("<I", following) + bytes(padding)


def _all_of(size: int) -> bytes:
    return struct.pack("<HHII", 0x927C, UNDEFINED, size, 8)
