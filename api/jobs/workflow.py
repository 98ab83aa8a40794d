"""The workflow of a job: thin and deterministic, since it is run again from the top after a crash.

What a step returned is in the database, so a finished step is not done twice. A step's answer is small; what it makes
lies in the job's folder, whole or not at all. Everything that can go wrong with a file is an answer, not an error.
"""

from collections.abc import Callable
from typing import Any, Protocol

from dbos import DBOS

from api.jobs.types import MOST_RECOVERIES, WORKFLOW, JobKind

Answer = dict[str, Any]


class Steps(Protocol):
    """The work itself. Each step may be broken off anywhere and done again."""

    def work_on_image(self, job_id: str, asked: Answer) -> Answer:
        """Write the result of a photograph."""

    def probe(self, job_id: str, asked: Answer) -> Answer:
        """Return what is known of a video."""

    def work_on_chunk(self, job_id: str, asked: Answer, video: Answer, parts: list[Answer]) -> Answer:
        """Work some seconds on what comes after these parts. Returns the next part, which says whether it `is_last`."""

    def finish(self, job_id: str, asked: Answer, video: Answer, parts: list[Answer]) -> Answer:
        """Write the result of a video."""

    def tidy(self, job_id: str) -> Answer:
        """Remove all but the results."""


def register(steps: Steps) -> None:
    """Make the workflow known to DBOS, before it is launched."""

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_RECOVERIES)
    def work_on_file(asked: Answer) -> Answer:
        job_id = str(DBOS.workflow_id)
        answer = work_on_image(job_id, asked) if asked["kind"] == JobKind.IMAGE else work_on_video(job_id, asked)
        tidy(job_id)
        return answer

    def work_on_video(job_id: str, asked: Answer) -> Answer:
        video = probe(job_id, asked)
        if is_over(video):
            return video
        parts: list[Answer] = []
        while not parts or not parts[-1]["is_last"]:
            part = work_on_chunk(job_id, asked, video, parts)
            if is_over(part):
                return part
            parts.append(part)
        return finish(job_id, asked, video, parts)

    work_on_image: Callable[..., Answer] = _step(steps.work_on_image)
    probe: Callable[..., Answer] = _step(steps.probe)
    work_on_chunk: Callable[..., Answer] = _step(steps.work_on_chunk)
    finish: Callable[..., Answer] = _step(steps.finish)
    tidy: Callable[..., Answer] = _step(steps.tidy)


def is_over(answer: Answer) -> bool:
    """Return whether a step says that there is nothing more to do: the file is refused, or nobody wants it any more."""
    return "refused" in answer or "unwanted" in answer


def _step(work: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return a step of DBOS, by a function: a method of an object would need a class that DBOS knows."""

    def step(*arguments: Any) -> Answer:
        return work(*arguments)

    step.__name__ = step.__qualname__ = work.__name__
    return DBOS.step(name=work.__name__)(step)
