"""Drawn frames to an MP4 that every browser plays: H.264, 8 bits, 4:2:0, its index at the front.

A video is written in segments, each of which begins with a key frame and can be made again alone; they are joined
without encoding anything twice. Times are kept to 1/90,000 s. There is no sound.
"""

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from numpy.typing import NDArray

TICKS = 90_000  # a second, the clock of MPEG systems
NOMINAL_FPS = 30  # for the level and for what a frame may cost; the true times are the frames' own
# Without frames that refer to later ones, the order in the file is the order in time, in every segment.
ENCODER = {"preset": "superfast", "crf": "23", "bf": "0", "profile": "high", "g": "250"}
SEGMENT = {"video_track_timescale": str(TICKS), "movie_timescale": str(TICKS)}
FAST_START = SEGMENT | {"movflags": "faststart"}


class SegmentWriter:
    """Writes frames of one size (height, width; even) to a file, which is there only when all went well.

    Use it in a `with`: the file comes to be at its end, and an error leaves nothing.
    """

    def __init__(self, path: Path, size: tuple[int, int], *, threads: int = 1) -> None:
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._container = av.open(str(self._part), "w", format="mp4", options=SEGMENT)
        self._stream = _add_stream(self._container, size, threads)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self._container.mux(self._stream.encode())
            self._container.close()
            self._part.replace(self._path)
        else:
            with suppress(av.FFmpegError):
                self._container.close()
            self._part.unlink(missing_ok=True)

    def write(self, time_s: float, pixels: NDArray[np.uint8]) -> None:
        """Add a frame, HWC uint8 RGB, later than the one before; another size is made the segment's."""
        frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(
            self._stream.width,
            self._stream.height,
            "yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        frame.pts, frame.time_base = round(time_s * TICKS), Fraction(1, TICKS)
        self._container.mux(self._stream.encode(frame))


def _add_stream(container: OutputContainer, size: tuple[int, int], threads: int) -> VideoStream:
    stream = container.add_stream("libx264", rate=NOMINAL_FPS, options=ENCODER)
    stream.height, stream.width = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, TICKS)
    context.thread_count = threads
    context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
    context.color_primaries = context.color_trc = 1  # BT.709
    return stream


def join_segments(segments: Iterable[Path], path: Path, *, end_s: float = 0.0) -> None:
    """Write the frames of all segments, in order, as one video; the last frame is shown until `end_s`.

    Nothing is encoded anew. The file is there only when it is whole. Raises ValueError if there is no frame.
    """
    part = path.with_name(path.name + ".part")
    try:
        with av.open(str(part), "w", format="mp4", options=FAST_START) as joined:
            _copy_all(segments, joined, round(end_s * TICKS))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _copy_all(segments: Iterable[Path], joined: OutputContainer, end: int) -> None:
    target: VideoStream | None = None
    held: Packet[VideoStream] | None = None
    for segment in segments:
        with av.open(str(segment), format="mp4", options={"protocol_whitelist": "file"}) as source:
            stream = source.streams.video[0]
            target = target or joined.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if not packet.size:
                    continue
                packet.stream = target
                if held:
                    _copy(held, joined, until=packet.pts or 0)
                held = packet
    if held is None:
        raise ValueError("no frame was written")
    _copy(held, joined, until=max(end, (held.pts or 0) + TICKS // NOMINAL_FPS))


def _copy(packet: "Packet[VideoStream]", joined: OutputContainer, *, until: int) -> None:
    packet.duration = until - (packet.pts or 0)
    joined.mux(packet)
