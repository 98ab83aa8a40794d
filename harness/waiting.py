"""Waiting for a state, never for luck."""

import time
from collections.abc import Callable

LIMIT_S = 60.0
POLL_S = 0.02


def wait_until(
    holds: Callable[[], object],
    complaint: Callable[[], str] = lambda: "it never came to that",
    *,
    limit_s: float = LIMIT_S,
    poll_s: float = POLL_S,
) -> None:
    """Return as soon as `holds` is true. Raises AssertionError with the complaint after `limit_s`."""
    deadline = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(complaint())
        time.sleep(poll_s)
