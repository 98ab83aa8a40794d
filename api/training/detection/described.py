"""A photograph with boxes as a file describes it, and where in the data folder the photograph lies."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from api.images.sniff import HEAD_BYTES, READ
from api.training.forms import walk

Box = tuple[float, float, float, float]  # x1, y1, x2, y2
SHARES = (1.0, 1.0)
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".heic", ".heif", ".avif")


class Fault(Exception):
    """What is wrong with one file or one line, as a sentence: that photograph is left out, and the others are not."""


@dataclass(frozen=True, slots=True)
class Described:
    """A photograph and the boxes in it, with the label of each.

    `size` (height, width) is that of the picture that the boxes were drawn on, in their unit; SHARES of YOLO's.
    """

    path: Path
    source: Path  # the file that says so
    size: tuple[float, float]
    objects: tuple[tuple[str, Box], ...]


Refuse = Callable[[Path, str], None]


class Places:
    """Where the files of a data folder are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._by_name: dict[str, list[Path]] = {}
        for path in walk(folder):
            self._by_name.setdefault(path.name, []).append(path)

    def __iter__(self) -> Iterator[Path]:
        return (path for paths in self._by_name.values() for path in paths)

    def find(self, file_name: object, source: Path) -> Path:
        """Return the photograph that a file of descriptions names. Raises Fault.

        It lies where its name says, from the file or from the folder on, or else anywhere, if there is one such name.
        """
        if not isinstance(file_name, str) or not file_name or "\0" in file_name:
            raise Fault(f"{source.name} names a photograph {file_name!r}, and a text is expected.")
        inner = PurePosixPath(file_name.replace("\\", "/"))
        if inner.is_absolute() or ".." in inner.parts:
            raise Fault(f"{source.name} names a photograph outside the data folder, {file_name}.")
        for start in (source.parent, self.folder, self.folder / "images"):
            if (start / inner).is_file():
                return start / inner
        found = self._by_name.get(inner.name, [])
        if not found:
            raise Fault(f"{source.name} describes {file_name}, but it is not in the data folder.")
        if len(found) > 1:
            raise Fault(f"{source.name} describes {file_name}, and there are {len(found)} files of that name.")
        return found[0]


def is_image(path: Path) -> bool:
    """Return whether a file begins like a photograph, or is called like one, so that a broken one is told of."""
    if path.suffix.lower() in ENDINGS:
        return True
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return False
    return any(re.match(first, head, re.DOTALL) for first in READ.values())
