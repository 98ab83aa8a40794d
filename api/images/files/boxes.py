"""HEIC and AVIF (ISO 14496-12 and 23008-12): boxes in boxes.

A decoder believes what the boxes say of a picture's size until it has decoded it; here its pixels' own header is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from api.errors import RefusedImage
from api.images.files import av1, hevc
from api.images.files.coded import Coded
from api.images.files.locations import read_locations
from api.images.files.stripped import Stripped

MAX_BOXES = 20_000
CONTAINERS = (b"meta", b"iinf", b"iprp", b"ipco", b"moov", b"trak", b"mdia", b"minf", b"stbl")
METADATA = (b"Exif", b"mime")  # types of items
HIDDEN = b"skip"


@dataclass(frozen=True, slots=True)
class Box:
    """A box, and where its content lies in the file."""

    name: bytes
    start: int
    end: int


def strip(data: bytes, check_size: Callable[[int, int], None]) -> Stripped:
    """Return the file with its Exif and XMP out of sight; other boxes say how such a picture is turned.

    `check_size` is called with every (width, height) that the file claims. Raises RefusedImage.
    """
    boxes = list(_walk(data))
    for box in boxes:
        if box.name == b"ispe":  # section 6.5.3
            check_size(_number(data, box.start + 4, 4), _number(data, box.start + 8, 4))
    coded = list(_coded_pictures(data, boxes))
    for picture in coded:
        check_size(picture.width, picture.height)
    bare = bytearray(data)
    for box in boxes:
        place = _item_type_place(data, box)
        if data[place : place + 4] in METADATA:
            bare[place : place + 4] = HIDDEN
    return Stripped(bytes(bare), plane_bytes=max((picture.plane_bytes for picture in coded), default=0.0))


def _walk(data: bytes) -> Iterator[Box]:
    """Give all boxes, those in containers too. What is malformed is left for the decoder to refuse."""
    ahead = [(0, len(data))]
    for _ in range(MAX_BOXES):
        while ahead and ahead[-1][0] + 8 > ahead[-1][1]:
            ahead.pop()
        if not ahead:
            return
        start, limit = ahead.pop()
        name, size, content = data[start + 4 : start + 8], _number(data, start, 4), start + 8
        if size == 1:
            size, content = _number(data, start + 8, 8), start + 16
        end = min(start + size, limit) if size else limit
        if end < content:
            continue
        ahead.append((end, limit))
        yield Box(name, content, end)
        if name in CONTAINERS:
            ahead.append((content + _length_of_head(data, name, content), end))
    raise RefusedImage("The file has too many boxes; save the image anew.")


def _length_of_head(data: bytes, name: bytes, content: int) -> int:
    """Return how much stands in a container before its boxes."""
    if name == b"iinf":
        return 6 if _number(data, content, 1) == 0 else 8
    return 4 if name == b"meta" else 0


def _coded_pictures(data: bytes, boxes: list[Box]) -> Iterator[Coded]:
    for stream in _av1_streams(data, boxes):
        yield from av1.coded_pictures(stream)
    for box in boxes:
        if box.name == b"hvcC":
            yield from hevc.coded_pictures(data[box.start : box.end])


def _av1_streams(data: bytes, boxes: list[Box]) -> Iterator[bytes]:
    """Give what is coded in AV1: each item of that type, and of each track what begins with its first picture."""
    items = {
        _number(data, box.start + 4, 2 if data[box.start] == 2 else 4)
        for box in boxes
        if box.name == b"infe" and data[_item_type_place(data, box) :][:4] == b"av01"
    }
    inner = next((box.start for box in boxes if box.name == b"idat"), 0)
    for box in boxes:
        if box.name == b"iloc":
            for location in read_locations(data[box.start : box.end]):
                if location.item in items:
                    start = inner if location.is_inner else 0
                    yield b"".join(data[start + offset :][:length] for offset, length in location.parts)
        elif box.name in (b"stco", b"co64"):
            yield data[_number(data, box.start + 8, 4 if box.name == b"stco" else 8) :]


def _item_type_place(data: bytes, box: Box) -> int:
    """Return where an `infe` box (section 8.11.6 of ISO 14496-12) has its item's type; for others the file's end."""
    if box.name != b"infe":
        return len(data)
    return box.start + (8 if _number(data, box.start, 1) == 2 else 10)


def _number(data: bytes, place: int, length: int) -> int:
    return int.from_bytes(data[place : place + length])
