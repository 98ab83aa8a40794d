"""How many jobs wait, for whoever must not wait for the answer."""

import threading
import time
from collections.abc import Callable

from api.errors import NotReady

EVERY_S = 2.0


class LatestCount:
    """Returns what was last known, and asks anew behind that."""

    def __init__(self, ask: Callable[[], int], every_s: float = EVERY_S) -> None:
        self._ask = ask
        self._every_s = every_s
        self._lock = threading.Lock()
        self._asked_s = float("-inf")
        self._is_asking = False
        self._count: int | None = None

    def get(self) -> int | None:
        """Return the count; None if it is not known (yet)."""
        with self._lock:
            if not self._is_asking and time.monotonic() - self._asked_s > self._every_s:
                self._is_asking, self._asked_s = True, time.monotonic()
                threading.Thread(target=self._refresh, name="count-jobs", daemon=True).start()
        return self._count

    def _refresh(self) -> None:
        try:
            self._count = self._ask()
        except NotReady:
            self._count = None
        finally:
            self._is_asking = False
