"""What is known of a request, and what happens at its end, whoever answered it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Environ = Mapping[str, Any]  # WSGI's
CALLER = "pagesight.caller"  # in WSGI's environ: whose key the request came with; absent if it came without one


@dataclass(slots=True)
class RequestFacts:
    """Known of one request; the log and the metrics read it."""

    request_id: str
    started_s: float = field(default_factory=time.monotonic)
    problem: str | None = None  # the kind of problem that it was answered with
    model: str | None = None  # the model that answered
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    route: str | None = None  # one of ours, never the path that was asked for
    status: int = 0
    bytes_out: int | None = None

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.started_s


AtTheEnd = tuple[Callable[[Environ, RequestFacts], None], ...]
