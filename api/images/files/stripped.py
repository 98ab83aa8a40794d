"""What is left of a file for its decoder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stripped:
    """The bytes for the decoder. `orientation` is the file's Exif tag, None if only the decoder knows it.

    `scans` is how many passes over the pixels a JPEG asks for. `kept_components` is the number of components whose
    coefficients, two bytes each, the decoder keeps until the last pass; 0 if it works row by row.
    """

    data: bytes
    orientation: int | None = None
    scans: int = 1
    kept_components: int = 0
