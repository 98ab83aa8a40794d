"""A short-lived process that looks into a video or decodes it, bounded from outside whatever the file says.

The file decides how much a decoder takes, and a bug in one may end its process: here that ends only the reading. The
process is a new program, never a fork of this one, and gets nothing but the open file.
"""

import errno
import logging
import select
import signal
import subprocess
import sys
import time
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import numpy as np
from numpy.typing import NDArray

from api.errors import RefusedVideo

PROGRAM = Path(__file__).with_name("decoder_process.py")
MAX_MEMORY = 700_000_000
MAX_WAIT_S = 30.0  # for the next line or frame, on the clock
LINE_BYTES = 100  # each line is filled up with spaces
ENV = {"MALLOC_ARENA_MAX": "1"}

TOO_LONG = "The video takes more time than is allowed; make it smaller, or save it as H.264."
REASONS = {
    "memory": "The video takes more memory or has more tracks than is allowed; make it smaller, or save it as H.264.",
    "damaged": "The video is cut off or damaged; it could not be read.",
    "codec": "The video is coded in a way that is not read; save it as H.264.",
    "no-pictures": "The file has no moving pictures, only sound or nothing at all.",
    "no-frames": "None of the video's pictures could be decoded.",
}

logger = logging.getLogger(__name__)


class DecoderProcess:
    """The running program. `close` it, or use it in a `with`."""

    def __init__(self, path: Path, job: str, *arguments: object, cpu_s: int) -> None:
        program = [sys.executable, "-I", "-B", str(PROGRAM), job, str(MAX_MEMORY), str(cpu_s), *map(str, arguments)]
        try:
            with path.open("rb") as file:
                self._process = subprocess.Popen(  # noqa: S603
                    program, bufsize=0, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENV
                )
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.ENOMEM):  # no more processes, or no memory
                raise MemoryError from error
            raise
        self._answer = cast(FileIO, self._process.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program, whatever it is doing."""
        self._process.kill()
        self._answer.close()
        self._process.wait()

    def read_line(self) -> list[str]:
        """Return the words of the next line. Raises RefusedVideo if the program failed, MemoryError."""
        line = bytearray(LINE_BYTES)
        self._fill(memoryview(line))
        word, *others = line.decode("ascii", "replace").split()
        if word == "failed":
            (reason,) = others
            if reason not in REASONS:
                logger.warning("the decoder failed: reason=%s", reason)
            raise RefusedVideo(REASONS.get(reason, REASONS["damaged"]))
        return [word, *others]

    def read_pixels(self, height: int, width: int) -> NDArray[np.uint8]:
        """Return the pixels that come next, HWC uint8 RGB."""
        pixels = np.empty((height, width, 3), np.uint8)
        self._fill(pixels.data.cast("B"))
        return pixels

    def _fill(self, rest: memoryview) -> None:
        """Read until the buffer is full; wait for the program, but not for ever."""
        deadline = time.monotonic() + MAX_WAIT_S
        while rest:
            ready, _, _ = select.select([self._answer], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise RefusedVideo(TOO_LONG)
            count = self._answer.readinto(rest)
            if not count:
                raise _explain(self._process.wait())
            rest = rest[count:]


def _explain(status: int) -> Exception:
    """Return the error that a silent end of the program means; a status under 0 is a signal."""
    if status == -signal.SIGXCPU:
        return RefusedVideo(TOO_LONG)
    if status >= 0:
        return RuntimeError(f"the decoder's program ended with status {status}")  # a mistake of ours
    if status == -signal.SIGKILL:  # not by us: the system is short of memory
        return MemoryError()
    logger.warning("the decoder died: reason=%s", signal.Signals(-status).name)
    return RefusedVideo(REASONS["damaged"])
