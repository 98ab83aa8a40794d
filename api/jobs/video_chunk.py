"""Some seconds of work on a video: frames in, what is found in them, and the drawn part out."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2

from api.images.encode import encode_jpeg
from api.jobs.behind import Behind
from api.jobs.folder import JobFolder, written_whole
from api.jobs.open_videos import FramesFrom
from api.models.model import Model
from api.tasks.registry import TASKS
from api.video.cuts import glance
from api.video.video import Frame, Video

if TYPE_CHECKING:
    from api.video.write import SegmentWriter

CHUNK_S = 4.0
PREVIEW_EVERY_S = 1.0
PREVIEW_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Asked:
    """What is done with each frame."""

    model: Model
    options: Any
    annotate: bool
    display_width: int | None


@dataclass(slots=True)
class Chunk:
    """What has come of a chunk so far. `is_broken_off`: nobody wants it any more."""

    after_s: float
    found: list[dict[str, Any]] = field(default_factory=list)
    is_last: bool = False
    is_broken_off: bool = False


class ChunkWork:
    """The work on one chunk.

    A chunk ends before a frame that is analysed, so that the next one begins with its own result: until the next
    analysed frame, each frame is drawn with what was found last.
    """

    def __init__(self, asked: Asked, video: Video, folder: JobFolder, chunk_s: float = CHUNK_S) -> None:
        self._asked = asked
        self._video = video
        self._folder = folder
        self._chunk_s = chunk_s
        self._task = TASKS[asked.model.card.task]
        self._shown: Any = None  # the newest result, in the pixels of the drawn video
        self._previewed_s = float("-inf")

    def run(self, frames: FramesFrom, segment: Path, tell: Callable[[Chunk], bool]) -> Chunk:
        """Work on frames until the time is up. `tell` hears of each analysed frame, and says whether to go on."""
        chunk = Chunk(frames.after_s)
        began_s = time.monotonic()
        with self._writer(segment) as writer, Behind() as behind:
            for frame in frames:
                if frame.is_analysed and chunk.found and time.monotonic() - began_s > self._chunk_s:
                    frames.put_back(frame)
                    return chunk
                if frame.is_analysed:
                    chunk.found.append(self._look_at(frame))
                behind.do(partial(self._draw, frame, self._shown, writer))  # while the model looks at the next one
                chunk.after_s = frames.after_s = frame.time_s
                if not tell(chunk):
                    chunk.is_broken_off = True
                    return chunk
        chunk.is_last = True
        return chunk

    def _look_at(self, frame: Frame) -> dict[str, Any]:
        upright = (self._video.height, self._video.width)
        small = (frame.pixels.shape[0], frame.pixels.shape[1])
        sizes = [upright] if small == upright else [upright, small]
        answered = self._asked.model.answer(frame.pixels, self._asked.options, sizes)
        self._shown = answered.results[-1]
        answer = self._task.to_json(answered.results[0], self._asked.options)
        if answered.stopped:
            answer["stopped"] = asdict(answered.stopped)
        return {"frame": {"time_s": round(frame.time_s, 6), **answer}, "glance": glance(frame.pixels).hex()}

    def _draw(self, frame: Frame, shown: Any, writer: "SegmentWriter | None") -> None:
        wants_preview = frame.is_analysed and time.monotonic() - self._previewed_s > PREVIEW_EVERY_S
        if shown is None or not (writer or wants_preview):
            return
        pixels = self._task.draw(frame.pixels, shown, display_width=self._asked.display_width)
        if writer:
            writer.write(frame.time_s, pixels)
        if wants_preview:
            self._previewed_s = time.monotonic()
            self._preview(pixels)

    def _preview(self, pixels: Any) -> None:
        height, width = pixels.shape[:2]
        if width > PREVIEW_WIDTH:
            size = (PREVIEW_WIDTH, max(1, round(height * PREVIEW_WIDTH / width)))
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        with written_whole(self._folder.preview) as part:
            part.write_bytes(encode_jpeg(pixels))

    def _writer(self, segment: Path) -> "AbstractContextManager[SegmentWriter | None]":
        if not self._asked.annotate:
            return nullcontext()
        from api.video.write import SegmentWriter  # without PyAV a worker still works on photographs

        return SegmentWriter(segment, self._video.drawn_size)
