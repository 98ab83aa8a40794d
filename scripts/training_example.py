#!/usr/bin/env python3
"""Cut a picture or an array that others ship into a folder of photographs with labels, to try `make train` with.

Usage: training_example.py SOURCE FOLDER, run with the project's own Python. SOURCE is
    digits.png          of OpenCV's samples (Debian: opencv-doc): 5,000 handwritten digits, 20 x 20 pixels each, of 250
                        people; 500 of each of ten labels, 5 rows a label
    lfw_subset.npy      in the wheel of scikit-image: 100 faces and 100 other places of photographs, 25 x 25 grey pixels
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 20  # of a digit
ROWS = 5  # of a label
FACES = 100  # come first

Cut = Iterator[tuple[str, int, Image.Image]]  # label, number, picture


def cut_digits(source: Path) -> Cut:
    """Yield each digit."""
    with Image.open(source) as sheet:
        columns, rows = sheet.width // SIDE, sheet.height // SIDE
        for place in range(columns * rows):
            row, column = divmod(place, columns)
            box = (column * SIDE, row * SIDE, (column + 1) * SIDE, (row + 1) * SIDE)
            yield str(row // ROWS), place % (columns * ROWS), sheet.crop(box)


def cut_faces(source: Path) -> Cut:
    """Yield each face, and each other."""
    for number, pixels in enumerate(np.load(source, allow_pickle=False)):
        picture = Image.fromarray((255 * np.clip(pixels, 0, 1)).astype(np.uint8))
        yield "face" if number < FACES else "other", number % FACES, picture


def main(arguments: list[str]) -> int:
    """Write the folder; returns the exit status."""
    if len(arguments) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    source, folder = map(Path, arguments)
    if not source.is_file():
        sys.stderr.write(f"{source} is not there; Debian: sudo apt install opencv-doc, or SOURCE=digits.png\n")
        return 1
    cut = cut_faces if source.suffix == ".npy" else cut_digits
    for label, number, picture in cut(source):
        (folder / label).mkdir(parents=True, exist_ok=True)
        picture.save(folder / label / f"{number:03}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
