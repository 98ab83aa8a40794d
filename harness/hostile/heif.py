"""Hostile HEICs and AVIFs (ISO 14496-12, 23008-12): boxes, items and sizes that lie."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
import pillow_heif
from PIL import Image

from harness.hostile import exif
from harness.hostile.case import NOT_AN_IMAGE, READ, REFUSED, Case, cut_at
from harness.pictures import box_file_header, encode, heic_of_ten_bits, make_upright

KINDS = {"HEIC": "HEIF", "AVIF": "AVIF"}
REFUSED_EXIF = {("AVIF", "Exif in BigTIFF")}  # libavif wants a TIFF in it
LIES = {"HEIF": REFUSED, "AVIF": READ}  # of a size: libavif makes the picture as large as the boxes say


def cases() -> Iterator[Case]:
    """Give all hostile HEICs and AVIFs."""
    for name, kind in KINDS.items():
        yield from cut_at((0.05, 0.2, 0.4, 0.6, 0.8, 0.95), name, lambda kind=kind: noise(kind))
        yield from _sizes(name, kind)
        yield from _structure(name, kind)
        for damage, block in exif.hostile_blocks():
            if len(block) > 10:  # whoever writes these files has to read the block first
                yield Case(
                    f"{name} with {damage}",
                    lambda kind=kind, block=block: with_exif(kind, block),
                    REFUSED if (kind, damage) in REFUSED_EXIF else READ,
                )
    yield from _derived()
    yield from _inner_parameters()
    yield from _hidden_megapixels()
    yield from _fine_colours()
    yield from _moving_pictures()


@cache
def noise(kind: str) -> bytes:
    """Return a file that does not compress."""
    return encode(np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8), kind)


@cache
def plain(kind: str) -> bytes:
    """Return a good small file."""
    return encode(make_upright(64, 64), kind)


@cache
def large(kind: str, width: int, height: int, *, mode: str = "RGB", **options: Any) -> bytes:
    """Return a large file of one colour and few bytes."""
    quick = {"AVIF": {"speed": 10}, "HEIF": {"enc_params": {"preset": "ultrafast"}}}
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    Image.new(mode, (width, height), (90, 120, 60, 128)[: len(mode)]).save(
        file, kind, quality=10, **quick[kind], **options
    )
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
    """Give what takes most memory a pixel: small ones are read, large ones are not."""
    for name, kind, options, most in (
        ("AVIF of {} in 4:4:4", "AVIF", {"subsampling": "4:4:4"}, REFUSED),
        ("transparent AVIF of {}", "AVIF", {"mode": "RGBA"}, REFUSED),
        ("HEIC of {} in 4:4:4", "HEIF", {"chroma": 444}, REFUSED),
        ("transparent HEIC of {}", "HEIF", {"mode": "RGBA"}, REFUSED),
    ):
        for (width, height), status in (((2000, 2000), READ), ((6000, 4000), most)):
            yield Case(
                name.format(f"{width * height // 1_000_000} megapixels"),
                lambda kind=kind, size=(width, height), options=options: large(kind, *size, **options),
                status,
            )
    for chroma, status in ((420, READ), (444, REFUSED)):
        yield Case(
            f"HEIC of 24 megapixels in {chroma} and 10 bits",
            lambda chroma=chroma: heic_of_ten_bits(6000, 4000, chroma),
            status,
        )
    for bits in (10, 12):
        yield Case(f"AVIF of 4 megapixels and {bits} bits", lambda bits=bits: avif_of_bits(2000, 2000, bits), READ)
        yield Case(f"AVIF of 24 megapixels and {bits} bits", lambda bits=bits: avif_of_bits(6000, 4000, bits), REFUSED)


def _hidden_megapixels() -> Iterator[Case]:
    """Give pictures larger than they claim; libavif makes a small one of them, if the memory suffices."""
    for (width, height), status in (((64, 64), READ), ((5000, 5000), REFUSED)):
        for megapixels, size in ((30, (6000, 5000)), (100, (10_000, 10_000))):
            yield Case(
                f"AVIF of {megapixels} megapixels that claims {width} x {height}",
                lambda claimed=(width, height), size=size: _claiming("AVIF", *claimed, large("AVIF", *size)),
                status,
            )


def _moving_pictures() -> Iterator[Case]:
    yield Case("AVIF that moves, of 4 megapixels", lambda: moving((2000, 2000)), READ)
    yield Case("AVIF that moves, of 24 megapixels", lambda: moving((6000, 4000)), READ)
    for size in ((12_002, 64), (6000, 5000), (10_000, 10_000)):
        claimed = "AVIF that moves, of {} x {}, that claims 64 x 64".format(*size)
        yield Case(claimed, lambda size=size: _as_64(moving(size), size), READ)
    for brand in ("hevc", "msf1", "heis"):
        yield Case(f"HEIC that says it moves ({brand})", lambda brand=brand: _branded(brand.encode()), READ)


def _branded(brand: bytes) -> bytes:
    data = plain("HEIF")
    return data[:8] + brand + data[12:]


@cache
def moving(size: tuple[int, int]) -> bytes:
    """Return an animation of two frames."""
    frames = [Image.new("RGB", size, colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "AVIF", save_all=True, append_images=frames[1:], quality=10, speed=10)
    return file.getvalue()


def _as_64(data: bytes, size: tuple[int, int]) -> bytes:
    """Return the file with another size in all its boxes."""
    return data.replace(struct.pack(">II", *size), struct.pack(">II", 64, 64))


def avif_of_bits(width: int, height: int, bits: int) -> bytes:
    """Return an AVIF of one colour."""
    grey = np.full((height, width, 3), 1 << bits - 1, np.uint16)
    _, data = cv2.imencode(".avif", grey, [cv2.IMWRITE_AVIF_DEPTH, bits, cv2.IMWRITE_AVIF_SPEED, 10])
    return data.tobytes()


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
    yield Case(f"{name} in 1,000,000 boxes", lambda: plain(kind) + b"\0\0\0\x08skip" * 1_000_000, READ)
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


@dataclass(frozen=True, slots=True)
class Item:
    """What a HEIC is made of: a coded picture (`hvc1`), or how others are put together (`grid`, `iovl`, `iden`)."""

    kind: bytes
    content: bytes
    size: tuple[int, int]
    configuration: bytes = b""  # a `hvcC` box


def container(items: list[Item], sources: list[int]) -> bytes:
    """Return a HEIC whose first item is the picture and is made of the `sources` (numbers from 1), maybe of itself."""
    infos, associations, places, place = [], [], [], 0
    properties: dict[bytes, int] = {}  # and their numbers
    for number, item in enumerate(items, 1):
        infos.append(full_box(b"infe", struct.pack(">HH", number, 0), item.kind, b"\0", version=2))
        places.append(struct.pack(">HHHHII", number, 1, 0, 1, place, len(item.content)))  # in the `idat` box
        place += len(item.content)
        size = full_box(b"ispe", struct.pack(">II", *item.size))
        numbers = [properties.setdefault(each, len(properties) + 1) for each in (size, item.configuration) if each]
        associations.append(struct.pack(f">HB{len(numbers)}H", number, len(numbers), *numbers))
    reference = box(b"dimg", struct.pack(">HH", 1, len(sources)), *(struct.pack(">H", item) for item in sources))
    count = len(items)
    meta = full_box(
        b"meta",
        full_box(b"hdlr", bytes(4), b"pict", bytes(13)),
        full_box(b"pitm", struct.pack(">H", 1)),
        full_box(b"iinf", struct.pack(">H", count), *infos),
        full_box(b"iref", reference) if sources else b"",
        box(
            b"iprp",
            box(b"ipco", *properties),
            full_box(b"ipma", struct.pack(">I", count), *associations, flags=1),
        ),
        box(b"idat", *(item.content for item in items)),
        full_box(b"iloc", struct.pack(">BBH", 0x44, 0, count), *places, version=1),
    )
    return box(b"ftyp", b"heic", bytes(4), b"mif1heic") + meta


def take_apart(heic: bytes, size: tuple[int, int]) -> Item:
    """Return the coded picture of a HEIC that has nothing else."""
    name = heic.index(b"hvcC")
    configuration = heic[name - 4 :][: struct.unpack_from(">I", heic, name - 4)[0]]
    return Item(b"hvc1", heic[heic.index(b"mdat") + 4 :], size, configuration)


def parameter_sets(configuration: bytes) -> bytes:
    """Return what a `hvcC` box has (ISO 14496-15, section 8.3.3.1), as it may stand in a coded picture too."""
    place, units = 8 + 23, b""
    for _ in range(configuration[8 + 22]):
        (count,) = struct.unpack_from(">H", configuration, place + 1)
        place += 3
        for _ in range(count):
            (length,) = struct.unpack_from(">H", configuration, place)
            units += struct.pack(">I", length) + configuration[place + 2 : place + 2 + length]
            place += 2 + length
    return units


def with_inner_parameters(coded: bytes, outer: bytes, size: tuple[int, int]) -> bytes:
    """Return a HEIC with the box of `outer`; that of `coded`, whose pixels it has, stands inside the coded picture."""
    inner, box_only = take_apart(coded, size), take_apart(outer, size)
    content = parameter_sets(inner.configuration) + inner.content
    return container([Item(b"hvc1", content, size, box_only.configuration)], [])


def _inner_parameters() -> Iterator[Case]:
    small, middle = plain("HEIF"), large("HEIF", 2000, 2000)
    yield Case("HEIC with parameter sets in its item too", lambda: with_inner_parameters(small, small, (64, 64)), READ)
    for name, coded in (
        ("4 megapixels", lambda: middle),
        ("30 megapixels", lambda: large("HEIF", 6000, 5000)),
        ("24 megapixels in 4:4:4 and 10 bits", lambda: heic_of_ten_bits(6000, 4000)),
        ("100 megapixels", lambda: large("HEIF", 10_000, 10_000)),
    ):
        for width, height in ((64, 64), (5000, 5000)):
            yield Case(
                f"HEIC of {name} by parameter sets in its item, that claims {width} x {height}",
                lambda coded=coded, size=(width, height): with_inner_parameters(coded(), small, size),
                REFUSED,
            )


def _derived() -> Iterator[Case]:
    tiles, size = struct.pack(">BBBBHH", 0, 0, 255, 255, 5000, 5000), (5000, 5000)

    def made(kind: bytes, content: bytes, sources: list[int], size: tuple[int, int] = size) -> bytes:
        return container([Item(kind, content, size)], sources)

    yield Case("HEIC made of itself", lambda: made(b"iden", b"", [1], (64, 64)), REFUSED)
    yield Case("HEIC that is a grid of itself", lambda: made(b"grid", tiles, [1] * 65_535), REFUSED)
    yield Case("HEIC that is a grid of nothing", lambda: made(b"grid", tiles, []), REFUSED)
    overlay = struct.pack(">BBHHHHHH", 0, 0, 0, 0, 0, 0, 5000, 5000)
    yield Case("HEIC laid over itself", lambda: made(b"iovl", overlay, [1] * 1000), REFUSED)
    yield Case("video in a HEIC's boxes", lambda: box(b"ftyp", b"isom", bytes(4)) + plain("HEIF")[24:], NOT_AN_IMAGE)
    for side, count, status in ((500, 2, READ), (500, 8, READ), (500, 36, REFUSED), (2000, 36, REFUSED)):
        yield Case(
            f"HEIC that is a grid of {count} x {count} tiles of {side} x {side}",
            lambda side=side, count=count: grid(side, count, (min(side * count, 5000),) * 2),
            status,
        )
    yield Case("HEIC of 60,000 items", lambda: container([take_apart(plain("HEIF"), (64, 64))] * 60_000, []), REFUSED)


def grid(side: int, count: int, size: tuple[int, int]) -> bytes:
    """Return a HEIC of count x count times the same tile."""
    content = struct.pack(">BBBBHH", 0, 0, count - 1, count - 1, *size)
    tile = take_apart(large("HEIF", side, side), (side, side))
    return container([Item(b"grid", content, size), tile], [2] * count**2)
