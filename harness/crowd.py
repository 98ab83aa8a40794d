"""Visitors who come and do next to nothing, by the thousand: one thread, one selector, one agenda."""

import heapq
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HOST = "127.0.0.1"
PACE_S = 1.0  # each slow visitor sends or reads a byte in this time
RETURN_S = 1.0  # who was sent away comes again after it,
IDLE_RETURN_S = 0.1  # and sooner who has not asked for anything
CONNECT_S = 5.0
POLL_S = 0.05
RECEIVE_BUFFER = 2_048
FORM = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a visitor begins, and what then: it `sends` or `reads` a byte at a time, or waits."""

    opening: bytes = b""
    sends: bool = False
    reads: bool = False


IDLE = Manner()
SLOW_HEADER = Manner(f"GET /readyz HTTP/1.1\r\nHost: {HOST}\r\nX-Words: ".encode(), sends=True)
SLOW_BODY = Manner(f"POST / HTTP/1.1\r\nHost: {HOST}\r\n{FORM}\r\n\r\n--x".encode(), sends=True)


def slow_reader(path: str) -> Manner:
    """Return a visitor who asks for a large file and hardly reads it."""
    return Manner(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode(), reads=True)


class Visitor:
    """One of the crowd; comes again whenever it is sent away."""

    def __init__(self, manner: Manner, source: str, number: int = 0) -> None:
        self.manner = manner
        self.number = number
        self.connection: socket.socket | None = None
        self.is_planned = True  # on the crowd's agenda
        self._source = source

    def arrive(self, port: int) -> None:
        """Connect and begin. Raises OSError."""
        connection = socket.socket()
        try:
            if self.manner.reads:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            connection.settimeout(CONNECT_S)
            connection.bind((self._source, 0))
            connection.connect((HOST, port))
            connection.sendall(self.manner.opening)
            connection.setblocking(False)
        except OSError:
            connection.close()
            raise
        self.connection = connection

    def go_on(self) -> bool:
        """Send or read a byte; says whether the connection still stands."""
        assert self.connection is not None
        try:
            if self.manner.sends:
                self.connection.send(b"a")
            return not self.manner.reads or self.connection.recv(1) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def is_sent_away(self) -> bool:
        """Say whether the server has closed the connection; what it says before, nobody here reads."""
        assert self.connection is not None
        try:
            return self.connection.recv(65_536) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def leave(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Crowd:
    """Many visitors at one port, from the `sources` in turn."""

    def __init__(self, port: int, manners: Sequence[Manner], sources: Sequence[str] = (HOST,)) -> None:
        self._port = port
        self._visitors = [
            Visitor(manner, sources[number % len(sources)], number) for number, manner in enumerate(manners)
        ]
        self._agenda: list[tuple[float, int]] = []  # when who does something next
        self._selector = selectors.DefaultSelector()
        self._there = 0

    def stay(
        self, is_over: Callable[[], bool], tell: Callable[[int], None] = lambda _: None, *, arrive_within_s: float = 0.0
    ) -> None:
        """Bother the server until `is_over`; `tell` is told again and again how many stand at its door.

        Who arrives at one moment is also sent away at one moment; a crowd that comes by and by stays spread.
        """
        now, step_s = time.monotonic(), arrive_within_s / len(self._visitors)
        self._agenda = [(now + visitor.number * step_s, visitor.number) for visitor in self._visitors]  # a heap
        try:
            while not is_over():
                self._act()
                for key, _ in self._selector.select(POLL_S):
                    if key.data.is_sent_away():
                        self._send_home(key.data)
                tell(self._there)
        finally:
            for visitor in self._visitors:
                visitor.leave()
            self._selector.close()

    def _act(self) -> None:
        now = time.monotonic()
        while self._agenda and self._agenda[0][0] <= now:
            _, number = heapq.heappop(self._agenda)
            visitor = self._visitors[number]
            visitor.is_planned = False
            if visitor.connection is None:
                self._invite(visitor)
            elif visitor.go_on():
                self._plan(visitor, PACE_S)
            else:
                self._send_home(visitor)

    def _invite(self, visitor: Visitor) -> None:
        try:
            visitor.arrive(self._port)
        except OSError:
            self._plan(visitor, RETURN_S)
            return
        self._there += 1
        if not visitor.manner.reads:
            self._selector.register(visitor.connection, selectors.EVENT_READ, visitor)
        if visitor.manner.reads or visitor.manner.sends:
            self._plan(visitor, PACE_S)

    def _send_home(self, visitor: Visitor) -> None:
        """Lose the connection. Who has a place on the agenda comes back by it."""
        self._there -= 1
        if not visitor.manner.reads:
            self._selector.unregister(visitor.connection)
        visitor.leave()
        if not visitor.is_planned:
            self._plan(visitor, RETURN_S if visitor.manner.opening else IDLE_RETURN_S)

    def _plan(self, visitor: Visitor, seconds: float) -> None:
        visitor.is_planned = True
        heapq.heappush(self._agenda, (time.monotonic() + seconds, visitor.number))
