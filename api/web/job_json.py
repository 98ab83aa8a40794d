"""A job as the API tells it."""

from datetime import UTC, datetime
from typing import Any

from api.jobs.types import Job, JobState

PATH = "/v1/jobs"


def job_json(job: Job) -> dict[str, Any]:
    """Return the job; what has no address yet is null."""
    return {
        "id": job.id,
        "state": job.state,
        "kind": job.kind,
        "name": job.name,
        "task": job.task,
        "model": job.model,
        "progress": round(job.progress, 4),
        "frames": job.frames,
        "position": job.position,
        "expected_s": job.expected_s,
        "detail": job.detail,
        "created_at": _moment(job.created_s),
        "kept_until": _moment(job.ends_s) if job.ends_s else None,
        "links": _links(job),
    }


def address_of(job_id: str) -> str:
    """Return the path of a job."""
    return f"{PATH}/{job_id}"


def _links(job: Job) -> dict[str, str | None]:
    own = address_of(job.id)
    is_done = job.state == JobState.DONE
    return {
        "self": own,
        "events": f"{own}/events",
        "preview": f"{own}/preview.jpg" if job.has_preview else None,
        "result": f"{own}/result.json" if is_done else None,
        "video": f"{own}/result.mp4" if is_done and job.has_video else None,
    }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
