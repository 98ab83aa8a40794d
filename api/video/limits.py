"""Limits on a video: bytes, length, and the size of its pictures."""

import math
from dataclasses import dataclass

from api.errors import RefusedVideo, TooLarge


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """What is refused: more millions of bytes, more seconds, or a longer side in pixels."""

    max_megabytes: float = 200.0
    max_seconds: float = 600.0
    max_side: int = 4096


def check_bytes(count: int, limits: VideoLimits) -> None:
    """Raise TooLarge for a file of too many bytes."""
    if count > limits.max_megabytes * 1e6:
        raise TooLarge(
            f"The video has {count / 1e6:.1f} MB; at most {limits.max_megabytes:g} are accepted. Cut or compress it."
        )


def check_size(width: int, height: int, limits: VideoLimits) -> None:
    """Raise RefusedVideo for too long a side, or none."""
    if max(width, height) > limits.max_side:
        raise RefusedVideo(
            f"The video is {width} x {height} pixels; no side may exceed {limits.max_side}. Make it smaller."
        )
    if min(width, height) < 1:
        raise RefusedVideo("The video has no pixels.")


def check_length(seconds: float, limits: VideoLimits) -> None:
    """Raise RefusedVideo for a video that is too long."""
    if not seconds <= limits.max_seconds:
        spoken = f"{math.ceil(seconds):,}" if math.isfinite(seconds) else "endless"
        raise RefusedVideo(f"The video takes {spoken} seconds; at most {limits.max_seconds:g} are accepted. Cut it.")
