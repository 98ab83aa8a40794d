"""The processor's cores, shared by all images that are worked on at once, whichever models run.

One image alone has all threads. On two cores, two inferences with two threads each wait for one another after every
layer; with one thread each they do not.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HANDOVER_S = 0.02  # a place that is free for a shorter time goes to the next image


class Cores:
    """Divides `threads` among the images that are worked on at once, at most `images`. One serves the whole process."""

    def __init__(self, threads: int, images: int = 1, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.threads = threads
        self.images = images
        self._clock = clock
        self._lock = threading.Lock()
        self._at_work = 0
        self._most_at_work = 1  # within the last HANDOVER_S
        self._last_left_s = 0.0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Count one more image at work, from its bytes to its answer."""
        with self._lock:
            self._at_work += 1
        try:
            yield
        finally:
            with self._lock:
                self._most_at_work = self._sharers()
                self._at_work -= 1
                self._last_left_s = self._clock()

    @property
    def is_shared(self) -> bool:
        """Whether an inference that begins now is one of several."""
        with self._lock:
            return self._sharers() > 1

    def share(self) -> int:
        """Return how many threads an inference that begins now may use."""
        with self._lock:
            return max(1, self.threads // max(1, self._sharers()))

    def _sharers(self) -> int:
        just_left = self._clock() - self._last_left_s < HANDOVER_S
        return max(self._at_work, self._most_at_work) if just_left else self._at_work


def available_cores(cgroups: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how many cores this process may use, by its affinity and its container's CPU limit."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        own = Path("/proc/self/cgroup").read_text(encoding="ascii").partition("0::/")[2].strip()
    except OSError:
        own = ""
    for folder in (cgroups / own, *(cgroups / own).parents):
        if folder.is_relative_to(cgroups):
            cores = min(cores, _cores_of_quota(folder / "cpu.max") or cores)
    return cores


def _cores_of_quota(file: Path) -> int | None:
    """Return the whole cores of a `cpu.max`, at least 1 (cgroup v2: "QUOTA PERIOD" in microseconds); None: no limit."""
    try:
        quota, period = file.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else max(1, int(quota) // int(period))
