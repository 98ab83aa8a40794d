"""What a program of the owner shows while it works."""

import logging
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

BLOCKS, WIDTH = "█░", 20
DRAWN_EVERY_S = 0.2
LINES = 10  # of a stage, where no terminal shows a bar


def show_progress() -> None:
    """Write what our modules log, such as the steps of a conversion, to standard error as plain lines."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("api").setLevel(logging.INFO)


class ProgressBar:
    """A bar on standard error for each stage of long work, with the time that is left; a few lines if it is a file."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._what, self._steps, self._done = "", 0, 0
        self._began_s = self._drawn_s = time.monotonic()
        self.must_stop = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Let the first Ctrl+C, and a plain `kill`, only set `must_stop`; the second Ctrl+C ends the program."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            self._clear()
            for number, handler in before.items():
                signal.signal(number, handler)

    def begin(self, what: str, steps: int) -> None:
        """Begin a stage of this many steps; the one before it is over."""
        self._clear()
        self._what, self._steps, self._done = what, steps, 0
        self._began_s = time.monotonic()

    def advance(self, note: str = "") -> None:
        """Count one more step as done; `note` says how it stands."""
        self._done += 1
        is_line = self._done * LINES // self._steps > (self._done - 1) * LINES // self._steps
        if self._is_terminal and (is_line or time.monotonic() > self._drawn_s + DRAWN_EVERY_S):
            self._drawn_s = time.monotonic()
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\033[K{self._line(note)[:width]}")
            sys.stderr.flush()
        elif is_line and not self._is_terminal:
            sys.stderr.write(f"{self._line(note)}\n")

    def say(self, text: str) -> None:
        """Write a line that stays."""
        self._clear()
        sys.stderr.write(f"{text}\n")

    def _line(self, note: str) -> str:
        share = self._done / self._steps
        full = round(share * WIDTH)
        left_s = (time.monotonic() - self._began_s) * (1 - share) / share
        parts = (f"{self._what} {BLOCKS[0] * full}{BLOCKS[1] * (WIDTH - full)} {100 * share:.0f} %", _in_words(left_s))
        return "  ".join((*parts, note)).rstrip()

    def _clear(self) -> None:
        if self._is_terminal:
            sys.stderr.write("\r\033[K")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if self.must_stop:
            raise KeyboardInterrupt
        self.must_stop = True


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s left"
    return f"{seconds / 60:.0f} min left" if seconds < 5400 else f"{seconds / 3600:.1f} h left"
