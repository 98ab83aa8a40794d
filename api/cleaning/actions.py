"""What is done to the files of a data folder. Each action can be turned back, and none overwrites another's file."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from api.errors import FolderChanged, FolderNotWritable

TRASH = ".trash"
MOST_TWINS = 10_000
NEW_FILE = 0o644  # its rights


@dataclass(frozen=True, slots=True)
class Moved:
    """A file has another name; both are POSIX paths within the folder."""

    source: str
    target: str

    def perform(self, folder: Path) -> None:
        """Move it. Raises FolderChanged if it is not there any more, or the other name is taken."""
        source, target = _within(folder, self.source), _within(folder, self.target)
        with _in_words(self.source):
            target.parent.mkdir(parents=True, exist_ok=True)
            with _reserved(target):
                source.replace(target)
        _remove_if_empty(source.parent, folder / TRASH)

    def back(self) -> "Moved":
        """Return what undoes it."""
        return Moved(self.target, self.source)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text file, with its ending, before and after; None: it is not there. Numbers count from 0."""

    number: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text file has other lines: either some are changed, or some are gone, or some have come."""

    name: str
    lines: tuple[Line, ...]

    def perform(self, folder: Path) -> None:
        """Write the file anew, whole or not at all. Raises FolderChanged if its lines are not those of before."""
        path = _within(folder, self.name)
        with _in_words(self.name):
            lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
        are_going = any(line.after is None for line in self.lines)  # the last first, so that numbers stay true
        for line in sorted(self.lines, key=lambda one: one.number, reverse=are_going):
            _change(lines, line, self.name)
        with _in_words(self.name):
            write_whole(path, "".join(lines).encode("utf-8"))

    def back(self) -> "Rewritten":
        """Return what undoes it."""
        return Rewritten(self.name, tuple(Line(one.number, one.after, one.before) for one in self.lines))


Action = Moved | Rewritten


def perform_all(actions: Sequence[Action], folder: Path) -> None:
    """Perform all of them, or none: what is done already is turned back if a later one cannot be done."""
    done: list[Action] = []
    try:
        for action in actions:
            action.perform(folder)
            done.append(action)
    except BaseException:
        for action in reversed(done):
            with suppress(FolderChanged, FolderNotWritable):
                action.back().perform(folder)
        raise


def backwards(actions: Sequence[Action]) -> tuple[Action, ...]:
    """Return what undoes all of them."""
    return tuple(action.back() for action in reversed(actions))


def find_free(name: str, folder: Path, taken: set[str]) -> str:
    """Return `name`, or one like it that no file has and that is not in `taken`, which it is added to."""
    path = PurePosixPath(name)
    for number in range(1, MOST_TWINS):
        free = name if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}").as_posix()
        if free not in taken and not os.path.lexists(folder / free):
            taken.add(free)
            return free
    raise FolderChanged(f"There are {MOST_TWINS} files named like {printable(name)}; give some of them other names.")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is the old one or the new one at every moment, with the old one's rights."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with open(handle, "wb") as file:  # noqa: PTH123, a handle has no path
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(path.stat().st_mode & 0o777 if path.exists() else NEW_FILE)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink()
        raise


def write_backup(name: str, folder: Path) -> None:
    """Copy a file into the trash, beside the copies of earlier times. Raises FolderChanged, FolderNotWritable."""
    target = _within(folder, find_free(f"{TRASH}/{name}", folder, set()))
    with _in_words(name):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write((folder / name).read_bytes())


def read_file(path: Path) -> bytes:
    """Return a photograph's bytes. Raises FolderChanged."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FolderChanged("This photograph is not there any more.") from error


def printable(name: str) -> str:
    """Return a name in letters that can be sent and read, whatever bytes it has."""
    return os.fsencode(name).decode("utf-8", "replace")


def _within(folder: Path, name: str) -> Path:
    """Return the path of a name. Raises FolderChanged for one outside the folder, by a link or a hostile journal."""
    path = folder / name
    if ".." in PurePosixPath(name).parts or not path.parent.resolve().is_relative_to(folder.resolve()):
        raise FolderChanged(f"{printable(name)} is outside the data folder, where nothing is changed.")
    return path


def _change(lines: list[str], line: Line, name: str) -> None:
    at = line.number
    if line.before is None:
        lines.insert(at, line.after or "")
        return
    if at >= len(lines) or lines[at] != line.before:
        raise FolderChanged(f"Line {at + 1} of {printable(name)} has changed meanwhile. Start the program again.")
    lines[at : at + 1] = [] if line.after is None else [line.after]


@contextmanager
def _reserved(target: Path) -> Iterator[None]:
    """Hold a name with an empty file, which the block replaces: a rename alone would overwrite what has the name."""
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(handle)
    try:
        yield
    except BaseException:
        target.unlink()
        raise


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """Say what the system refuses. Raises FolderChanged, FolderNotWritable."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FolderChanged(f"{printable(name)} is not there any more. Start the program again.") from error
    except FileExistsError as error:
        raise FolderChanged(f"There is a file already where {printable(name)} would go.") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise FolderNotWritable(f"{printable(name)} cannot be changed: {reason}.") from error


def _remove_if_empty(folder: Path, trash: Path) -> None:
    """Remove an empty folder of the trash; one of the owner's stays."""
    if folder.is_relative_to(trash):
        with suppress(OSError):
            folder.rmdir()
