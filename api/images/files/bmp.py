"""BMP (Microsoft's BITMAPINFOHEADER): pixels in runs, which Pillow decodes in Python, 1 µs a run."""

from api.errors import RefusedImage
from api.images.files.stripped import Stripped

COMPRESSION = slice(30, 34)
RUNS = (1, 2)  # BI_RLE8, BI_RLE4
MAX_BYTES_OF_RUNS = 400_000


def strip(data: bytes) -> Stripped:
    """Return the file as it is. Raises RefusedImage if it would take seconds to decode."""
    if int.from_bytes(data[COMPRESSION], "little") in RUNS and len(data) > MAX_BYTES_OF_RUNS:
        raise RefusedImage("The BMP is coded in runs and larger than 400 KB; save it without, or as PNG.")
    return Stripped(data)
