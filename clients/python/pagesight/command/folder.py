"""The photographs of a folder, in its order."""

import os
from dataclasses import dataclass
from pathlib import Path

ENDINGS = (".avif", ".bmp", ".gif", ".heic", ".heif", ".jpeg", ".jpg", ".png", ".webp")


@dataclass(frozen=True, slots=True)
class Picture:
    """A file. `name` is its path in the folder, with `/`; size and time tell whether it is still the same one."""

    path: Path
    name: str
    size: int
    modified_ns: int


def pictures_in(folder: Path) -> list[Picture]:
    """Return the photographs of a folder and those below it, by name; hidden ones are left out. Raises OSError."""
    found = []
    for inside, folders, files in os.walk(folder, onerror=_fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(inside, name) for name in files if name.lower().endswith(ENDINGS) and not name.startswith(".")]
    pictures = []
    for path in sorted(found, key=lambda path: path.relative_to(folder).parts):
        try:
            state = path.stat()
        except FileNotFoundError:  # removed since, or a link to nothing
            continue
        pictures.append(Picture(path, path.relative_to(folder).as_posix(), state.st_size, state.st_mtime_ns))
    return pictures


def _fail(error: OSError) -> None:
    raise error
