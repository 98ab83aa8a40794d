"""What must outlive this process, but not the machine: which updates are answered.

It is noted in a file of a file system in memory, so nothing is on a disk. A line says that updates are answered, or
holds an update that Telegram had to be told as received before it is answered. A bot that was killed reads it when it
starts again.
"""

import json
import logging
import os
import stat
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

UPDATES_LIVE_S = 90_000.0  # Telegram keeps updates for 24 hours; after a week without any, numbers begin anew
MOST_ANSWERED = 100_000
MOST_BYTES = 4_000_000  # the file is then written anew, with what still counts
IN_MEMORY = ("tmpfs", "ramfs")
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108, the file's owner and kind are checked
MOUNTS = Path("/proc/self/mounts")

logger = logging.getLogger(__name__)


class ForeignFile(OSError):
    """The file belongs to somebody else, or is none."""


class Memory:
    """Which updates are answered, and which are taken and not answered; `path` None: only as long as this process."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._answered: dict[int, float] = {}  # when, in seconds since 1970; the oldest first
        self._taken: dict[int, Mapping[str, Any]] = {}
        self._file = -1
        self._size = 0
        if path is not None:
            self._read(_open(path))
            self._write_anew(path)

    def is_answered(self, update_id: int) -> bool:
        """Return whether an update is answered."""
        return update_id in self._answered

    def mark_answered(self, update_ids: Iterable[int]) -> None:
        """Note that updates are answered."""
        now = time.time()
        self._note({"answered": list(update_ids), "at": now})

    def take(self, update: Mapping[str, Any]) -> None:
        """Note an update, as Telegram sent it, that is not answered yet."""
        self._note({"taken": update, "at": time.time()})

    def taken(self) -> list[Mapping[str, Any]]:
        """Return the updates that were taken and are not answered, in their order."""
        return list(self._taken.values())

    def close(self) -> None:
        """Close the file, which stays."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _note(self, line: Mapping[str, Any]) -> None:
        self._apply(line)
        if self._path is None:
            return
        try:
            self._size += os.write(self._file, _encode(line))  # one call: a kill leaves all of the line or nothing
            if self._size > MOST_BYTES:
                self._write_anew(self._path)
        except OSError as error:  # the memory is full; the bot goes on as long as it lives
            logger.error("Nothing more is noted in memory: %s", error.strerror)
            self._path = None

    def _apply(self, line: Mapping[str, Any]) -> None:
        if "taken" in line:
            self._taken[int(line["taken"]["update_id"])] = line["taken"]
        for update_id in line.get("answered", ()):
            self._taken.pop(update_id, None)
            self._answered[update_id] = line["at"]
        while len(self._answered) > MOST_ANSWERED:
            self._answered.pop(next(iter(self._answered)))

    def _read(self, file: int) -> None:
        with os.fdopen(file, "rb") as lines:
            for text in lines:
                try:
                    line = json.loads(text)
                    if time.time() - line["at"] < UPDATES_LIVE_S:
                        self._apply(line)
                except (ValueError, KeyError, TypeError):  # the machine went down in the middle of a line
                    continue

    def _write_anew(self, path: Path) -> None:
        """Write a file with what still counts, and put it in the place of the old one in one go."""
        self.close()
        now = time.time()
        self._answered = {one: at for one, at in self._answered.items() if now - at < UPDATES_LIVE_S}
        lines = [{"answered": [one], "at": at} for one, at in self._answered.items()]
        lines += [{"taken": update, "at": now} for update in self._taken.values()]
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        self._file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_APPEND, 0o600)
        self._size = os.write(self._file, b"".join(map(_encode, lines)))
        new.rename(path)


def default_folder() -> Path | None:
    """Return the folder that systemd gives (RuntimeDirectory=), else shared memory, if it is in memory."""
    given = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    folder = Path(given) if given else SHARED_MEMORY
    return folder if folder.is_dir() and os.access(folder, os.W_OK) and is_in_memory(folder) else None


def is_in_memory(folder: Path) -> bool:
    """Return whether a folder is on a file system in memory; what cannot be told is not (macOS)."""
    try:
        mounts = [line.split()[1:3] for line in MOUNTS.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return False
    kinds = {Path(place.replace("\\040", " ")): kind for place, kind in mounts}  # the later mount covers the earlier
    real = folder.resolve()
    return next((kinds[place] in IN_MEMORY for place in (real, *real.parents) if place in kinds), False)


def _open(path: Path) -> int:
    """Open the file, or make it. In a folder that others may write into, it may be somebody's trap."""
    file = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    found = os.fstat(file)
    if found.st_uid != os.geteuid() or not stat.S_ISREG(found.st_mode):
        os.close(file)
        raise ForeignFile(f"{path} belongs to somebody else; remove it.")
    return file


def _encode(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
