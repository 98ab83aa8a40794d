"""Work in the order it is given, on a thread of its own, a little behind the one that gives it."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

MOST_WAITING = 4  # each holds a frame


class Behind:
    """Does what it is given, one after the other. Use it in a `with`, at whose end all is done.

    What fails raises where the next work is given, or at the end. After an error in the `with`, the rest is left out.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def do(self, work: Callable[[], None]) -> None:
        """Do it soon. Waits while too much is left to do."""
        while len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(work))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            while self._waiting and not error:
                self._waiting.popleft().result()
        finally:
            self._thread.shutdown(cancel_futures=True)
