"""How often each of many may ask.

Each has a bucket of tokens that fills up again at a steady rate. All that is kept of it is the time when it will be
full, as in the generic cell rate algorithm (ITU-T I.371, Annex A).
"""

import time
from collections.abc import Callable
from threading import Lock

MINUTE_S = 60.0
ROUNDING_S = 1e-6


class Rates:
    """`per_minute` requests at once, and after that as many a minute, for each name; safe to use from many threads.

    Of more than `at_most` names those are forgotten that asked least recently, so that no crowd can fill the memory.
    """

    def __init__(
        self, per_minute: float, at_most: int = 10_000, *, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._each_s = MINUTE_S / per_minute
        self._at_most = at_most
        self._clock_s = clock_s
        self._full_at_s: dict[str, float] = {}  # in the order of asking
        self._lock = Lock()

    def take(self, name: str) -> float:
        """Take one and return 0; if there is none, take nothing and return how many seconds it is until there is."""
        with self._lock:
            now_s = self._clock_s()
            full_at_s = max(now_s, self._full_at_s.pop(name, now_s))
            wait_s = full_at_s + self._each_s - now_s - MINUTE_S
            is_empty = wait_s > ROUNDING_S
            self._full_at_s[name] = full_at_s + (0 if is_empty else self._each_s)
            if len(self._full_at_s) > self._at_most:
                del self._full_at_s[next(iter(self._full_at_s))]
        return wait_s if is_empty else 0.0

    def __len__(self) -> int:
        """Return how many names are remembered."""
        return len(self._full_at_s)
