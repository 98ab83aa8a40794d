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

from api.tasks.detection.types import Box, Detection

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


def draw_detections(
    image: NDArray[np.uint8], detections: Sequence[Detection], *, display_width: int | None = None
) -> NDArray[np.uint8]:
    """Return a copy of the image (HWC uint8 RGB) with the detections drawn, the most confident on top."""
    picture = image.copy()
    size = picture.shape[1], picture.shape[0]
    style = Style.for_image(*size)
    for detection in reversed(detections):
        _draw_box(picture, detection.box, class_colour(detection.class_id), style)
    taken = np.empty((len(detections), 4), np.int64)  # plates, as x1, y1, x2, y2
    for index, detection in enumerate(detections):
        text = f"{detection.label} {detection.confidence:.0%}"
        plate = _render_plate(text, class_colour(detection.class_id), style)
        place = _place_plate(detection.box, (plate.shape[1], plate.shape[0]), size, taken[:index])
        x1, y1, x2, y2 = taken[index] = place
        picture[y1:y2, x1:x2] = plate[: size[1] - y1, : size[0] - x1]
    return picture


def _draw_box(picture: NDArray[np.uint8], box: Box, colour: Colour, style: Style) -> None:
    for inset, width, ink in ((-1, 1, DARK), (0, style.line, colour), (style.line, 1, LIGHT)):
        left, top, right, bottom = box.x1 + inset, box.y1 + inset, box.x2 - 1 - inset, box.y2 - 1 - inset
        if right >= left and bottom >= top:
            _outline(picture, int(left), int(top), int(right) + 1, int(bottom) + 1, width=width, ink=ink)


def _outline(
    picture: NDArray[np.uint8], left: int, top: int, right: int, bottom: int, *, width: int, ink: Colour
) -> None:
    """Draw a rectangle's outline, `width` pixels inwards; what lies outside the picture is left out."""
    for x1, y1, x2, y2 in (
        (left, top, right, min(top + width, bottom)),
        (left, max(bottom - width, top), right, bottom),
        (left, top, min(left + width, right), bottom),
        (max(right - width, left), top, right, bottom),
    ):
        picture[max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)] = ink


@lru_cache(maxsize=256)
def _render_plate(text: str, colour: Colour, style: Style) -> NDArray[np.uint8]:
    """Return a label: its text in dark on the class's colour, with a dark line around it."""
    _, top, right, bottom = style.font.getbbox(text)
    width, height = (math.ceil(side) + 2 * style.padding for side in (right, bottom - top))
    plate = Image.new("RGB", (width, height), DARK)
    canvas = ImageDraw.Draw(plate)
    canvas.rectangle((1, 1, width - 2, height - 2), colour)
    canvas.text((style.padding, style.padding - top), text, DARK, font=style.font)
    return np.asarray(plate)


def _place_plate(
    box: Box, plate_size: tuple[int, int], picture_size: tuple[int, int], taken: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return where a plate goes: at a corner of the box, in the picture, over no other plate if it can be.

    Sizes are (width, height), places (x1, y1, x2, y2); `taken` are those of the plates before it, (N, 4).
    """
    (width, height), (picture_width, picture_height) = plate_size, picture_size
    corners = [
        (max(0, min(math.floor(x), picture_width - width)), max(0, min(math.floor(y), picture_height - height)))
        for y in (box.y1 - height, box.y1, box.y2, box.y2 - height)  # above, within, below, within
        for x in (box.x1, box.x2 - width)
    ]
    places = np.array([(x, y, x + width, y + height) for x, y in corners])
    overlaps = np.minimum(places[:, None, 2:], taken[:, 2:]) - np.maximum(places[:, None, :2], taken[:, :2])
    covered = overlaps.clip(0).prod(axis=2).sum(axis=1)  # (8 places)
    best: NDArray[np.int64] = places[covered.argmin()]
    return best


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
