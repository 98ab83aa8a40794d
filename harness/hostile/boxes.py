"""Hostile HEICs and AVIFs (ISO 14496-12, 23008-12): boxes, items and sizes that lie."""

import io
import struct
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image

from harness.hostile import exif
from harness.hostile.case import NOT_AN_IMAGE, READ, REFUSED, Case, cut_at
from harness.pictures import box_file_header, encode, heic_of_ten_bits, make_upright

KINDS = {"HEIC": "HEIF", "AVIF": "AVIF"}
LIES = {"HEIF": REFUSED, "AVIF": READ}  # of a size: libavif makes the picture as large as the boxes say


def cases() -> Iterator[Case]:
    """Give all hostile HEICs and AVIFs."""
    for name, kind in KINDS.items():
        yield from cut_at((0.05, 0.2, 0.4, 0.6, 0.8, 0.95), name, lambda kind=kind: noise(kind))
        yield from _sizes(name, kind)
        yield from _structure(name, kind)
        for damage, block in exif.hostile_blocks():
            if len(block) > 10:  # whoever writes these files has to read the block first
                yield Case(f"{name} with {damage}", lambda kind=kind, block=block: with_exif(kind, block), READ)
    yield from _derived()
    yield from _hidden_megapixels()
    yield from _fine_colours()


@cache
def noise(kind: str) -> bytes:
    """Return a file that does not compress."""
    return encode(np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8), kind)


@cache
def plain(kind: str) -> bytes:
    """Return a good small file."""
    return encode(make_upright(64, 64), kind)


@cache
def large(kind: str, width: int, height: int, **options: Any) -> bytes:
    """Return a large file of one colour and few bytes."""
    quick = {"AVIF": {"speed": 10}, "HEIF": {"enc_params": {"preset": "ultrafast"}}}
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 60)).save(file, kind, quality=10, **quick[kind], **options)
    return file.getvalue()


def with_exif(kind: str, block: bytes) -> bytes:
    """Return a good file in whose Exif item stands the block: first a filler of its size is encoded."""
    filler = exif.directory([], padding=max(0, len(block) - 14))[: len(block)]
    data = encode(make_upright(64, 64), kind, exif=b"Exif\0\0" + filler)
    place = data.rindex(filler) if filler in data else data.rindex(filler[:14])
    return data[:place] + block + data[place + len(block) :]


def _claiming(kind: str, width: int, height: int, data: bytes) -> bytes:
    """Return the file with another size in its properties than in its coded picture."""
    patched = bytearray(data)
    place = patched.index(b"ispe") + 8
    patched[place : place + 8] = struct.pack(">II", width, height)
    return bytes(patched)


def _sizes(name: str, kind: str) -> Iterator[Case]:
    yield Case(f"{name} that claims 30 megapixels", lambda: box_file_header(kind, 6000, 5000), REFUSED)
    yield Case(f"{name} that claims 65,535 x 65,535", lambda: box_file_header(kind, 65_535, 65_535), REFUSED)
    yield Case(f"{name} that claims 0 x 0", lambda: box_file_header(kind, 0, 0), REFUSED)
    yield Case(f"{name} that claims more than it has", lambda: box_file_header(kind, 4000, 4000), LIES[kind])
    yield Case(f"{name} of 4 megapixels of one colour", lambda: large(kind, 2000, 2000), READ)
    yield Case(f"{name} of 12,002 x 64", lambda: large(kind, 12_002, 64), REFUSED)
    for width, height in ((64, 64), (1500, 1500)):
        yield Case(
            f"{name} of 4 megapixels that claims {width} x {height}",
            lambda size=(width, height): _claiming(kind, *size, large(kind, 2000, 2000)),
            LIES[kind],
        )


def _fine_colours() -> Iterator[Case]:
    yield Case("AVIF of 24 megapixels in 4:4:4", lambda: large("AVIF", 6000, 4000, subsampling="4:4:4"), REFUSED)
    yield Case("HEIC of 24 megapixels in 4:4:4 and 10 bits", lambda: heic_of_ten_bits(6000, 4000), REFUSED)


def _hidden_megapixels() -> Iterator[Case]:
    for width, height in ((64, 64), (5000, 5000)):
        yield Case(
            f"AVIF of 30 megapixels that claims {width} x {height}",
            lambda size=(width, height): _claiming("AVIF", *size, large("AVIF", 6000, 5000)),
            REFUSED,
        )
    yield Case("AVIF that moves, 12,002 wide, that claims 64 x 64", _moving, REFUSED)


@cache
def _moving() -> bytes:
    """Return an animation whose frames are larger than all that its boxes say."""
    frames = [Image.new("RGB", (12_002, 64), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "AVIF", save_all=True, append_images=frames[1:], quality=10, speed=10)
    return file.getvalue().replace(struct.pack(">II", 12_002, 64), struct.pack(">II", 64, 64))


def _renamed(kind: str, old: bytes, new: bytes) -> bytes:
    data = plain(kind)
    assert old in data
    return data.replace(old, new, 1)


def _resized(kind: str, box: bytes, size: int) -> bytes:
    """Return the file with another length in front of a box."""
    data = bytearray(plain(kind))
    place = data.index(box) - 4
    data[place : place + 4] = struct.pack(">I", size)
    return bytes(data)


def _structure(name: str, kind: str) -> Iterator[Case]:
    yield Case(f"{name} that has only its type", lambda: plain(kind)[:32], REFUSED)
    yield Case(f"{name} without a description", lambda: _renamed(kind, b"meta", b"skip"), REFUSED)
    yield Case(f"{name} without places", lambda: _renamed(kind, b"iloc", b"skip"), REFUSED)
    yield Case(f"{name} without items", lambda: _renamed(kind, b"iinf", b"skip"), REFUSED)
    yield Case(f"{name} without properties", lambda: _renamed(kind, b"iprp", b"skip"), REFUSED)
    yield Case(f"{name} without a first item", lambda: _renamed(kind, b"pitm", b"skip"), REFUSED)
    for box in (b"meta", b"iloc", b"ipco"):
        for size in (1, 7, 2**32 - 1):
            yield Case(f"{name} whose {box.decode()} has length {size}",
                       lambda box=box, size=size: _resized(kind, box, size), REFUSED)  # fmt: skip
    yield Case(f"{name} in 1,000,000 boxes", lambda: plain(kind) + b"\0\0\0\x08skip" * 1_000_000, REFUSED)
    yield Case(f"{name} whose boxes lie in each other", lambda: plain(kind)[:32] + _nested(5000), REFUSED)


def _nested(depth: int) -> bytes:
    boxes = b""
    for _ in range(depth):
        boxes = struct.pack(">I", len(boxes) + 12) + b"meta" + bytes(4) + boxes
    return boxes


def box(name: bytes, *parts: bytes) -> bytes:
    """Return a box."""
    data = b"".join(parts)
    return struct.pack(">I", len(data) + 8) + name + data


def full_box(name: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    """Return a box with a version."""
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


def derived(kind: bytes, content: bytes, sources: list[int], size: tuple[int, int]) -> bytes:
    """Return a HEIC whose first item is made of other items (grid, iovl, iden), which may be itself."""
    infos = full_box(b"infe", struct.pack(">HH", 1, 0), kind, b"\0", version=2)
    reference = box(b"dimg", struct.pack(">HH", 1, len(sources)), *(struct.pack(">H", item) for item in sources))
    place = struct.pack(">BBHHHHHII", 0x44, 0, 1, 1, 1, 0, 1, 0, len(content))  # in the `idat` box
    properties = box(b"ipco", full_box(b"ispe", struct.pack(">II", *size)))
    association = full_box(b"ipma", struct.pack(">IHBB", 1, 1, 1, 1))
    meta = full_box(
        b"meta",
        full_box(b"hdlr", bytes(4), b"pict", bytes(13)),
        full_box(b"pitm", struct.pack(">H", 1)),
        full_box(b"iinf", struct.pack(">H", 1), infos),
        full_box(b"iref", reference),
        box(b"iprp", properties, association),
        box(b"idat", content),
        full_box(b"iloc", place, version=1),
    )
    return box(b"ftyp", b"heic", bytes(4), b"mif1heic") + meta


def _derived() -> Iterator[Case]:
    tiles = struct.pack(">BBBBHH", 0, 0, 255, 255, 5000, 5000)
    yield Case("HEIC made of itself", lambda: derived(b"iden", b"", [1], (64, 64)), REFUSED)
    yield Case("HEIC that is a grid of itself", lambda: derived(b"grid", tiles, [1] * 65_535, (5000, 5000)), REFUSED)
    yield Case("HEIC that is a grid of nothing", lambda: derived(b"grid", tiles, [], (5000, 5000)), REFUSED)
    overlay = struct.pack(">BBHHHHHH", 0, 0, 0, 0, 0, 0, 5000, 5000)
    yield Case("HEIC laid over itself", lambda: derived(b"iovl", overlay, [1] * 1000, (5000, 5000)), REFUSED)
    yield Case("video in a HEIC's boxes", lambda: box(b"ftyp", b"isom", bytes(4)) + plain("HEIF")[24:], NOT_AN_IMAGE)
