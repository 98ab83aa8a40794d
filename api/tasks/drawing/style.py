"""How large lines and letters are in a picture. The page computes the same (site/src/marks/style.js)."""

import math
from dataclasses import dataclass

LETTERS_MIN_CSS_PX = 12
LETTERS_HEIGHT = 0.93  # of the font's size, from the top of a "d" to the foot of a "g", rounded down to whole pixels
LINE_MIN_CSS_PX = 1.5
THIN_CSS_PX = 0.75
FIGURE_WIDTH = 3.5  # the width of a plate that says "100%", in heights of its text
PLATE_HEIGHT = 1.8  # with an accent above and a letter that reaches below, likewise


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes in pixels of the picture.

    `text` is the font's size. `thin` is how wide the dark and the light line beside a coloured one are.
    """

    line: int
    thin: int
    text: int
    padding: int

    @classmethod
    def for_picture(cls, width: int, height: int, display_width: int | None = None) -> "Style":
        """Keep lines and text at the same share of the picture, and text large enough to be read.

        `display_width` is how many CSS pixels wide the picture will be shown, if that is known. A plate that says
        "100%" fits into the picture, unless that is only some ten pixels wide or high.
        """
        side = math.sqrt(width * height)
        unit = width / display_width if display_width else 0  # picture pixels in a CSS pixel
        text = max(min(max(12, round(side / 36)), 96), math.ceil(LETTERS_MIN_CSS_PX * unit / LETTERS_HEIGHT))
        text = max(1, min(text, int(width / FIGURE_WIDTH), int(height / PLATE_HEIGHT)))
        padding = max(2, text // 4)
        return cls(
            line=max(1, round(side / 280), round(LINE_MIN_CSS_PX * unit)),
            thin=min(max(1, round(THIN_CSS_PX * unit)), padding - 1),  # which is also a plate's rim
            text=text,
            padding=padding,
        )

    def divided(self, times: int) -> "Style":
        """Return the style for a picture that will be enlarged so many times."""
        return Style(*(math.ceil(side / times) for side in (self.line, self.thin, self.text, self.padding)))
