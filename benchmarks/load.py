"""Clients that ask at the same time, and what they saw."""

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.http_client import encode_form

TIMEOUT_S = 60
WARM_UP = 5  # a fifth of the time comes before what is counted


@dataclass(frozen=True)
class Load:
    """What a number of clients saw; times in milliseconds."""

    clients: int
    requests: int
    per_second: float
    p50: float
    p99: float
    refused: int


def measure(clients: int, seconds: float, work: Callable[[], bool]) -> Load:
    """Let `clients` threads work for some seconds, after a fifth of it to warm up; what ends within them counts."""
    times: list[float] = []
    refused = 0
    lock = threading.Lock()
    begin = time.monotonic() + seconds / WARM_UP
    end = begin + seconds

    def client() -> None:
        nonlocal refused
        while (started := time.monotonic()) < end:
            accepted = work()
            ended = time.monotonic()
            with lock:
                if begin <= ended < end and accepted:
                    times.append(ended - started)
                refused += not accepted

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p50, p99 = np.percentile(times, (50, 99)) * 1000 if times else (np.nan, np.nan)
    return Load(clients, len(times), len(times) / seconds, float(p50), float(p99), refused)


class Post:
    """The same request again and again, each time over a new connection, as nginx sends it on.

    Its bytes are made once and the answer is only read, so that the clients take little of the machine that they share
    with the server.
    """

    def __init__(self, port: int, path: str, body: bytes, headers: dict[str, str], *, expected: bytes = b"") -> None:
        """Make the request. `expected` stands in an answer that is none of a failure: some say 200 to everything."""
        self._expected = expected
        self._address = ("127.0.0.1", port)
        fields = {"Host": f"127.0.0.1:{port}", "Connection": "close", "Content-Length": str(len(body)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._request = f"POST {path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body

    @classmethod
    def form(cls, port: int, image: bytes, **fields: object) -> "Post":
        """Return a request to Pagesight: an image and form fields."""
        return cls(port, "/", *encode_form(image, **fields))

    def ask(self) -> tuple[int, bytes]:
        """Send it; return the status and the body (as it was sent, in chunks or not)."""
        with socket.create_connection(self._address, TIMEOUT_S) as connection:
            connection.sendall(self._request)
            parts = []
            while part := connection.recv(1 << 18):
                parts.append(part)
        head, _, body = b"".join(parts).partition(b"\r\n\r\n")
        return int(head.split(maxsplit=2)[1]), body

    def is_answered(self) -> bool:
        """Send it; say whether the answer comes, is 200 and has what is expected."""
        try:
            status, body = self.ask()
        except TimeoutError:
            return False
        return status == 200 and self._expected in body

    def json(self) -> Any:
        """Send it and return the answer's JSON."""
        return json.loads(self.ask()[1])
