"""Boxes and labels onto a copy of an image.

Each class has a colour of its own, all of equal lightness (OKLCH, https://bottosson.github.io/posts/oklab/), between a
dark and a light line, so that boxes read on snow and at night.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from api.detection.types import Box, Detection

Colour = tuple[int, int, int]

LIGHTNESS = 0.78
CHROMA = 0.14
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
DARK: Colour = (17, 17, 17)
LIGHT: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes in pixels, chosen for an image."""

    line: int
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont
    padding: int

    @classmethod
    def for_image(cls, width: int, height: int) -> "Style":
        """Keep lines and text at the same share of the picture, and text never smaller than can be read."""
        side = math.sqrt(width * height)
        text = min(max(12, round(side / 36)), 96)
        return cls(line=max(1, round(side / 280)), font=_font(text), padding=max(2, text // 4))


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


@lru_cache(maxsize=1024)
def class_colour(class_id: int) -> Colour:
    """Return the class's RGB colour: hues a golden angle apart, so that neighbours in the list differ most."""
    hue = class_id * GOLDEN_ANGLE + 0.5
    return _oklch_to_rgb(LIGHTNESS, CHROMA, hue)


def draw_detections(image: NDArray[np.uint8], detections: Sequence[Detection]) -> NDArray[np.uint8]:
    """Return a copy of the image (HWC uint8 RGB) with the detections drawn, the most confident on top."""
    picture = Image.fromarray(image)  # copies
    canvas = ImageDraw.Draw(picture)
    style = Style.for_image(*picture.size)
    for detection in reversed(detections):
        _draw_box(canvas, detection.box, class_colour(detection.class_id), style)
    taken: list[Box] = []
    for detection in detections:
        text = f"{detection.label} {detection.confidence:.0%}"
        _, top, right, bottom = canvas.textbbox((0, 0), text, font=style.font)
        plate = _place_label(detection.box, (right, bottom - top), style, picture.size, taken)
        canvas.rectangle((plate.x1, plate.y1, plate.x2 - 1, plate.y2 - 1), DARK)
        canvas.rectangle((plate.x1 + 1, plate.y1 + 1, plate.x2 - 2, plate.y2 - 2), class_colour(detection.class_id))
        canvas.text((plate.x1 + style.padding, plate.y1 + style.padding - top), text, DARK, font=style.font)
        taken.append(plate)
    return np.asarray(picture)


def _draw_box(canvas: ImageDraw.ImageDraw, box: Box, colour: Colour, style: Style) -> None:
    for inset, width, ink in ((-1, 1, DARK), (0, style.line, colour), (style.line, 1, LIGHT)):
        left, top, right, bottom = box.x1 + inset, box.y1 + inset, box.x2 - 1 - inset, box.y2 - 1 - inset
        if right >= left and bottom >= top:
            canvas.rectangle((left, top, right, bottom), outline=ink, width=width)


def _place_label(
    box: Box, text_size: tuple[float, float], style: Style, picture: tuple[int, int], taken: Sequence[Box]
) -> Box:
    """Return where the label's plate goes: at a corner of the box, in the picture, over no other plate if it can be.

    `text_size` and `picture` are (width, height).
    """
    width, height = (math.ceil(side) + 2 * style.padding for side in text_size)
    places = []
    for y in (box.y1 - height, box.y1, box.y2, box.y2 - height):  # above, within, below, within
        for x in (box.x1, box.x2 - width):
            left = max(0, min(math.floor(x), picture[0] - width))
            top = max(0, min(math.floor(y), picture[1] - height))
            places.append(Box(left, top, left + width, top + height))
    return min(places, key=lambda place: sum(_overlap(place, other) for other in taken))


def _overlap(one: Box, other: Box) -> float:
    width = min(one.x2, other.x2) - max(one.x1, other.x1)
    height = min(one.y2, other.y2) - max(one.y1, other.y1)
    return max(0.0, width) * max(0.0, height)


def _oklch_to_rgb(lightness: float, chroma: float, hue: float) -> Colour:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (_linear_to_srgb(value) for value in linear)
    return red, green, blue


def _linear_to_srgb(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    encoded = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * encoded)
