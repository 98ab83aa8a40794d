"""Decoded pixels of any kind to one upright RGB array, strip by strip, so that only a strip exists twice."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Decoded = Image.Image | NDArray[np.uint8]

STRIP_PIXELS = 2_000_000
WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Turn:
    """What turns stored pixels upright, and which way a strip of rows goes by it."""

    transpose: Image.Transpose
    to_columns: bool  # rows become columns
    from_end: bool  # the first row becomes the last row, or the last column


# EXIF 2.32, section 4.6.4; 1 is upright.
TURNS = {
    2: Turn(Image.Transpose.FLIP_LEFT_RIGHT, to_columns=False, from_end=False),
    3: Turn(Image.Transpose.ROTATE_180, to_columns=False, from_end=True),
    4: Turn(Image.Transpose.FLIP_TOP_BOTTOM, to_columns=False, from_end=True),
    5: Turn(Image.Transpose.TRANSPOSE, to_columns=True, from_end=False),
    6: Turn(Image.Transpose.ROTATE_270, to_columns=True, from_end=True),
    7: Turn(Image.Transpose.TRANSVERSE, to_columns=True, from_end=True),
    8: Turn(Image.Transpose.ROTATE_90, to_columns=True, from_end=False),
}


def is_sideways(orientation: int) -> bool:
    """Return whether width and height change places."""
    return orientation in TURNS and TURNS[orientation].to_columns


def assemble_upright(decoded: Decoded, orientation: int) -> NDArray[np.uint8]:
    """Return the pixels turned upright, HWC uint8 RGB, transparency on white.

    `decoded` is a Pillow image in any mode, or an array: HWC RGB or RGBA.
    """
    width, height = decoded.size if isinstance(decoded, Image.Image) else decoded.shape[1::-1]
    turn = TURNS.get(orientation)
    if isinstance(decoded, np.ndarray) and decoded.shape[2] == 3 and turn is None:
        return decoded
    if width * height <= STRIP_PIXELS:
        return _turned(_as_rgb(decoded), turn)
    sideways = is_sideways(orientation)
    upright = np.empty((width, height, 3) if sideways else (height, width, 3), np.uint8)
    along_rows = upright.swapaxes(0, 1) if sideways else upright
    for top, bottom, strip in _strips(decoded, width, height):
        place = slice(height - bottom, height - top) if turn and turn.from_end else slice(top, bottom)
        turned = _turned(_as_rgb(strip), turn)
        along_rows[place] = turned.swapaxes(0, 1) if sideways else turned
    return upright


def _strips(decoded: Decoded, width: int, height: int) -> Iterator[tuple[int, int, Decoded]]:
    rows = max(1, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        if isinstance(decoded, Image.Image):
            yield top, bottom, decoded.crop((0, top, width, bottom))
        else:
            yield top, bottom, decoded[top:bottom]


def _turned(image: Image.Image, turn: Turn | None) -> NDArray[np.uint8]:
    return np.asarray(image if turn is None else image.transpose(turn.transpose))


def _as_rgb(decoded: Decoded) -> Image.Image:
    """Return a Pillow image in RGB."""
    image = decoded if isinstance(decoded, Image.Image) else Image.fromarray(decoded)
    if image.mode.startswith("I"):  # 16-bit grey: keep the high byte, Pillow's own conversion would clip
        high_byte = (np.asarray(image).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8)
        image = Image.fromarray(high_byte)
    if image.has_transparency_data:
        layers = image if image.mode == "RGBA" else image.convert("RGBA")
        ground = Image.new("RGB", layers.size, WHITE)
        ground.paste(layers, mask=layers)  # takes only their alpha
        return ground
    return image if image.mode == "RGB" else image.convert("RGB")
