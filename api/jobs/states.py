"""What DBOS says of a workflow, in the words of a job."""

from typing import Any

from dbos import WorkflowStatus as Row

from api.jobs.folder import JobFolder
from api.jobs.types import MOST_RECOVERIES, MOST_WORK_S, Job, JobState

STATES = {
    "ENQUEUED": JobState.QUEUED,
    "DELAYED": JobState.QUEUED,
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.DONE,
    "ERROR": JobState.FAILED,
    "CANCELLED": JobState.CANCELLED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobState.FAILED,
}
GIVEN_UP = (
    f"The work on this file ended the worker each time, and was begun {MOST_RECOVERIES + 1} times. It was given up;"
    " try another file, or save this one anew."
)
TOO_LONG = f"The work on this file took over {MOST_WORK_S / 60:g} minutes. Send a shorter one, or a lower `every`."
FAILED = "The work on this file failed. The log of the worker says why."


def describe(
    row: Row,
    progress: dict[str, Any],
    folder: JobFolder,
    *,
    position: int | None,
    expected_s: float | None,
    keep_s: float,
) -> Job:
    """Return the job. `progress` is what its worker said last."""
    state, detail = _state_of(row)
    asked = row.input["args"][0] if row.input else {}
    ended_s = (row.completed_at or row.updated_at or 0) / 1000
    return Job(
        id=row.workflow_id,
        state=state,
        kind=asked.get("kind", ""),
        name=asked.get("name", ""),
        task=asked.get("task", ""),
        model=asked.get("model", ""),
        progress=1.0 if state == JobState.DONE else progress.get("progress", 0.0),
        frames=(row.output or {}).get("frames", progress.get("frames", 0)),
        created_s=(row.created_at or 0) / 1000,
        position=position,
        expected_s=None if state.has_ended else expected_s,
        detail=detail,
        ends_s=ended_s + keep_s if state.has_ended else None,
        has_video=folder.result_mp4.is_file(),
        has_preview=folder.preview.is_file(),
    )


def _state_of(row: Row) -> tuple[JobState, str | None]:
    """Return the state, and why it failed."""
    state = STATES[row.status]
    if row.status == "SUCCESS" and row.output and row.output.get("refused"):
        return JobState.FAILED, row.output["refused"]
    if row.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        return state, GIVEN_UP
    if row.status == "ERROR":
        return state, FAILED
    deadline = row.workflow_deadline_epoch_ms
    if row.status == "CANCELLED" and deadline and (row.completed_at or 0) >= deadline:
        return JobState.FAILED, TOO_LONG
    return state, None
