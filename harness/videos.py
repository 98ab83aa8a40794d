"""Small videos made for tests: four quadrants that no turn or mirror leaves the same, in every kind that is read."""

import io
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import av
import numpy as np
from numpy.typing import NDArray

from harness.pictures import make_upright

Pixels = NDArray[np.uint8]
P = ParamSpec("P")
Value = TypeVar("Value")

# Encoder, container, and the codec's own name.
KINDS = {
    "H.264 in MP4": ("libx264", "mp4", "h264"),
    "H.264 in MOV": ("libx264", "mov", "h264"),
    "H.264 in MKV": ("libx264", "matroska", "h264"),
    "HEVC in MP4": ("libx265", "mp4", "hevc"),
    "VP8 in WebM": ("libvpx", "webm", "vp8"),
    "VP9 in WebM": ("libvpx-vp9", "webm", "vp9"),
    "AV1 in MP4": ("libsvtav1", "mp4", "av1"),
    "MPEG-4 in AVI": ("mpeg4", "avi", "mpeg4"),
}
QUICK = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12"},
}
TICKS = 1000  # a second


def in_a_thread_of_its_own(function: Callable[P, Value]) -> Callable[P, Value]:
    """Return the function to be called so: as root, SVT-AV1 makes the thread that opens it a real-time one, for good.

    Whatever that thread starts inherits it: browsers and servers that let nothing else on the machine run.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> Value:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(function, *args, **kwargs).result()

    return call


@in_a_thread_of_its_own
def make_video(
    pictures: Sequence[Pixels | av.VideoFrame],
    kind: str = "H.264 in MP4",
    *,
    times_s: Sequence[float] = (),
    fps: int = 25,
    rotation: int = 0,
    is_mirrored: bool = False,
    aspect: Fraction | None = None,
    file_options: dict[str, str] | None = None,  # of the container
    **encoder_options: str,
) -> bytes:
    """Return a video of these pictures; a player turns them by `rotation` degrees against the clock, then mirrors."""
    encoder, container, _ = KINDS[kind]
    av.logging.set_level(None)
    with (
        tempfile.NamedTemporaryFile() as file,  # an index at the front is written by opening it once more
        av.open(file.name, "w", format=container, options=file_options or {}) as out,
    ):
        stream = out.add_stream(encoder, rate=fps, options=QUICK.get(encoder, {}) | encoder_options)
        stream.height, stream.width = _as_frame(pictures[0]).height, _as_frame(pictures[0]).width
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = Fraction(1, TICKS) if encoder != "mpeg4" else Fraction(1, fps)
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if rotation or is_mirrored:
            stream.set_display_rotation(rotation, hflip=is_mirrored)
        ticks = 1 / stream.codec_context.time_base
        for number, picture in enumerate(pictures):
            frame = _as_frame(picture)
            frame.time_base = stream.codec_context.time_base
            frame.pts = round((times_s[number] if times_s else number / fps) * ticks)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
        out.close()
        return Path(file.name).read_bytes()


def _as_frame(picture: Pixels | av.VideoFrame) -> av.VideoFrame:
    return picture if isinstance(picture, av.VideoFrame) else av.VideoFrame.from_ndarray(picture, "rgb24")


@cache
def quadrants(kind: str = "H.264 in MP4", *, frames: int = 30, height: int = 96, width: int = 160) -> bytes:
    """Return a good small video in which a white square goes to the right."""
    return make_video(moving_square(frames, height, width), kind, g="12")


def moving_square(frames: int, height: int = 96, width: int = 160) -> list[Pixels]:
    """Return pictures of four quadrants over which a white square goes from left to right."""
    pictures = []
    for number in range(frames):
        picture = make_upright(height, width)
        left = round((width - 16) * number / max(1, frames - 1))
        picture[height // 2 - 8 : height // 2 + 8, left : left + 16] = 255
        pictures.append(picture)
    return pictures


def make_sound(container: str = "mp4", codec: str = "aac") -> bytes:
    """Return a file with a second of sound and no picture."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=48_000)
        for number in range(48):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 48_000, number * 960, Fraction(1, 48_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return file.getvalue()
