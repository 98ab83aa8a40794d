"""Names that may be used once, until they expire."""

import time
from threading import Lock


class UsedOnce:
    """Remembers names that were used; safe to use from many threads.

    Past `at_most` the first ones are forgotten, and then whatever expires no later than they do counts as used: no
    crowd can fill the memory, and none can make room to use a name again.
    """

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._expires: dict[str, float] = {}  # by name, in the order of use; seconds since 1970
        self._all_used_until = 0.0
        self._lock = Lock()

    def use(self, name: str, expires: float) -> bool:
        """Use a name that expires at a time, in seconds since 1970; return whether it had not been used before."""
        with self._lock:
            self._forget(time.time())
            if expires <= self._all_used_until or name in self._expires:
                return False
            self._expires[name] = expires
            return True

    def _forget(self, now: float) -> None:
        while self._expires:
            name, expires = next(iter(self._expires.items()))
            if expires >= now and len(self._expires) < self._at_most:
                return
            self._all_used_until = max(self._all_used_until, expires)
            del self._expires[name]

    def __len__(self) -> int:
        """Return how many names are remembered."""
        return len(self._expires)
