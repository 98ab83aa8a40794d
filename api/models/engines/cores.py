"""The threads of one inference: all there are while it is alone, its share of them while other images are worked on.

Two inferences with two threads each on two cores wait for one another after every layer, with one each they do not.
How many torch uses belongs to the calling thread (OpenMP's `nthreads-var`), and is changed in microseconds; no result
depends on it.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

HANDOVER_S = 0.02  # a place that is free for less has only been handed to the next image


class SharedThreads:
    """Divides `threads` among the images that are worked on at once; `now` is a clock in seconds."""

    def __init__(self, threads: int, now: Callable[[], float] = time.monotonic) -> None:
        self._threads = threads
        self._now = now
        self._lock = threading.Lock()
        self._at_work = 0
        self._last_left_s = -HANDOVER_S
        torch.set_num_threads(threads)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Count one more image that is worked on, from its bytes to its answer."""
        with self._lock:
            self._at_work += 1
        try:
            yield
        finally:
            with self._lock:
                self._at_work -= 1
                self._last_left_s = self._now()

    def adopt(self) -> None:
        """Let torch use one share for what the calling thread computes; cheap enough to be asked before each layer."""
        share = max(1, self._threads // max(1, self._at_work))
        used = torch.get_num_threads()  # to ask comes first: a new thread takes over then what any has set last
        if share < used or (share > used and self._now() - self._last_left_s >= HANDOVER_S):
            torch.set_num_threads(share)
