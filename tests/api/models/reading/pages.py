"""Pictures of text whose lines and places are known."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from api.tasks.drawing.text import FONT_FILES, FONTS

LATIN, CHINESE = FONT_FILES
LINES = ("Reading is a task", "of its own: 12,345.67", "Grüße aus Köln!")


def draw_page(
    lines: Sequence[str] = LINES, *, font: str = LATIN, letters: int = 36, size: tuple[int, int] = (320, 640)
) -> NDArray[np.uint8]:
    """Return a white page of (height, width) with lines in black, the first 40 pixels from its upper left corner."""
    page = Image.new("RGB", size[::-1], "white")
    pen, face = ImageDraw.Draw(page), ImageFont.truetype(FONTS / font, letters, layout_engine=ImageFont.Layout.BASIC)
    for row, line in enumerate(lines):
        pen.text((40, 40 + 2 * letters * row), line, "black", face)
    return np.asarray(page)
