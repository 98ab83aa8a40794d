import colorsys
import itertools

import numpy as np

from api.tasks.drawing.colours import DARK, class_colour


def luminance(colour: tuple[int, int, int]) -> float:
    """The relative luminance of WCAG 2.2."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in np.array(colour) / 255
    ]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_dark_text_is_legible_on_all_80_class_colours() -> None:
    dark = luminance(DARK)
    assert min((luminance(class_colour(n)) + 0.05) / (dark + 0.05) for n in range(80)) >= 4.5


def test_class_colours_are_of_equal_lightness_and_neighbours_differ_in_hue() -> None:
    luminances = [luminance(class_colour(n)) for n in range(80)]
    assert max(luminances) - min(luminances) < 0.2
    hues = [colorsys.rgb_to_hsv(*(value / 255 for value in class_colour(n)))[0] for n in range(80)]
    steps = [min(abs(one - other), 1 - abs(one - other)) for one, other in itertools.pairwise(hues)]
    assert min(steps) > 0.1
