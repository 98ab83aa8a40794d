"""What a job is: where it is kept, what was asked, how far it is."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

# What both processes must agree on, and what never changes: a job that waits must survive an update.
APPLICATION = "pagesight"
VERSION = "jobs-1"
QUEUE = "video"
WORKFLOW = "work-on-a-file"
PROGRESS = "progress"  # the event that the worker sets
MOST_RECOVERIES = 5  # a file that ends the worker each time is given up after them
MOST_WORK_S = 7200.0  # for one job, from its first step to its end


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class JobKind(StrEnum):
    """What is worked on."""

    VIDEO = "video"
    IMAGE = "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """Where jobs are kept, and their limits. `database` is SQLAlchemy's address of it."""

    database: str
    folder: Path
    keep_s: float = 3600.0  # after the end of a job
    waiting: int = 16
    video_mb: float = 200.0
    video_s: float = 600.0
    video_side: int = 4096
    every: float = 5.0  # analysed frames a second, if a request names none


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """What is asked of a file. Kept as JSON in the database, without the file itself."""

    kind: str
    name: str
    task: str
    model: str
    options: dict[str, Any]
    every: float = 0.0
    orientation: int | None = None
    annotate: bool = True
    display_width: int | None = None  # in CSS pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it is now. `position` 1 is the next one; `ends_s` is when it is forgotten, as Unix time."""

    id: str
    state: JobState
    kind: str
    name: str
    task: str
    model: str
    progress: float
    frames: int
    created_s: float
    position: int | None = None
    expected_s: float | None = None
    detail: str | None = None
    ends_s: float | None = None
    has_video: bool = False
    has_preview: bool = False
