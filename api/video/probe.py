"""What a file is, before any work is spent on it; the cheapest check first: bytes, kind, structure, size, length."""

from pathlib import Path

from api.errors import RefusedVideo
from api.video.limits import VideoLimits, check_bytes, check_length, check_size
from api.video.process import DecoderProcess
from api.video.sniff import HEAD_BYTES, find_kind
from api.video.video import Video

MAX_CPU_S = 15  # 200 MB are looked through in a second
MAX_FRAMES = 200_000
LEAST_MISSING_S, LEAST_MISSING_SHARE = 0.5, 0.02  # headers round, and count the sound


def probe_video(path: Path, limits: VideoLimits) -> Video:
    """Return what the file is. Raises TooLarge, UnsupportedVideo, RefusedVideo, MemoryError."""
    check_bytes(path.stat().st_size, limits)
    with path.open("rb") as file:
        kind = find_kind(file.read(HEAD_BYTES))
    with DecoderProcess(path, "probe", cpu_s=MAX_CPU_S) as decoder:
        _, width, height = decoder.read_line()  # as the header says
        check_size(max(1, int(width)), max(1, int(height)), limits)
        _, codec, width, height, frames, end, claimed, is_whole, has_sound = decoder.read_line()
    video = Video(
        kind=kind,
        codec=codec,
        width=int(width),
        height=int(height),
        duration_s=float(end),
        claimed_s=float(claimed),
        frames=int(frames),
        is_whole=is_whole == "1" and not _misses_its_end(float(end), float(claimed)),
        has_sound=has_sound == "1",
    )
    check_size(video.width, video.height, limits)  # turned and in square pixels, by the first picture
    check_length(video.duration_s, limits)
    if video.frames > MAX_FRAMES:
        raise RefusedVideo(f"The video has more than {MAX_FRAMES:,} pictures. Cut it.")
    return video


def _misses_its_end(end_s: float, claimed_s: float) -> bool:
    return claimed_s - end_s > max(LEAST_MISSING_S, LEAST_MISSING_SHARE * claimed_s)
