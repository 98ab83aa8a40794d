"""A request to the server and what is read from its answer, without sending anything."""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import httpx

from pagesight.errors import AnsweredWithProblem, ForeignAnswer, Problem, Refused, Unavailable
from pagesight.from_json import UnexpectedJson, from_json

T = TypeVar("T")
PROBLEM = "application/problem+json"
MOST_HELD_BYTES = 16_000_000  # a larger file is sent from the disk
File = bytes | str | PathLike[str]


@dataclass(frozen=True, slots=True)
class Call:
    """A request. `file` is bytes, or a path that is opened whenever the call is sent."""

    method: str
    path: str
    fields: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    file: File | None = None

    @property
    def file_name(self) -> str:
        """What the server is told as the file's name."""
        return "file" if self.file is None or isinstance(self.file, bytes) else Path(self.file).name

    def open(self) -> bytes | BinaryIO:
        """Return what is uploaded; the caller closes a file. Raises OSError."""
        if self.file is None or isinstance(self.file, bytes):
            return self.file or b""
        path = Path(self.file)
        return path.read_bytes() if path.stat().st_size <= MOST_HELD_BYTES else path.open("rb")


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds before going on."""

    seconds: float


# A conversation with the server: it yields what is to be done next, is sent what came of it, and returns what was asked
# for. `Client` and `AsyncClient` carry one out, each in its own way.
Conversation = Generator[Call | Pause, "httpx.Response | httpx.TransportError | None", T]


def read_answer(kind: type[T], response: httpx.Response) -> T:
    """Return the answer of a request that went well. Raises Refused, Unavailable or ForeignAnswer."""
    return read_with_json(kind, response)[0]


def read_with_json(kind: type[T], response: httpx.Response) -> tuple[T, Any]:
    """Return the same, and the JSON that it was read from."""
    require_success(response)
    try:
        content = response.json()
        return from_json(kind, content), content
    except (UnexpectedJson, json.JSONDecodeError, UnicodeDecodeError) as error:
        url = response.request.url.copy_with(query=None)
        raise ForeignAnswer(f"{url} did not answer as Pagesight does: {error}.") from error


def require_success(response: httpx.Response) -> None:
    """Raise Refused, Unavailable or ForeignAnswer, unless the status is one of success."""
    if response.is_success:
        return
    if response.is_redirect:
        raise ForeignAnswer(f"The server has moved: use {response.headers.get('Location', 'its new address')}.")
    raise error_of(response)


def error_of(response: httpx.Response) -> AnsweredWithProblem:
    """Return the error that an answer tells."""
    problem = _read_problem(response)
    is_ours = response.status_code < 500 and response.status_code != 429
    return Refused(problem) if is_ours else Unavailable(problem)


def _read_problem(response: httpx.Response) -> Problem:
    """Return what the server says, or what can be said for something in between that says nothing."""
    if response.headers.get("Content-Type", "").startswith(PROBLEM):
        try:
            return from_json(Problem, response.json())
        except (UnexpectedJson, json.JSONDecodeError, UnicodeDecodeError):
            pass  # it is said below
    return Problem(
        type="about:blank",
        title=response.reason_phrase,
        status=response.status_code,
        detail=f"The server answered {response.status_code} {response.reason_phrase}, and did not say why.",
        request_id=response.headers.get("X-Request-ID", ""),
    )
