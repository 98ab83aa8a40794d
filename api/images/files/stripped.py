"""What is left of a file for its decoder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stripped:
    """The bytes for the decoder. `orientation` is the file's Exif tag, None where only the decoder can tell.

    `scans` is how many passes over the pixels a JPEG asks for, and `kept_components` of how many its decoder keeps all
    coefficients, two bytes each, until the last pass; 0 where it goes through them row by row. `plane_bytes` is what a
    HEIC's or an AVIF's decoder makes of a pixel before there is any RGB, in bytes; 0 for other files.
    """

    data: bytes
    orientation: int | None = None
    scans: int = 1
    kept_components: int = 0
    plane_bytes: float = 0.0
