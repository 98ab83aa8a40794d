"""All errors of this client, and what the server says of its own (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error in the server's words: `detail` says what was wrong and what would be right.

    `challenge` is the work that a server asks for above a rate; the client has tried it before it gives up.
    """

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    challenge: Mapping[str, Any] | None = None


class PagesightError(Exception):
    """Anything that kept a question from being answered; its text is for a person."""


class Unreachable(PagesightError):
    """Nothing answered at the server's address for as long as `Retries` allows."""


class Lost(PagesightError):
    """The connection broke before the answer, each time that this was sent: it may be what breaks the server."""


class ForeignAnswer(PagesightError):
    """Something answered that is not Pagesight, or one whose contract this client does not know."""


class JobFailed(PagesightError):
    """A job that was waited for has failed or was cancelled."""


class AnsweredWithProblem(PagesightError):
    """The server said no."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status


class Refused(AnsweredWithProblem):
    """What was sent is refused (4xx): sent again, it would be refused again."""


class Unavailable(AnsweredWithProblem):
    """The server cannot do it now (429, 5xx), and did not for as long as `Retries` allows."""
