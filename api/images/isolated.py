"""HEIC and AVIF, decoded in a short-lived process that is bounded from outside, whatever the file says.

Streams inside the file decide how much these decoders take, and a bug in a decoder may end its process: here that
costs only one answer. The process is a new program, never a fork of this one; it starts in 15 ms for an AVIF and in
50 ms for a HEIC. Only bare pixels come back, and nothing else of the file.
"""

import errno
import logging
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from threading import Timer
from typing import IO, cast

import numpy as np
from PIL import Image

from api.errors import RefusedImage
from api.images.limits import ImageLimits, check_size
from api.images.orientation import Decoded

PROGRAM = Path(__file__).with_name("decoder_process.py")
# Measured: 25 megapixels of 8 bits in 4:2:0 take 200 MB (AVIF) and 135 to 175 MB (HEIC), 24 megapixels of 10 bits in
# a HEIC 200 MB. In 4:4:4 or with transparency, and in an AVIF of more than 8 bits, 15 to 23 megapixels fit. Libraries
# add 10 MB; the worker's own array fills only when the decoder has freed its planes: 220 MB in all, at most.
MAX_MEMORY = 220_000_000
MAX_CPU_S = 2  # a detailed HEIC takes most: 1.5 s for 25 megapixels, 0.7 s for 12
MAX_S = 10.0  # on the clock, for a process that waits or is kept waiting
ENV = {"MALLOC_ARENA_MAX": "1"}
MAX_LINE = 100
CHANNELS = {"L": 1, "LA": 2, "La": 2, "RGB": 3, "RGBA": 4, "RGBa": 4}

TOO_MUCH = "The image takes more {} than is allowed for this kind of file; make it smaller, or save it as a JPEG."
DAMAGED = "The image is cut off or damaged; it could not be decoded to its end."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Isolated:
    """The pixels as they are stored, and the EXIF orientation that the file asks for."""

    decoded: Decoded
    orientation: int


def decode_isolated(data: bytes, kind: str, limits: ImageLimits) -> Isolated:
    """Decode a file of the kind `HEIF` or `AVIF`. Raises RefusedImage, MemoryError."""
    deadline = time.monotonic() + MAX_S
    with _start(kind) as process:
        timer = Timer(MAX_S, process.kill)
        timer.start()
        try:
            return _converse(process, data, limits)
        except EOFError as error:
            raise _explain(process.wait(), is_late=time.monotonic() >= deadline) from error
        finally:
            timer.cancel()
            process.kill()


def _start(kind: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-B", str(PROGRAM), kind, str(MAX_MEMORY), str(MAX_CPU_S)]
    pipe = subprocess.PIPE  # for complaints too, which nobody reads: the null device would be one more file to write to
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=ENV)  # noqa: S603
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.ENOMEM):  # no more processes, or no memory
            raise MemoryError from error
        raise


def _converse(process: subprocess.Popen[bytes], data: bytes, limits: ImageLimits) -> Isolated:
    file, answer = cast(IO[bytes], process.stdin), cast(BufferedReader, process.stdout)
    with suppress(BrokenPipeError), file:
        file.write(data)
    width, height = _read_line(answer, "size")
    check_size(int(width), int(height), limits)
    width, height, mode, orientation = _read_line(answer, "pixels")
    check_size(int(width), int(height), limits)  # the decoder may find another
    return Isolated(_read_pixels(answer, int(width), int(height), mode), int(orientation))


def _read_line(answer: BufferedReader, expected: str) -> list[str]:
    """Return the words after `expected`. Raises RefusedImage if the decoder failed, EOFError for any other line."""
    word, *others = answer.readline(MAX_LINE).decode("ascii", "replace").split() or [""]
    if word == expected:
        return others
    if word != "failed":
        raise EOFError
    (reason,) = others
    if reason == "memory":
        raise RefusedImage(TOO_MUCH.format("memory"))
    if reason != "damaged":
        logger.warning("the decoder failed: reason=%s", reason)
    raise RefusedImage(DAMAGED)


def _read_pixels(answer: BufferedReader, width: int, height: int, mode: str) -> Decoded:
    pixels = np.empty((height, width, CHANNELS[mode]), np.uint8)
    if answer.readinto(pixels.data.cast("B")) < pixels.nbytes:
        raise EOFError
    return pixels if mode in ("RGB", "RGBA") else Image.frombuffer(mode, (width, height), pixels, "raw", mode, 0, 1)


def _explain(status: int, *, is_late: bool) -> Exception:
    """Return the error that a silent end of the process means; a status under 0 is a signal."""
    if is_late or status == -signal.SIGXCPU:
        return RefusedImage(TOO_MUCH.format("time"))
    if status >= 0:
        return RuntimeError(f"the decoder's program ended with status {status}")  # a mistake of ours
    if status == -signal.SIGKILL:  # not by us: the system is short of memory
        return MemoryError()
    logger.warning("the decoder died: reason=%s", signal.Signals(-status).name)
    return RefusedImage(DAMAGED)
