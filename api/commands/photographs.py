"""The photographs in a folder, for a program that shows them to a model."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from api.errors import ApiError, UnsupportedImage
from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.images.sniff import HEAD_BYTES, find_kind
from api.tasks.task import Pixels

STEPS = 10  # lines of progress for all of them

logger = logging.getLogger(__name__)


def find_photographs(folder: Path, most: int) -> list[Path]:
    """Return the image files in a folder and the folders in it, by name; at most `most` of them, evenly spread.

    Raises OSError.
    """
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_image(path)]
    return [found[index * len(found) // most] for index in range(most)] if len(found) > most else found


def _is_image(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        find_kind(head)
    except UnsupportedImage:
        return False
    return True


class Photographs:
    """Photographs that are decoded one at a time, upright. Those that cannot be read are left out, with a warning."""

    def __init__(self, paths: Sequence[Path], limits: ImageLimits, purpose: str) -> None:
        """`purpose` says in the log what is done with them, as in "calibrating"."""
        self._paths = list(paths)
        self._limits = limits
        self._purpose = purpose
        self._unreadable: set[Path] = set()

    def __len__(self) -> int:
        return len(self._paths) - len(self._unreadable)

    def __iter__(self) -> Iterator[Pixels]:
        paths = [path for path in self._paths if path not in self._unreadable]
        for number, path in enumerate(paths, start=1):
            if number * STEPS // len(paths) > (number - 1) * STEPS // len(paths):
                logger.info("%s: %d of %d photographs", self._purpose, number, len(paths))
            try:
                image = decode_image(path.read_bytes(), orientation=None, limits=self._limits)
            except (ApiError, OSError) as error:
                self._unreadable.add(path)
                logger.warning("%s is left out: %s", path, error)
            else:
                yield image.pixels
