"""How much one person may send: a bucket for each, which fills up evenly within a minute."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

MINUTE_S = 60.0
MOST_NAMES = 10_000  # the one that was quiet the longest is forgotten, and begins with a full bucket again


@dataclass(frozen=True, slots=True)
class TooMuch:
    """There is not enough left, and in how many seconds there will be. Only the first in a row is worth an answer."""

    seconds: int
    is_first: bool


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    is_told: bool = False


class Rates:
    """Lets everybody send `per_minute` things a minute, and as many at once."""

    def __init__(
        self, per_minute: int, *, at_most: int = MOST_NAMES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._at_most = at_most
        self._clock = clock
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def take(self, name: int, cost: int) -> TooMuch | None:
        """Take so much out of somebody's bucket, or nothing if that is too much. More than a bucket costs one."""
        now = self._clock()
        bucket = self._buckets.setdefault(name, _Bucket(self._per_minute, now))
        self._buckets.move_to_end(name)
        if len(self._buckets) > self._at_most:
            self._buckets.popitem(last=False)
        bucket.left = min(self._per_minute, bucket.left + (now - bucket.at) * self._per_minute / MINUTE_S)
        bucket.at = now
        missing = min(cost, self._per_minute) - bucket.left
        if missing <= 0:
            bucket.left -= min(cost, self._per_minute)
            bucket.is_told = False
            return None
        is_first, bucket.is_told = not bucket.is_told, True
        return TooMuch(ceil(missing * MINUTE_S / self._per_minute), is_first)
