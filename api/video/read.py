"""Frames of a video, upright and with their times, as they are decoded in a process of its own."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from api.errors import RefusedVideo
from api.video.limits import VideoLimits
from api.video.process import DecoderProcess
from api.video.video import Frame, Video

EVERY = 5.0  # frames analysed a second, if nobody says how many
BEFORE_ALL = -1.0
CPU_S, CPU_S_A_SECOND = 30, 8  # a frame of 4K in 10 bits takes 75 ms
SIDEWAYS, LAST_ROW_FIRST, LAST_COLUMN_FIRST = 4, 2, 1  # as decoder_process.py says


class FrameReader(Iterator[Frame]):
    """The frames of a video in order of time, each later than the one before. Use it in a `with`, or `close` it.

    Iterating may be broken off and gone on with. A new reader with `after_s`, the time of the last frame that somebody
    has seen, gives exactly the frames that are left. All frames have the video's `drawn_size`, or `size` (height,
    width), whatever the pictures in the file change to.

    `skipped` counts packets and pictures that were broken, from `after_s` up to here. `ended_early` says in words why a
    reading ended before the file did, else it is empty.
    """

    def __init__(
        self,
        path: Path,
        video: Video,
        limits: VideoLimits,
        *,
        every: float = EVERY,
        after_s: float = BEFORE_ALL,
        size: tuple[int, int] | None = None,
        only_analysed: bool = False,
    ) -> None:
        self.skipped = 0
        self.ended_early = ""
        self._is_over = False
        self._limits = limits
        height, width = self._size = size or video.drawn_size
        cpu_s = CPU_S + round(CPU_S_A_SECOND * video.duration_s)
        wishes = (width, height, repr(float(after_s)), repr(float(every)), int(not only_analysed))
        self._decoder = DecoderProcess(path, "read", *wishes, cpu_s=cpu_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the decoder."""
        self._decoder.close()

    def __next__(self) -> Frame:
        """Return the next frame. Raises MemoryError; what is wrong with the file only ends the reading."""
        frame = None
        try:
            frame = None if self._is_over else self._read()
        except RefusedVideo as error:
            self.ended_early = error.detail
        if frame is None:
            self._is_over = True
            raise StopIteration
        return frame

    def _read(self) -> Frame | None:
        """Return the next frame, None at the end. Raises RefusedVideo if the rest cannot be read."""
        word, *facts = self._decoder.read_line()
        while word == "passed":
            word, *facts = self._decoder.read_line()
        if word == "end":
            self.skipped = int(facts[0])
            return None
        time_s, is_analysed, self.skipped, turn = float(facts[0]), facts[1] == "1", int(facts[2]), int(facts[3])
        if time_s > self._limits.max_seconds:
            raise RefusedVideo(f"The video goes on after {self._limits.max_seconds:g} seconds; the rest is left out.")
        height, width = self._size
        pixels = self._decoder.read_pixels(*((width, height) if turn & SIDEWAYS else (height, width)))
        return Frame(time_s, _upright(pixels, turn), is_analysed)


def _upright(pixels: NDArray[np.uint8], turn: int) -> NDArray[np.uint8]:
    if turn & SIDEWAYS:
        pixels = pixels.transpose(1, 0, 2)
    if turn & LAST_ROW_FIRST:
        pixels = pixels[::-1]
    if turn & LAST_COLUMN_FIRST:
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
