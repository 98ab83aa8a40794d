"""A colour for each class, all equally light (OKLCH, https://bottosson.github.io/posts/oklab/), a dark and a light."""

import math
from functools import lru_cache

Colour = tuple[int, int, int]

LIGHTNESS = 0.78
CHROMA = 0.14
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
DARK: Colour = (17, 17, 17)
LIGHT: Colour = (255, 255, 255)


@lru_cache(maxsize=1024)
def class_colour(class_id: int) -> Colour:
    """Return the class's RGB colour: hues a golden angle apart, so that neighbours in the list differ most."""
    hue = class_id * GOLDEN_ANGLE + 0.5
    return _oklch_to_rgb(LIGHTNESS, CHROMA, hue)


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
