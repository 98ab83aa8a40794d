"""The program that looks into one video, or decodes it, and ends; `process.py` starts it.

    python -I -B decoder_process.py probe MEMORY_BYTES CPU_SECONDS <FILE
    python -I -B decoder_process.py read MEMORY_BYTES CPU_SECONDS WIDTH HEIGHT AFTER EVERY GIVES_ALL <FILE >FRAMES

It limits itself, and before it reads the first byte it gives up the right to open anything: nothing in the file can
lead to another. It writes lines of words, and a frame's bare pixels after its line. It imports nothing of this project.
"""

import resource
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import BinaryIO, cast

import av
import av.audio.codeccontext  # these four PyAV loads by itself, but when nothing can be opened any more
import av.audio.stream
import av.subtitles.codeccontext
import av.subtitles.stream
from av.buffer import Buffer
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

CODECS = ("h264", "hevc", "vp8", "vp9", "libdav1d", "mpeg4", "msmpeg4", "mjpeg")
OPTIONS = {
    "format_whitelist": "mov,matroska,avi",
    "codec_whitelist": ",".join(CODECS),
    "protocol_whitelist": "none",  # there is one file, and it is open
    "max_streams": "64",
}
LINE_BYTES = 100
MAX_PIXELS = 4096 * 4096
MAX_PACKETS = 200_000  # ten minutes at 333 a second
MAX_LENGTH_S = 1.0  # of the last frame
FASTEST_FPS = 65  # what comes quicker is left out
ALIKE = 1e-6  # times of rational numbers are rounded
MOST_STRETCHED = 4  # a pixel is never four times as wide as high: what says so is a mistake
MARGINS_S = (0.5, 5.0, 50.0)
NOTHING = -1.0  # no frame was given yet
SIDEWAYS, LAST_ROW_FIRST, LAST_COLUMN_FIRST = 4, 2, 1
TURNS = (0, SIDEWAYS + LAST_ROW_FIRST, LAST_ROW_FIRST + LAST_COLUMN_FIRST, SIDEWAYS + LAST_COLUMN_FIRST)


def main() -> None:
    """Do what the first argument says with standard input."""
    job, memory, cpu_s, *arguments = sys.argv[1:]
    _limit(resource.RLIMIT_DATA, int(memory))  # what it may write to; libraries and their text are not counted
    _limit(resource.RLIMIT_CPU, int(cpu_s), int(cpu_s) + 1)  # SIGXCPU, which says why; only then SIGKILL
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 3)
    av.logging.set_level(None)
    with open(0, "rb", buffering=0, closefd=False) as file:
        try:
            if job == "probe":
                _probe(file)
            else:
                width, height, after, every, gives_all = arguments
                _read(file, (int(width), int(height)), float(after), float(every), gives_all == "1")
        except MemoryError:
            _say("failed memory")
        except _NotRead as error:
            _say("failed", error)
        except av.FFmpegError:
            _say("failed damaged")
        except Exception as error:  # noqa: BLE001  # other mistakes of a decoder, for the log
            _say("failed", type(error).__name__)


class _NotRead(Exception):
    """A file without what we look for; the text is the reason, in a word that process.py knows."""


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    with suppress(ValueError, OSError):  # macOS knows some of these limits by name only
        resource.setrlimit(what, (soft, soft if hard is None else hard))


def _say(*words: object) -> None:
    sys.stdout.buffer.write(" ".join(map(str, words)).encode("ascii")[: LINE_BYTES - 1].ljust(LINE_BYTES - 1) + b"\n")
    sys.stdout.buffer.flush()


def _open(file: BinaryIO) -> tuple[InputContainer, VideoStream]:
    """Return the file, and its first stream of moving pictures with all others switched off. Raises _NotRead."""
    container = av.open(file, "r", options=OPTIONS, metadata_errors="replace")
    moving = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not moving:
        raise _NotRead("no-pictures")
    for stream in container.streams:
        if stream is not moving[0]:
            stream.discard = Discard.all
    context: VideoCodecContext | None = moving[0].codec_context
    if context is None or context.codec.name not in CODECS:
        raise _NotRead("codec")
    context.thread_count, context.options = 1, {"max_pixels": str(MAX_PIXELS)}
    return container, moving[0]


def _probe(file: BinaryIO) -> None:
    """Say what the file claims, what its first frame is like, and how long it is by its packets."""
    container, stream = _open(file)
    _say("size", stream.width, stream.height)
    first: VideoFrame | None = None
    count, end_s, is_whole = 0, 0.0, 1
    try:
        for packet in container.demux(stream):
            first = first or next((frame for frame in _decode(packet) if frame), None)
            count += packet.size > 0
            end_s = max(end_s, _end_s(packet) - _start_s(container))
            if count > MAX_PACKETS:
                break
    except av.FFmpegError:
        is_whole = 0
    if first is None:
        raise _NotRead("no-frames")
    claimed_s = (container.duration or 0) / av.time_base
    if container.format.name.startswith("matroska"):  # there it is the time of the end
        claimed_s -= _start_s(container)
    facts = (count, repr(end_s), repr(claimed_s), is_whole, int(bool(container.streams.audio)))
    _say("video", stream.codec_context.codec.canonical_name, *_upright_size(first, stream), *facts)


def _end_s(packet: "Packet[VideoStream]") -> float:
    """Return when the last moment of a packet is over, by the file's own clock."""
    begin = packet.dts if packet.pts is None else packet.pts
    if begin is None or packet.time_base is None:
        return 0.0
    return float(begin * packet.time_base) + min(MAX_LENGTH_S, float((packet.duration or 0) * packet.time_base))


def _start_s(container: InputContainer) -> float:
    """Return what a player takes for the time 0."""
    return (container.start_time or 0) / av.time_base


def _upright_size(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Return width and height as they are to be seen: upright and in square pixels, none of the frame's own lost."""
    aspect = float(stream.sample_aspect_ratio or 1)
    width, height = frame.width, frame.height
    if 1 < aspect <= MOST_STRETCHED:
        width = round(width * aspect)
    elif 1 / MOST_STRETCHED <= aspect < 1:
        height = round(height / aspect)
    return (height, width) if _turn(frame) & SIDEWAYS else (width, height)


def _turn(frame: VideoFrame) -> int:
    """Return what makes the frame upright: rows become columns, then the last row and the last column come first.

    The display matrix (ISO 14496-12, section 6.2.2) takes the point (x, y) to (a x + c y, b x + d y).
    """
    try:
        matrix: Buffer = cast(Mapping[str, Buffer], frame.side_data)["DISPLAYMATRIX"]
    except KeyError:
        return 0
    except ValueError:  # there is something beside it that PyAV has no name for
        return TURNS[round(frame.rotation / 90) % 4]
    a, b, _, c, d = cast(tuple[int, ...], struct.unpack("=5i", bytes(matrix)[:20]))
    if abs(a) >= abs(b):
        return LAST_ROW_FIRST * (d < 0) + LAST_COLUMN_FIRST * (a < 0)
    return SIDEWAYS + LAST_ROW_FIRST * (b < 0) + LAST_COLUMN_FIRST * (c < 0)


def _read(file: BinaryIO, size: tuple[int, int], after: float, every: float, gives_all: bool) -> None:
    """Write the frames later than `after`, and which of them are to be analysed."""
    container, stream = _open(file)
    skipped, last, is_past = 0, after, after == NOTHING  # what is broken before is not to be counted again
    for frame in _frames_from(container, stream, after):
        if frame is None:
            skipped += is_past
            continue
        time = _time_s(frame, container)
        if time <= last:
            skipped += is_past
            is_past = is_past or time >= after
            _say("passed")
            continue
        is_past = True
        is_analysed = last == NOTHING or _slot(time, every) > _slot(last, every)
        if is_analysed or (gives_all and time - last >= 1 / FASTEST_FPS):
            _say("frame", repr(time), int(is_analysed), skipped, _turn(frame))
            _give(frame, size)
            last = time
    _say("end", skipped)


def _frames_from(container: InputContainer, stream: VideoStream, after: float) -> Iterator[VideoFrame | None]:
    """Yield frames from a key frame at or before a time on; None for each packet or frame that is broken.

    A file may keep its key frames by the time at which they are decoded, so the first one found can be too late.
    """
    for margin in MARGINS_S if after > 0 else ():
        target = max(0.0, after - margin) + _start_s(container)
        with suppress(av.FFmpegError):
            container.seek(int(target / (stream.time_base or 1)), stream=stream)
            frames = _decode_all(container, stream)
            first = next((frame for frame in frames if frame is not None), None)
            if first is not None and _time_s(first, container) <= after:
                yield first
                yield from frames
                return
    if after > 0:
        container.seek(0)
    yield from _decode_all(container, stream)


def _decode_all(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame | None]:
    for packet in container.demux(stream):
        yield from _decode(packet)


def _decode(packet: "Packet[VideoStream]") -> Iterator[VideoFrame | None]:
    """Yield the frames that a packet completes; None for each that is broken."""
    try:
        for frame in packet.decode():
            yield None if frame.is_corrupt or frame.time is None else frame
    except av.InvalidDataError:
        yield None


def _time_s(frame: VideoFrame, container: InputContainer) -> float:
    return (frame.time or 0.0) - _start_s(container)


def _slot(time: float, every: float) -> int:
    return int(time * every + ALIKE)


def _give(frame: VideoFrame, size: tuple[int, int]) -> None:
    """Write a frame in RGB, not turned, in the size that it has when it is turned."""
    width, height = reversed(size) if _turn(frame) & SIDEWAYS else size
    picture = frame.reformat(width, height, "rgb24", threads=1).planes[0]
    rows, stride, length = memoryview(picture), picture.line_size, 3 * width
    for place in range(0, stride * height, stride) if stride != length else ():
        sys.stdout.buffer.write(rows[place : place + length])
    if stride == length:
        sys.stdout.buffer.write(rows[: length * height])
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
