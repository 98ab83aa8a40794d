"""GIF (GIF89a, sections 15 to 26): remove what stands before the first frame, except which colour is transparent.

Pillow would read it block by block in Python, and keep every comment.
"""

from api.errors import RefusedImage
from api.images.files.stripped import Stripped

MAX_BLOCKS = 20_000
HEADER_LENGTH = 13
HAS_COLOURS = 0x80
EXTENSION, FRAME, GRAPHIC_CONTROL = b"\x21", b"\x2c", b"\xf9"


def strip(data: bytes) -> Stripped:
    """Return the file without comments and the like before its first frame. Raises RefusedImage."""
    flags = data[10] if len(data) > HEADER_LENGTH else 0
    start = HEADER_LENGTH + (3 << (flags & 7) + 1 if flags & HAS_COLOURS else 0)
    place, control = start, b""
    for _ in range(MAX_BLOCKS):
        kind = data[place : place + 1]
        if kind == FRAME:
            return Stripped(b"".join((data[:start], control, memoryview(data)[place:])))
        if kind == EXTENSION:
            end = _end_of_extension(data, place)
            control = data[place:end] if data[place + 1 : place + 2] == GRAPHIC_CONTROL else control
            place = end
        elif kind:
            place += 1  # decoders step over what stands between two blocks
        else:
            raise RefusedImage("The image's header is damaged.")
    raise RefusedImage("The GIF has too much before its first frame; save it anew.")


def _end_of_extension(data: bytes, place: int) -> int:
    """Return where the extension's sub-blocks end: each begins with its length, the last is empty."""
    place += 2
    for _ in range(MAX_BLOCKS):
        length = data[place] if place < len(data) else 0
        place += 1 + length
        if not length:
            return place
    raise RefusedImage("The GIF has too much before its first frame; save it anew.")
