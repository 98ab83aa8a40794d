"""The video that is being read. From chunk to chunk it stays open: to begin anew costs up to a key frame's distance."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from api.video.limits import VideoLimits
from api.video.read import FrameReader
from api.video.video import Frame, Video


class FramesFrom(Iterator[Frame]):
    """The frames of a video, of which the last one can be put back."""

    def __init__(self, reader: FrameReader, after_s: float) -> None:
        self.after_s = after_s
        self._reader = reader
        self._put_back: Frame | None = None
        self._known_skipped = 0

    def __next__(self) -> Frame:
        """Return the next frame."""
        frame, self._put_back = self._put_back or next(self._reader), None
        return frame

    def put_back(self, frame: Frame) -> None:
        """Have `next` return this frame again."""
        self._put_back = frame

    def take_skipped(self) -> bool:
        """Return whether something broken was left out since this was asked last."""
        known, self._known_skipped = self._known_skipped, self._reader.skipped
        return self._known_skipped > known

    @property
    def ended_early(self) -> str:
        """Why the reading ended before the file did, in words; empty if it did not."""
        return self._reader.ended_early

    def close(self) -> None:
        """End the decoder."""
        self._reader.close()


class OpenVideo:
    """At most one open video: a worker has one job at a time."""

    def __init__(self) -> None:
        self._job_id = ""
        self._frames: FramesFrom | None = None

    def frames(
        self, job_id: str, path: Path, video: Video, limits: VideoLimits, *, every: float, after_s: float, all_: bool
    ) -> FramesFrom:
        """Return the frames after `after_s`."""
        if self._frames and (self._job_id, self._frames.after_s) == (job_id, after_s):
            return self._frames
        self.close()
        reader = FrameReader(path, video, limits, every=every, after_s=after_s, only_analysed=not all_)
        self._job_id, self._frames = job_id, FramesFrom(reader, after_s)
        return self._frames

    def close(self) -> None:
        """End the decoder, if there is one."""
        if self._frames:
            self._frames.close()
            self._frames = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
