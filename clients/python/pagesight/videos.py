"""Jobs, and what the server finds in a video."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pagesight.answers import Found

ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Paths on the server; None while there is nothing."""

    self: str
    events: str
    preview: str | None
    result: str | None
    video: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it was when the server was asked. `progress` is 0 to 1; times are RFC 3339."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    kind: Literal["video", "image"]
    name: str
    task: str
    model: str
    progress: float
    frames: int
    position: int | None
    expected_s: float | None
    detail: str | None
    created_at: str
    kept_until: str | None
    links: Links

    @property
    def has_ended(self) -> bool:
        """Whether it is done, has failed or was cancelled."""
        return self.state in ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFrame(Found):
    """A frame that was analysed, when it is shown, and what was found in it."""

    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """An object that was followed. `path` is the centre of its box as (time_s, x, y)."""

    id: int
    label: str
    class_id: int
    from_s: float
    to_s: float
    frames: int
    confidence: float
    path: tuple[tuple[float, float, float], ...]
    attributes: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoAnswer:
    """What was found in a video. `tracks` and `counts` are there of detection."""

    name: str
    task: str
    model: str
    width: int
    height: int
    duration_s: float
    every: float
    frames: tuple[VideoFrame, ...]
    notes: tuple[str, ...]
    tracks: tuple[Track, ...] | None = None
    counts: Mapping[str, int] | None = None
