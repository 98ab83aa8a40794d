"""Hostile JPEGs (ITU-T T.81): markers, scans and metadata that lie or never end."""

import io
import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from harness.hostile import exif
from harness.hostile.case import NOT_AN_IMAGE, READ, REFUSED, Case, cut_at
from harness.pictures import encode, jpeg_header, jpeg_with_scans, make_upright

SOI, EOI, SOS = b"\xff\xd8", b"\xff\xd9", b"\xff\xda"
DC_TABLE = bytes([0x00, 1, *bytes(15), 0])  # one code, 0: a difference of 0
AC_TABLE = bytes([0x10, 1, 1, *bytes(14), 0xE0, 0x00])  # 0: the end of 2^14 bands and more, 10: the end of one


def cases() -> Iterator[Case]:
    """Give all hostile JPEGs."""
    yield from cut_at((0.02, 0.1, 0.25, 0.5, 0.75, 0.95), "JPEG", plain)
    yield from cut_at((0.3, 0.6, 0.9), "progressive JPEG", progressive)
    yield from _scans()
    yield from _markers()
    yield from _segments()
    yield from _metadata()


def plain() -> bytes:
    """Return a photograph-like JPEG."""
    return encode(np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8), "JPEG")


def progressive() -> bytes:
    """Return the same in scans."""
    return encode(np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8), "JPEG", progressive=True)


def segment(marker: int, data: bytes) -> bytes:
    """Return a marker with its data; its length counts itself."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def with_segments(*segments: bytes) -> bytes:
    """Return a good JPEG with more segments at its beginning."""
    data = encode(make_upright(), "JPEG")
    return data[:2] + b"".join(segments) + data[2:]


def flat_scans(width: int, height: int, scans: int) -> bytes:
    """Return a progressive grey JPEG of next to no bytes that asks for `scans` passes over all its blocks."""
    blocks = -(-width // 8) * -(-height // 8)
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    dc_scan = segment(0xDA, bytes([1, 1, 0x00, 0, 0, 0x00])) + bytes(-(-blocks // 8))
    runs = "".join("0" + "1" * 14 for _ in range(-(-blocks // 32_767)))  # each ends 32,767 blocks
    ac_data = int(runs.ljust(-(-len(runs) // 8) * 8, "1"), 2).to_bytes(-(-len(runs) // 8))
    ac_scans = [
        segment(0xDA, bytes([1, 1, 0x00, 1 + number % 63, 1 + number % 63, 0x00])) + ac_data.replace(b"\xff", b"\xff\0")
        for number in range(scans - 1)
    ]
    tables = segment(0xDB, b"\0" + b"\1" * 64) + segment(0xC4, DC_TABLE) + segment(0xC4, AC_TABLE)
    return SOI + tables + segment(0xC2, frame) + dc_scan + b"".join(ac_scans) + EOI


def _progressive_cmyk(width: int, height: int) -> bytes:
    """Return the beginning of a file whose decoder would keep eight bytes a pixel beside the pixels."""
    components = b"".join(bytes([number, 0x11, 0]) for number in range(1, 5))
    frame = struct.pack(">BHHB", 8, height, width, 4) + components
    dc_scan = segment(0xDA, bytes([1, 1, 0x00, 0, 0, 0x00])) + bytes(1_000)
    tables = segment(0xDB, b"\0" + b"\1" * 64) + segment(0xC4, DC_TABLE)
    return SOI + tables + segment(0xC2, frame) + dc_scan + EOI


def _scans() -> Iterator[Case]:
    yield Case("JPEG of 64 scans", lambda: jpeg_with_scans(64), READ)
    yield Case("JPEG of 65 scans", lambda: jpeg_with_scans(65), REFUSED)
    yield Case("JPEG of 400 scans", lambda: jpeg_with_scans(400), REFUSED)
    yield Case("JPEG of 400 scans over 24 megapixels", lambda: flat_scans(6000, 4000, 400), REFUSED)
    yield Case("JPEG of 64 scans over 24 megapixels", lambda: flat_scans(6000, 4000, 64), REFUSED)
    yield Case("JPEG of 12 scans over 24 megapixels", lambda: flat_scans(6000, 4000, 12), READ)
    yield Case("progressive JPEG of 24 megapixels in CMYK", lambda: _progressive_cmyk(6000, 4000), REFUSED)
    yield Case("JPEG without a scan", lambda: encode(make_upright(), "JPEG").split(SOS)[0] + EOI, REFUSED)
    yield Case("JPEG whose scan is empty", lambda: _only_headers() + EOI, READ)
    yield Case("JPEG of 24 megapixels in 625 bytes", lambda: _claim(4000, 6000) + EOI, READ)


def _only_headers() -> bytes:
    data = encode(make_upright(), "JPEG")
    start = data.index(SOS)
    return data[: start + 2 + struct.unpack(">H", data[start + 2 : start + 4])[0]]


def _claim(height: int, width: int) -> bytes:
    data = bytearray(_only_headers())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _patched(marker: bytes, offset: int, value: bytes) -> bytes:
    """Return a good JPEG with other bytes at an offset behind a marker's first occurrence."""
    data = bytearray(encode(make_upright(), "JPEG"))
    place = data.index(marker) + offset
    data[place : place + len(value)] = value
    return bytes(data)


def _markers() -> Iterator[Case]:
    for name, marker in (
        ("lossless", 0xC3), ("differential", 0xC5), ("lossless arithmetic", 0xCB), ("reserved", 0xC8),
    ):  # fmt: skip
        yield Case(f"JPEG of {name} coding", lambda marker=marker: _patched(b"\xff\xc0", 1, bytes([marker])), REFUSED)
    yield Case("JPEG that says 12 bits", lambda: _patched(b"\xff\xc0", 4, b"\x0c"), REFUSED)
    yield Case("JPEG that says 0 bits", lambda: _patched(b"\xff\xc0", 4, b"\0"), REFUSED)
    yield Case("JPEG of 0 components", lambda: _patched(b"\xff\xc0", 9, b"\0"), REFUSED)
    yield Case("JPEG of 255 components", lambda: _patched(b"\xff\xc0", 9, b"\xff"), REFUSED)
    yield Case("JPEG sampled 15 x 15", lambda: _patched(b"\xff\xc0", 11, b"\xff"), REFUSED)
    yield Case("JPEG sampled 0 x 0", lambda: _patched(b"\xff\xc0", 11, b"\0"), REFUSED)
    yield Case("JPEG with an unknown table", lambda: _patched(b"\xff\xc0", 12, b"\x09"), REFUSED)
    yield Case("JPEG of no rows", lambda: jpeg_header(16, 0), REFUSED)
    yield Case("JPEG of no columns", lambda: jpeg_header(0, 16), REFUSED)
    yield Case("JPEG of 65,500 x 65,500", lambda: jpeg_header(65_500, 65_500), REFUSED)
    yield Case("JPEG of 65,500 x 1", lambda: jpeg_header(65_500, 1), REFUSED)
    yield Case("JPEG of 1 x 65,500", lambda: jpeg_header(1, 65_500), REFUSED)
    yield Case("JPEG within a JPEG's marker", lambda: SOI + plain(), REFUSED)
    yield Case("JPEG that has only a beginning", lambda: SOI + b"\xff", REFUSED)
    yield Case("JPEG that begins with its end", lambda: SOI + EOI, REFUSED)
    yield Case("JPEG of two frames", lambda: _frame_twice(), REFUSED)
    yield Case("JPEG whose Huffman table overflows", lambda: _patched(b"\xff\xc4", 5, b"\xff" * 16), REFUSED)
    yield Case("JPEG with an end in its middle", lambda: plain()[:2000] + EOI + plain()[2000:], READ)


def _frame_twice() -> bytes:
    data = encode(make_upright(), "JPEG")
    frame = data.index(b"\xff\xc0")
    end = frame + 2 + struct.unpack(">H", data[frame + 2 : frame + 4])[0]
    return data[:end] + data[frame:]


def _segments() -> Iterator[Case]:
    restarts = segment(0xDD, b"\0\1")
    yield Case("JPEG that promises restarts it lacks", lambda: with_segments(restarts), READ)
    yield Case("JPEG of 2,000 comments", lambda: with_segments(*[segment(0xFE, b"a")] * 2000), REFUSED)
    yield Case("JPEG of 1,900,000 segments", lambda: with_segments(segment(0xEA, b"") * 1_900_000), REFUSED)
    yield Case("JPEG of 150 full segments", lambda: with_segments(segment(0xEB, bytes(65_533)) * 150), READ)
    yield Case("JPEG of 9 MB of fill bytes", lambda: with_segments(b"\xff" * 9_000_000), REFUSED)
    yield Case("JPEG of 9 MB of zeros between markers", lambda: with_segments(bytes(9_000_000)), NOT_AN_IMAGE)
    yield Case("JPEG followed by 9 MB", lambda: plain() + bytes(9_000_000), READ)
    yield Case("JPEG whose segment has length 0", lambda: with_segments(b"\xff\xe5\0\0"), REFUSED)
    yield Case("JPEG whose segment has length 1", lambda: with_segments(b"\xff\xe5\0\1"), REFUSED)
    yield Case("JPEG whose segment is longer than the file", lambda: SOI + b"\xff\xe5\xff\xffabc", REFUSED)
    yield Case("JPEG of 20,000 tables", lambda: with_segments(segment(0xDB, b"\0" + b"\1" * 64) * 20_000), REFUSED)


def _metadata() -> Iterator[Case]:
    for name, block in exif.hostile_blocks():
        yield Case(f"JPEG with {name}", lambda block=block: with_segments(*_exif_segments(block)), READ)
    icc = [segment(0xE2, b"ICC_PROFILE\0" + bytes([1 + part % 255, 255]) + bytes(30_000)) for part in range(255)]
    yield Case("JPEG with a profile in 255 parts", lambda: with_segments(*icc), READ)
    yield Case("JPEG with a broken profile", lambda: with_segments(segment(0xE2, b"ICC_PROFILE\0\0\0")), READ)
    photoshop = b"Photoshop 3.0\x008BIM\x03\xed\xff\xff\xff\xff\xff\xff"
    yield Case("JPEG with a broken Photoshop block", lambda: with_segments(segment(0xED, photoshop)), READ)
    yield Case(
        "JPEG with a broken list of pictures", lambda: with_segments(segment(0xE2, b"MPF\0" + b"\xff" * 60)), READ
    )
    yield Case("JPEG whose pictures point at each other", _looping_mpo, READ)
    yield Case("JPEG with a broken Adobe marker", lambda: with_segments(segment(0xEE, b"Adobe")), READ)


def _exif_segments(block: bytes) -> list[bytes]:
    """Return the block in as many segments as it takes."""
    return [segment(0xE1, b"Exif\0\0" + block[start : start + 65_000]) for start in range(0, len(block), 65_000)]


def _looping_mpo() -> bytes:
    pictures = [Image.fromarray(make_upright()) for _ in range(3)]
    file = io.BytesIO()
    pictures[0].save(file, "MPO", save_all=True, append_images=pictures[1:])
    data = bytearray(file.getvalue())
    place = data.index(b"MPF\0")
    data[place + 60 : place + 100] = struct.pack(">I", 4) * 10
    return bytes(data)
