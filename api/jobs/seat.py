"""A worker's seat: the name under which it works, and which no other worker has at the same time.

DBOS takes up the jobs of a name when a worker of that name starts. On one machine the name is always the same, and a
lock on a file keeps a second worker away. On many, a worker's name is that of its machine or pod, and its seat a lock
in PostgreSQL, which ends with the connection, however the worker ended.
"""

import fcntl
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import psycopg

from api.jobs.database import SQLITE, with_patience
from api.jobs.types import JobSettings

PATIENCE_S = 30.0  # for a worker that is just ending
POLL_S = 0.5
MOST_ON_A_MACHINE = 16
# The server notices within 15 s that a machine is gone; by itself it would take two hours.
KEEPALIVE = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 2"


class NoSeat(Exception):
    """Another worker has the seat, or the seats cannot be reached."""


class Seat(Protocol):
    """A seat that is taken."""

    name: str

    def is_held(self) -> bool:
        """Return whether it is still this worker's."""

    def dead(self, names: Iterable[str]) -> list[str]:
        """Return those whose worker is not there."""

    def leave(self) -> None:
        """Give it up."""


def take_seat(settings: JobSettings) -> Seat:
    """Return this worker's seat. Raises NoSeat."""
    if settings.database.startswith(SQLITE):
        return _wait_for(lambda: FileSeat(settings.folder / "worker.lock"))
    return _wait_for(lambda: PostgresSeat(with_patience(settings.database)))


class FileSeat:
    """The only seat of a machine."""

    name = "worker-1"

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise NoSeat(f"another worker has {path}") from error

    def is_held(self) -> bool:
        """Return True: only the end of this process opens the lock."""
        return True

    def dead(self, _names: Iterable[str]) -> list[str]:
        """Return nothing: there is no other worker."""
        return []

    def leave(self) -> None:
        """Give it up."""
        self._file.close()


class PostgresSeat:
    """One of the seats of a machine, at the table that PostgreSQL is."""

    def __init__(self, url: str) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = psycopg.connect(url, autocommit=True)
            self._connection.execute(KEEPALIVE)
            self.name = self._choose()
        except psycopg.Error as error:
            raise NoSeat("PostgreSQL does not answer") from error

    def _choose(self) -> str:
        for number in range(1, MOST_ON_A_MACHINE + 1):
            name = f"{socket.gethostname()}-{number}"
            if self._take(name):
                return name
        raise NoSeat("all seats of this machine are taken")

    def is_held(self) -> bool:
        """Return whether the connection, and with it the lock, is still there."""
        try:
            with self._lock:
                self._connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def dead(self, names: Iterable[str]) -> list[str]:
        """Return those whose seat is free."""
        with self._lock:
            return [name for name in names if name != self.name and self._is_free(name)]

    def leave(self) -> None:
        """Give it up."""
        self._connection.close()

    def _is_free(self, name: str) -> bool:
        is_free = self._take(name)
        if is_free:
            self._connection.execute("SELECT pg_advisory_unlock(%s)", (_number(name),))
        return is_free

    def _take(self, name: str) -> bool:
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (_number(name),)).fetchone()
        return bool(row and row[0])


def _number(name: str) -> int:
    """Return the 64 bits by which PostgreSQL knows a lock."""
    return int.from_bytes(hashlib.sha256(f"pagesight worker {name}".encode()).digest()[:8], signed=True)


def _wait_for(take: Callable[[], Seat]) -> Seat:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return take()
        except NoSeat:
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_S)
