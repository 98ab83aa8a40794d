"""Where the items of a HEIC or AVIF lie (the `iloc` box, ISO 14496-12, section 8.11.3)."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.errors import RefusedImage

MAX_PARTS = 4_000
INNER = 1  # counted from the `idat` box, not from the file's start


@dataclass(frozen=True, slots=True)
class Location:
    """An item's parts: how far from the start each lies, and its length (None: to the end)."""

    item: int
    is_inner: bool
    parts: list[tuple[int, int | None]]


class Fields:
    """Numbers one after the other; zeros after the end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def read(self, length: int) -> int:
        """Return the next number, of `length` bytes."""
        self._place += length
        return int.from_bytes(self._content[self._place - length : self._place])


def read_locations(content: bytes) -> Iterator[Location]:
    """Give the location of each item. Raises RefusedImage where there are too many."""
    fields = Fields(content)
    version = fields.read(4) >> 24
    sizes = fields.read(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    budget = MAX_PARTS
    for _ in range(fields.read(4 if version == 2 else 2)):
        item = fields.read(4 if version == 2 else 2)
        is_inner = version > 0 and fields.read(2) & 15 == INNER
        fields.read(2)  # data_reference_index
        base = fields.read(base_size)
        count = fields.read(2)
        budget -= 1 + count
        if budget < 0:
            raise RefusedImage("The file has too many parts; save the image anew.")
        parts = []
        for _ in range(count):
            fields.read(index_size)
            offset, length = base + fields.read(offset_size), fields.read(length_size)
            parts.append((offset, length or None))
        yield Location(item, is_inner, parts)
