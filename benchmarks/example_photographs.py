"""Two sets of small photographs that are on many a machine already, as folders of labels for `make train`.

    .venv/bin/python -m benchmarks.example_photographs digits photographs/digits
    .venv/bin/python -m benchmarks.example_photographs faces photographs/faces

`digits`: 5,000 handwritten ones, 500 of each, from OpenCV's digits.png (Debian: `apt-get install opencv-doc`).
`faces`: 100 faces and 100 pieces of photographs without one, of Labeled Faces in the Wild, which is in scikit-image's
wheel (`pip download --no-deps scikit-image`, or `make bench`). `--from` says where the file is.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PROJECT = Path(__file__).parents[1]
DIGITS = "usr/share/doc/opencv-doc/examples/data/digits.png"
FACES = "lib/python3.*/site-packages/skimage/data/lfw_subset.npy"
SIDE, OF_EACH = 20, 500  # of the sheet of digits: 20 x 20 pixels, five rows of a hundred for each
FIRST_FACES = 100


class NotFound(FileNotFoundError):
    """The file is not where it was looked for; the message says how to get it."""


def main() -> int:
    """Write one of the sets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=sorted(WRITE))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--from", dest="source", type=Path, help="the file that they are in")
    given = parser.parse_args()
    try:
        WRITE[given.name](given.folder, given.source)
    except NotFound as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print(f"{sum(1 for _ in given.folder.rglob('*.png')):,} photographs are in {given.folder}")
    return 0


def write_digits(folder: Path, source: Path | None = None) -> None:
    """Write the digits as folder/0/0000.png and so on. Raises NotFound."""
    path = source or Path("/") / DIGITS
    if not path.is_file():
        raise NotFound(f"{path} is not there: apt-get install opencv-doc, or say --from FILE")
    sheet = np.asarray(Image.open(path).convert("L"))
    rows, columns = (side // SIDE for side in sheet.shape)
    tiles = sheet.reshape(rows, SIDE, columns, SIDE).swapaxes(1, 2).reshape(-1, SIDE, SIDE)
    _write(folder, tiles, [str(number // OF_EACH) for number in range(len(tiles))])


def write_faces(folder: Path, source: Path | None = None) -> None:
    """Write the faces as folder/face/0000.png, and the rest as folder/other/0100.png. Raises NotFound."""
    path = source or next(iter(sorted(PROJECT.glob(f".venv*/{FACES}"))), None)
    if path is None or not path.is_file():
        raise NotFound(f"{path or FACES} is not there: take it from scikit-image's wheel, and say --from FILE")
    pictures = np.load(path, allow_pickle=False)  # (200, 25, 25), 0..1
    _write(
        folder,
        np.asarray(np.clip(pictures, 0, 1) * 255, np.uint8),
        ["face" if number < FIRST_FACES else "other" for number in range(len(pictures))],
    )


def _write(folder: Path, pictures: NDArray[np.uint8], labels: list[str]) -> None:
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        (folder / label).mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(folder / label / f"{number:04}.png")


WRITE: dict[str, Callable[[Path, Path | None], None]] = {"digits": write_digits, "faces": write_faces}

if __name__ == "__main__":
    sys.exit(main())
