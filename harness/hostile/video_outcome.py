"""What becomes of a video that is probed and read to its end."""

from pathlib import Path

from api.errors import ApiError, RefusedVideo, TooLarge, UnsupportedVideo
from api.video.limits import VideoLimits
from api.video.probe import probe_video
from api.video.read import FrameReader
from harness.hostile.videos import PARTIAL, REFUSED, TOO_LARGE, UNSUPPORTED, WHOLE

OUTCOMES: dict[type[ApiError], str] = {RefusedVideo: REFUSED, UnsupportedVideo: UNSUPPORTED, TooLarge: TOO_LARGE}


def find_outcome(path: Path, limits: VideoLimits) -> tuple[str, str]:
    """Return the outcome, and what is said of it."""
    try:
        video = probe_video(path, limits)
    except (RefusedVideo, UnsupportedVideo, TooLarge) as error:
        return OUTCOMES[type(error)], error.detail
    with FrameReader(path, video, limits) as reader:
        frames = sum(1 for _ in reader)
    is_whole = video.is_whole and not reader.skipped and not reader.ended_early
    words = f"{frames} frames of {video.frames}, {reader.skipped} broken. {reader.ended_early}"
    return WHOLE if is_whole else PARTIAL, words
