"""The threads of one inference: all there are while it is alone, its share of them while others run.

Two inferences with two threads each on two cores wait for one another after every layer, with one each they do not.
How many torch uses belongs to the calling thread (OpenMP's `nthreads-var`) and is set in some 40 us; no result depends
on it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch


class SharedThreads:
    """Divides `threads` among the inferences that run at once."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._running = 0
        torch.set_num_threads(threads)

    @contextmanager
    def share(self) -> Iterator[int]:
        """Let torch use one share for what the calling thread computes within; gives how many threads that is."""
        with self._lock:
            self._running += 1
            share = max(1, self._threads // self._running)
        try:
            # To ask comes first: a thread's first question takes over what any thread has set last.
            if torch.get_num_threads() != share:
                torch.set_num_threads(share)
            yield share
        finally:
            with self._lock:
                self._running -= 1
