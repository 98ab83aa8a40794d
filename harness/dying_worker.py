"""`python -m harness.dying_worker`: the worker at normal priority and with short chunks, which dies where DIE_AT says.

A place is `STEP` (before the step), `STEP.done` (when it has done its work, and DBOS does not know it yet) or
`work_on_chunk.middle`. It dies there once, unless the job's file is named `killer...`: then each time.
"""

import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

from api import worker
from api.jobs import steps
from api.jobs.video_chunk import ChunkWork

CHUNK_S = float(os.environ.get("CHUNK_S", "0.3"))
DIE_AT = os.environ.get("DIE_AT", "")
SECOND_CHUNK = 1
KILLER = "killer"


def die_once(place: str, number: int = SECOND_CHUNK) -> None:
    if place != DIE_AT or number < SECOND_CHUNK:
        return
    mark = Path(os.environ["PAGESIGHT_JOBS_DIR"]) / f"died-{place}"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def with_places(name: str) -> Any:
    work = getattr(steps.JobSteps, name)

    def step(self: Any, job_id: str, *arguments: Any) -> Any:
        asked = arguments[0] if arguments else {}
        if name == "work_on_chunk" and asked["name"].startswith(KILLER):
            os.kill(os.getpid(), signal.SIGKILL)
        number = len(arguments[-1]) if name == "work_on_chunk" else SECOND_CHUNK
        die_once(name, number)
        answer = work(self, job_id, *arguments)
        die_once(f"{name}.done", number)
        return answer

    step.__name__ = name
    return step


class DyingChunk(ChunkWork):
    """A chunk that may die when it has looked at some frames."""

    def _look_at(self, frame: Any) -> Any:
        if frame.time_s > 1:
            die_once("work_on_chunk.middle")
        return super()._look_at(frame)


def main() -> None:
    for name in ("probe", "work_on_chunk", "finish", "tidy"):
        setattr(steps.JobSteps, name, with_places(name))
    steps.ChunkWork = partial(DyingChunk, chunk_s=CHUNK_S)  # type: ignore[misc,assignment]
    worker.step_back = lambda: None  # tests run side by side, and wait for it
    worker.main()


if __name__ == "__main__":
    main()
