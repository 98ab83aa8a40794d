"""Native code that never returns: a hung decoder or network must take neither a visitor nor the server with it.

The work on pixels runs on threads of its own, and the request's thread waits for a limited time. A native call cannot
be stopped from outside. So a process in which one hangs takes no more work, gives running work some seconds, and ends;
gunicorn's master starts another. If the call holds the interpreter's lock, none of this can run; but then the heartbeat
stops too, and gunicorn's `timeout` ends the process.
"""

import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from api.errors import Hung, NotReady

logger = logging.getLogger(__name__)

WORK_LIMIT_S = 30.0
LAST_WORK_S = 10.0  # for running work, when something hangs
LAST_ANSWERS_S = 1.0  # for its answers to be sent
EXIT_STATUS = 70  # EX_SOFTWARE; 3 and 4 would end gunicorn's master too
RETRY_AFTER_S = 5

Result = TypeVar("Result")


class Watchdog:
    """Runs work on `threads` threads and waits `limit_s` for each.

    `on_hang` is called once, when the first hangs; `end` ends the process some seconds later.
    """

    def __init__(
        self,
        *,
        threads: int,
        on_hang: Callable[[], None],
        limit_s: float = WORK_LIMIT_S,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pixels")
        self._limit_s = limit_s
        self._on_hang = on_hang
        self._end = end
        self._lock = threading.Lock()
        self._at_work: set[Future[Any]] = set()
        self._is_well = True

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, raise what it raises. Raises Hung if it takes too long, NotReady after that."""
        if not self._is_well:
            raise NotReady("The server is being restarted. Try again in a few seconds.", retry_after_s=RETRY_AFTER_S)
        future = self._pool.submit(work)
        self._at_work.add(future)
        try:
            return future.result(self._limit_s)
        except TimeoutError as error:
            if future.done():  # the work's own
                raise
            self._at_work.discard(future)  # nothing waits for it any more
            self._give_up()
            raise Hung(f"The work on this image did not end within {self._limit_s:g} s; it was given up.") from error
        finally:
            self._at_work.discard(future)
            del future  # traceback and future refer to each other: pixels would stay in memory

    def _give_up(self) -> None:
        with self._lock:
            was_well, self._is_well = self._is_well, False
        if was_well:
            logger.critical("Work on an image hangs for %g s: this process takes no more and ends", self._limit_s)
            self._on_hang()
            threading.Thread(target=self._end_process, name="end-process", daemon=True).start()

    def _end_process(self) -> None:
        wait(list(self._at_work), LAST_WORK_S)
        threading.Event().wait(LAST_ANSWERS_S)
        logger.critical("This process ends now; another takes its place")
        logging.shutdown()
        self._end(EXIT_STATUS)
