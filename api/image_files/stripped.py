"""What is left of a file for its decoder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stripped:
    """The bytes for the decoder. `orientation` is the file's Exif tag, None where only the decoder can tell.

    `scans` is how many passes over the pixels a JPEG asks for.
    """

    data: bytes
    orientation: int | None = None
    scans: int = 1
