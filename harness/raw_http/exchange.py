"""Bytes to a server and the answers that come back, told apart one by one."""

import json
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"
PATIENCE_S = 30
HTTP_09 = 9  # in place of a status: a body without a header, which is all that this old version of HTTP knows
PROBE_ID = "probe"
PROBE = f"GET /readyz HTTP/1.1\r\nHost: {HOST}\r\nX-Request-ID: {PROBE_ID}\r\nConnection: close\r\n\r\n".encode()
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([0-9]{3}) [^\r\n]*\r\n")


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One answer. The names of `headers` are in lower case; `repeated` are those that were there more than once."""

    status: int
    headers: Mapping[str, str]
    repeated: frozenset[str]
    body: bytes

    @property
    def is_probe(self) -> bool:
        """Whether it answers the request that `exchange` adds, and no other."""
        return self.headers.get("x-request-id") == PROBE_ID

    @property
    def is_problem(self) -> bool:
        """Whether it is an error told as every error is."""
        if self.headers.get("content-type") != "application/problem+json":
            return False
        try:
            problem: dict[str, Any] = json.loads(self.body)
        except ValueError:  # cut off
            return False
        return (
            set(problem) == {"type", "title", "status", "detail", "request_id"}
            and problem["status"] == self.status
            and problem["request_id"] == self.headers["x-request-id"]
        )


def exchange(port: int, request: bytes, *, source: str = "", half_close: bool = False) -> list[RawAnswer]:
    """Send a request and an ordinary one right behind it; return all answers until the server closes.

    Who reads a request to another end than is meant takes the ordinary one for something else, or answers too often.
    `source` is the address to send from; `half_close` says that nothing follows, which saves the server its patience.
    """
    received = bytearray()
    with socket.create_connection((HOST, port), PATIENCE_S, source_address=(source, 0)) as connection:
        try:
            connection.sendall(request + PROBE)
            if half_close:
                with suppress(OSError):  # closed already
                    connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
        except (ConnectionResetError, BrokenPipeError):
            pass  # closed while there was more to come; what it said before has arrived
    return split_answers(bytes(received), without_body=request.startswith(b"HEAD "))


def split_answers(received: bytes, *, without_body: bool = False) -> list[RawAnswer]:
    """Return the answers in a stream, less those that only say "go on". Fails where it is no sequence of whole answers.

    `without_body`: the first is one to HEAD.
    """
    answers: list[RawAnswer] = []
    while received:
        answer, received = _first_answer(received, without_body=without_body and not answers)
        if answer.status >= 200 or answer.status == HTTP_09:
            answers.append(answer)
    return answers


def _first_answer(received: bytes, *, without_body: bool) -> tuple[RawAnswer, bytes]:
    line = STATUS_LINE.match(received)
    if line is None and not received.startswith(b"HTTP/"):
        return RawAnswer(HTTP_09, {}, frozenset(), received), b""
    assert line, f"not the beginning of an answer: {received[:80]!r}"
    head, separator, rest = received[line.end() - 2 :].partition(b"\r\n\r\n")
    assert separator, f"an answer without an end of its header: {received[:80]!r}"
    pairs = [(name.lower(), text.strip()) for name, _, text in (row.partition(":") for row in _lines(head))]
    headers = dict(pairs)
    repeated = frozenset(name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1)
    body, rest = (b"", rest) if without_body else _body(int(line[1]), headers, rest)
    return RawAnswer(int(line[1]), headers, repeated, body), rest


def _lines(head: bytes) -> list[str]:
    return head.decode("latin-1").split("\r\n")[1:]


def _body(status: int, headers: Mapping[str, str], rest: bytes) -> tuple[bytes, bytes]:
    if status < 200 or status in (204, 304):
        return b"", rest
    if "content-length" in headers:
        length = int(headers["content-length"])
        return rest[:length], rest[length:]
    assert headers.get("connection") == "close", "nothing tells where this answer ends"
    return rest, b""
