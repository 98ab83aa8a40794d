"""When a request is sent again, and after how long.

A photograph may be sent twice: the server keeps nothing of it. So what is lost on the way, and what the server cannot
do now, is sent again; what it refuses, and what made it fail, is not.
"""

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from pagesight.calls import Call, Conversation, Pause, error_of
from pagesight.errors import Lost, PagesightError, Unreachable

TOO_OFTEN = 429
NOT_NOW = (TOO_OFTEN, 502, 503)  # not 500 and 504: the same request may bring the server down again
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteError, httpx.WriteTimeout)


@dataclass(frozen=True, slots=True)
class Retries:
    """How long a request is sent again: for `patience_s` seconds after it first failed; 0 means never.

    The pauses grow from `first_s` to `longest_s`, if the server says no other. A request that was sent, and whose
    connection broke before the answer, is sent again at most `lost` times: it may be what breaks the server.
    """

    patience_s: float = 300.0
    first_s: float = 0.25
    longest_s: float = 5.0
    growth: float = 1.5
    lost: int = 5

    def pause_s(self, attempt: int) -> float:
        """Return how long to wait after attempt 0, 1, ...: never the same for two clients."""
        full = min(self.first_s * self.growth ** min(attempt, 50), self.longest_s)
        return random.uniform(full / 2, full)  # noqa: S311, nothing secret


class Pace:
    """What a server's 429 asks of all requests of a client: it speaks to the address, not of one photograph."""

    def __init__(self) -> None:
        self._next = 0.0

    def hold(self, seconds: float) -> None:
        """Send nothing for so long."""
        self._next = max(self._next, time.monotonic() + seconds)

    def pause_s(self) -> float:
        """Return for how much longer nothing may be sent."""
        return self._next - time.monotonic()


def persist(call: Call, retries: Retries, pace: Pace) -> Conversation[httpx.Response]:
    """Send a call until it is answered for good. Raises Unavailable, Unreachable or Lost when patience is over."""
    gives_up: float | None = None
    attempt = lost = 0
    while True:
        while (held_s := pace.pause_s()) > 0:
            yield Pause(held_s)
        reply = yield call
        if reply is None:
            raise TypeError("A call must be answered.")
        if isinstance(reply, httpx.Response) and reply.status_code not in NOT_NOW:
            return reply
        lost += isinstance(reply, httpx.TransportError) and not isinstance(reply, NEVER_SENT)
        pause_s = retries.pause_s(attempt)
        if isinstance(reply, httpx.Response):
            asked_s = retry_after_s(reply)
            pause_s = pause_s if asked_s is None else asked_s
        now = time.monotonic()
        gives_up = now + retries.patience_s if gives_up is None else gives_up
        if now + pause_s > gives_up or lost > retries.lost:
            raise _last_word(reply) from (reply if isinstance(reply, httpx.TransportError) else None)
        if isinstance(reply, httpx.Response) and reply.status_code == TOO_OFTEN:
            pace.hold(pause_s)
        else:
            yield Pause(pause_s)
        attempt += 1


def retry_after_s(response: httpx.Response) -> float | None:
    """Return for how many seconds the server asks to wait (RFC 9110 section 10.2.3), if it does."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # a date without a zone cannot be subtracted
        return None


def _last_word(reply: httpx.Response | httpx.TransportError) -> PagesightError:
    if isinstance(reply, httpx.Response):
        return error_of(reply)
    url = reply.request.url.copy_with(path="/", query=None)
    why = str(reply) or type(reply).__name__
    if isinstance(reply, NEVER_SENT):
        return Unreachable(f"Nothing answers at {url} ({why}). Is the server running, and the address right?")
    return Lost(f"The connection to {url} broke before the answer came, each time ({why}).")
