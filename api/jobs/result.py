"""What comes of a video: one JSON of all its frames. It holds nothing that another run would tell otherwise."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from api.jobs.folder import JobFolder, written_whole
from api.video.video import Video

NO_SOUND = "The sound is left out."
DAMAGED = "Some pictures of the video are damaged and were left out."


def read_frames(folder: JobFolder, chunks: int) -> Iterator[dict[str, Any]]:
    """Give what was found, frame by frame: `frame` is for the result, `glance` for the tracks."""
    for chunk in range(chunks):
        yield from json.loads(folder.frames_of(chunk).read_text(encoding="utf-8"))


def notes_of(video: Video, parts: Sequence[dict[str, Any]]) -> list[str]:
    """Return in words what the result leaves out."""
    notes = [part["ended_early"] for part in parts if part["ended_early"]]
    if not video.is_whole and not notes:
        notes.append(_missing(video))
    if any(part["is_damaged"] for part in parts):
        notes.append(DAMAGED)
    if video.has_sound:
        notes.append(NO_SOUND)
    return notes


def notes_of_stops(frames: Sequence[dict[str, Any]]) -> list[str]:
    """Return in words in how many frames a chain was stopped, for each of its reasons."""
    reasons = Counter(frame["stopped"]["reason"] for frame in frames if "stopped" in frame)
    return [f"{count} of {len(frames)} analysed frames: {reason}" for reason, count in reasons.most_common()]


def write_result(folder: JobFolder, content: dict[str, Any]) -> None:
    """Write the result, whole."""
    with written_whole(folder.result_json) as part:
        part.write_text(json.dumps(content, separators=(",", ":"), allow_nan=False), encoding="utf-8")


def _missing(video: Video) -> str:
    if video.claimed_s > video.duration_s:
        return f"The file ends early: {video.duration_s:.1f} of {video.claimed_s:.1f} seconds are there."
    return "The file ends early; what is there was analysed."
