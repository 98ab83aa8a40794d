"""Small folders of photographs with labels, drawn by a program: discs and squares, in any colours."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

LABELS = ("disc", "square")


def draw(label: str, number: int, side: int = 40) -> Image.Image:
    """Return the picture of that number: noise, and a bright shape somewhere in it."""
    chance = np.random.default_rng([LABELS.index(label), number])
    pixels = chance.integers(0, 90, (side, side, 3), np.uint8)
    half = int(chance.integers(side // 6, side // 4))
    x, y = (int(place) for place in chance.integers(half + 1, side - half - 1, 2))
    colour = [int(value) for value in chance.integers(120, 256, 3)]
    if label == "disc":
        cv2.circle(pixels, (x, y), half, colour, -1)
    else:
        cv2.rectangle(pixels, (x - half, y - half), (x + half, y + half), colour, -1)
    return Image.fromarray(pixels)


def write_photographs(folder: Path, count: int = 20) -> Path:
    """Write `count` pictures of each label into a folder of its own; returns the folder."""
    for label in LABELS:
        (folder / label).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            draw(label, number).save(folder / label / f"{number:03}.png")
    return folder
