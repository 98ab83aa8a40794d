"""PNG (ISO 15948, section 5): only the chunks that pixels are made from go to the decoder."""

from api.errors import RefusedImage
from api.images.files.exif import UPRIGHT, read_orientation
from api.images.files.stripped import Stripped

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
MAX_CHUNKS = 20_000  # encoders write pieces of 8 KB and more: a file of 10 MB has 1,300
AROUND = 12  # length, name and checksum


def strip(data: bytes) -> Stripped:
    """Return the file without texts, profiles and further frames. Raises RefusedImage."""
    whole = memoryview(data)
    kept, orientation, place = [whole[: len(SIGNATURE)]], UPRIGHT, len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        name, end = data[place + 4 : place + 8], place + AROUND + int.from_bytes(data[place : place + 4])
        if name in PIXELS:
            kept.append(whole[place:end])
        elif name == b"eXIf" and orientation == UPRIGHT:
            orientation = read_orientation(data[place + 8 : end - 4])
        if name == b"IEND" or end >= len(data):
            return Stripped(b"".join(kept), orientation)
        place = end
    raise RefusedImage(f"The PNG has more than {MAX_CHUNKS:,} chunks; save it anew.")
