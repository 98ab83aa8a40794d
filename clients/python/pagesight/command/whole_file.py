"""Files that are there when all of them is written, and before that as they were."""

import contextlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TextIO

JPEG_ENDINGS = (".jpg", ".jpeg")


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give the path of a file beside it, which takes its place at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.writing")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_file(path: Path, *, newline: str | None = None) -> Iterator[TextIO]:
    """Open a text file to write it."""
    with replaced(path) as beside, beside.open("w", encoding="utf-8", newline=newline) as file:
        yield file
        file.close()  # before it takes its place


def keep_drawn(folder: Path, name: str, jpeg: bytes) -> None:
    """Write a drawn picture into a folder: `a.jpg` as `a.jpg`, and `b.png` as `b.png.jpg`. Raises OSError."""
    is_jpeg = PurePosixPath(name).suffix.lower() in JPEG_ENDINGS
    with replaced(folder / (name if is_jpeg else f"{name}.jpg")) as beside:
        beside.write_bytes(jpeg)
