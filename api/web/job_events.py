"""Server-sent events of a job: what it is now, and each change (https://html.spec.whatwg.org/#server-sent-events).

An open stream holds a thread. So each ends after some seconds, and the browser asks again by itself; and if as many are
open as may be, a further one says how things are and ends at once. To the page both are the same.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response

from api.errors import ApiError

MOST_STREAMS = 8
STREAM_S = 15.0
LOOK_EVERY_S = 0.5
AGAIN_MS = 300
AGAIN_IF_FULL_MS = 2000


class EventStreams:
    """The streams that are open in this process. `is_ending` is true once the process should answer nothing new."""

    def __init__(self, is_ending: Callable[[], bool], *, most: int = MOST_STREAMS, stream_s: float = STREAM_S) -> None:
        self._places = threading.BoundedSemaphore(most)
        self._is_ending = is_ending
        self._stream_s = stream_s

    def answer(self, look: Callable[[], tuple[dict[str, Any], bool]]) -> Response:
        """Answer with what `look` returns, again each time it changes: the event, and whether it is the last."""
        first = look()  # here, so that an error is answered as one
        holds_place = not first[1] and self._places.acquire(blocking=False)
        events = self._follow(first, look) if holds_place else _once(first)
        response = Response(events, mimetype="text/event-stream")
        if holds_place:
            response.call_on_close(self._places.release)
        response.headers["X-Accel-Buffering"] = "no"  # for nginx
        return response

    def _follow(
        self, seen: tuple[dict[str, Any], bool], look: Callable[[], tuple[dict[str, Any], bool]]
    ) -> Iterator[str]:
        deadline = time.monotonic() + self._stream_s
        yield f"retry: {AGAIN_MS}\n" + _event(seen[0])
        while not seen[1] and time.monotonic() < deadline and not self._is_ending():
            time.sleep(LOOK_EVERY_S)
            try:
                now = look()
            except ApiError:  # forgotten meanwhile, or the database is away: the next request hears of it
                return
            if now != seen:
                yield _event(now[0])
            seen = now


def _once(seen: tuple[dict[str, Any], bool]) -> Iterator[str]:
    yield f"retry: {AGAIN_IF_FULL_MS}\n" + _event(seen[0])


def _event(content: dict[str, Any]) -> str:
    return f"data: {json.dumps(content)}\n\n"
