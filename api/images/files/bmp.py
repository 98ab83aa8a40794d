"""BMP (Microsoft's BITMAPINFOHEADER): pixels in runs, which Pillow decodes in Python, 1 µs a run."""

from api.errors import RefusedImage

COMPRESSION = slice(30, 34)
RUNS = (1, 2)  # BI_RLE8, BI_RLE4
MAX_BYTES_OF_RUNS = 400_000


def check(data: bytes) -> None:
    """Raise RefusedImage for a file that takes seconds."""
    if int.from_bytes(data[COMPRESSION], "little") in RUNS and len(data) > MAX_BYTES_OF_RUNS:
        raise RefusedImage("The BMP is coded in runs and larger than 400 KB; save it without, or as PNG.")
