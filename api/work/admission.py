"""How many images are worked on at once, how many may wait, and which are turned away."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from api.errors import Busy, SenderGone

SMOOTHING = 0.2  # the weight of the newest request in the running mean of service times


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many run, how many wait, and how many may wait."""

    running: int
    waiting: int
    capacity: int
    full: bool


class Admission:
    """Hands out `slots` places to work, first come first served; up to `queue` requests wait, others are refused."""

    def __init__(self, *, slots: int, queue: int) -> None:
        self._slots = slots
        self._capacity = queue
        self._lock = threading.Lock()
        self._running = 0
        self._waiting: deque[threading.Event] = deque()
        self._mean_service_s = 1.0

    def require_room(self) -> None:
        """Raise Busy if the queue is full."""
        with self._lock:
            self._refuse_when_full()

    @contextmanager
    def slot(self, *, is_wanted: Callable[[], bool] = lambda: True) -> Iterator[float]:
        """Hold a place to work; yields the seconds waited for it.

        Raises Busy at once if the queue is full, SenderGone if `is_wanted` is false when the turn comes.
        """
        arrived = time.monotonic()
        has_waited = self._enter()
        started = time.monotonic()
        service_s = None  # a refused request does not count
        try:
            if has_waited and not is_wanted():
                raise SenderGone("Nobody waits for this answer.")
            yield started - arrived
            service_s = time.monotonic() - started
        finally:
            self._leave(service_s)

    def state(self) -> QueueState:
        """Return the current state; never waits for work."""
        with self._lock:
            return QueueState(self._running, len(self._waiting), self._capacity, self._is_full())

    def _enter(self) -> bool:
        """Take a place; returns whether it had to wait."""
        with self._lock:
            if self._running < self._slots:
                self._running += 1
                return False
            self._refuse_when_full()
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()  # a request that ends hands over its place, so none can push in
        return True

    def _leave(self, service_s: float | None) -> None:
        with self._lock:
            if service_s is not None:
                self._mean_service_s += SMOOTHING * (service_s - self._mean_service_s)
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._running -= 1

    def _refuse_when_full(self) -> None:
        if self._is_full():
            raise Busy("Every place in the queue is taken. Try again.", retry_after_s=self._expected_wait_s())

    def _is_full(self) -> bool:
        return self._running >= self._slots and len(self._waiting) >= self._capacity

    def _expected_wait_s(self) -> int:
        return max(1, ceil(self._mean_service_s * (len(self._waiting) + 1) / self._slots))
