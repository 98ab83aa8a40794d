"""Letters of many scripts with the fonts in fonts/.

Pillow shapes text only if the machine has FriBiDi, which a bare machine lacks. So this module joins Arabic letters and
reverses words from right to left, and Pillow only sets letter after letter (its basic layout): the same everywhere.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_display  # this one mirrors brackets, `bidi.get_display` does not
from PIL import ImageDraw, ImageFont

from api.tasks.drawing.colours import Colour

FONTS = Path(__file__).parent / "fonts"
FONT_FILES = ("DejaVuSansCondensed.ttf", "DroidSansFallback.ttf")  # the first one that has a letter draws it
NO_CHARACTER = "\uffff"  # by Unicode's definition no letter, so fonts show their sign for a missing one
LOOKS_SIZE = 32


def label_or_class(label: str, class_id: int) -> str:
    """Return the label, or "class 7" if none of the fonts has one of its letters."""
    return label if all(_font_file_of(letter) for letter in arrange(label)) else f"class {class_id}"


def with_known_letters(text: str) -> str:
    """Return the text with a question mark for each letter that none of the fonts has."""
    return "".join(letter if _font_file_of(letter) else "?" for letter in text)


def percent(share: float) -> str:
    """Return a share (0..1) in whole percent."""
    return f"{share:.0%}" if share >= 0.01 else "<1%"


@lru_cache(maxsize=1024)
def arrange(text: str) -> str:
    """Return the letters as they stand on paper, from left to right: composed if possible, and Arabic ones joined."""
    text = unicodedata.normalize("NFC", text)
    if not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        return text
    without_points = "".join(letter for letter in text if not unicodedata.combining(letter))
    return str(get_display(_reshaper().reshape(without_points)))


@lru_cache(maxsize=1)
def _reshaper() -> ArabicReshaper:
    return ArabicReshaper({"ARABIC LIGATURE ALLAH": False})  # a sign for the whole word, which the font lacks


@dataclass(frozen=True, slots=True)
class Line:
    """Arranged text, laid out: a run for each change of font. Pixels count from the beginning of its baseline."""

    runs: tuple[tuple[float, str, ImageFont.FreeTypeFont], ...]  # where it begins, its text
    width: float
    top: float
    bottom: float

    @classmethod
    def of(cls, arranged: str, size: int) -> "Line":
        """Lay out text that `arrange` has returned."""
        runs, x, top, bottom = [], 0.0, 0.0, 0.0
        for file, letters in groupby(arranged, key=_font_file_of):
            font, run = _font(file or FONT_FILES[0], size), "".join(letters)
            _, run_top, _, run_bottom = font.getbbox(run, anchor="ls")
            top, bottom = min(top, run_top), max(bottom, run_bottom)
            runs.append((x, run, font))
            x += font.getlength(run)
        return cls(tuple(runs), x, top, bottom)

    def draw(self, canvas: ImageDraw.ImageDraw, x: float, baseline: float, ink: Colour) -> None:
        """Draw the text with its first letter at x."""
        for start, run, font in self.runs:
            canvas.text((x + start, baseline), run, ink, font=font, anchor="ls")


@lru_cache(maxsize=32)
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / file, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def _font_file_of(letter: str) -> str | None:
    """Return the font that has the letter. Pillow cannot say, but all missing letters look the same."""
    return next((file for file in FONT_FILES if _looks(file, letter) != _looks(file, NO_CHARACTER)), None)


def _looks(file: str, letter: str) -> tuple[float, bytes]:
    font = _font(file, LOOKS_SIZE)
    return font.getlength(letter), bytes(font.getmask(letter))
