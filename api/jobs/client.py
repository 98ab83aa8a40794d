"""What the web process asks of the queue. It connects at the first question, and starts nothing."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from math import ceil
from typing import Any

from dbos import DBOSClient
from dbos import WorkflowStatus as Row
from sqlalchemy.exc import SQLAlchemyError

from api.errors import NoSuchJob, NotReady, TooManyJobs
from api.jobs.database import make_tables, open_client
from api.jobs.folder import JobFolders
from api.jobs.states import STATES, describe
from api.jobs.types import MOST_WORK_S, PROGRESS, QUEUE, VERSION, WORKFLOW, Job, JobRequest, JobSettings, JobState

logger = logging.getLogger(__name__)

RETRY_AFTER_S = 30
LATEST = 16  # jobs that tell how long one takes
GONE = "There is no job of this id here; what has ended is kept for a limited time."
WAITING = ("ENQUEUED", "DELAYED")


class JobClient:
    """Puts jobs into the queue, says how they are, ends and forgets them."""

    def __init__(self, settings: JobSettings, folders: JobFolders) -> None:
        self._settings = settings
        self._folders = folders
        self._lock = threading.Lock()
        self._known: DBOSClient | None = None

    def submit(self, job_id: str, request: JobRequest) -> None:
        """Put a job whose file is in its folder into the queue. Raises TooManyJobs."""
        self.require_room()
        with self._asking() as client:
            client.enqueue(
                {
                    "workflow_name": WORKFLOW,
                    "queue_name": QUEUE,
                    "workflow_id": job_id,
                    "app_version": VERSION,
                    "workflow_timeout": MOST_WORK_S,
                },
                asdict(request),
            )

    def require_room(self) -> None:
        """Raise TooManyJobs if as many wait as may."""
        if len(self._waiting_ids()) >= self._settings.waiting:
            raise TooManyJobs(
                f"{self._settings.waiting} jobs wait already, and that is as many as may. Try again later.",
                retry_after_s=self._retry_after_s(),
            )

    def waiting(self) -> int:
        """Return how many jobs wait for a worker."""
        return len(self._waiting_ids())

    def find(self, job_id: str) -> Job:
        """Return a job as it is now. Raises NoSuchJob."""
        row = self._row(job_id)
        with self._asking() as client:
            progress: dict[str, Any] = client.get_event(job_id, PROGRESS, 0) or {}
        position = self._position(job_id) if STATES.get(row.status) == JobState.QUEUED else None
        expected_s = self._expected_s(progress, position)
        folder = self._folders.of(job_id)
        job = describe(row, progress, folder, position=position, expected_s=expected_s, keep_s=self._settings.keep_s)
        if job.ends_s is not None and job.ends_s < time.time():  # no worker is there to forget it
            self.forget(job_id)
            raise NoSuchJob(GONE)
        return job

    def cancel(self, job_id: str) -> None:
        """End a job that waits or runs; its worker notices within a second. Its files go at once."""
        with self._asking() as client:
            client.cancel_workflow(job_id)
        self._folders.forget(job_id)

    def forget(self, job_id: str) -> None:
        """Remove all that is known of a job."""
        self._folders.forget(job_id)
        with self._asking() as client:
            client.delete_workflows([job_id])

    def engine(self) -> DBOSClient:
        """Return DBOS's own client, which is connected now."""
        return self._client()

    def close(self) -> None:
        """End the connections."""
        if self._known:
            self._known.destroy()

    def _row(self, job_id: str) -> Row:
        with self._asking() as client:
            rows = client.list_workflows(workflow_ids=[job_id])
        if not rows:
            raise NoSuchJob(GONE)
        return rows[0]

    def _waiting_ids(self) -> list[str]:
        """Return the jobs that wait, the next one first."""
        with self._asking() as client:
            rows = client.list_workflows(status=list(WAITING), queue_name=QUEUE, load_input=False, load_output=False)
        return [row.workflow_id for row in rows]

    def _position(self, job_id: str) -> int | None:
        waiting = self._waiting_ids()
        return waiting.index(job_id) + 1 if job_id in waiting else None

    def _expected_s(self, progress: dict[str, Any], position: int | None) -> float | None:
        """Return in how many seconds the job may be done; None if nothing tells."""
        if position is None:
            return progress.get("expected_s")
        usual_s = self._usual_s()
        workers = max(1, self._folders.workers())
        return None if usual_s is None else round(usual_s * (position / workers + 1), 1)

    def _usual_s(self) -> float | None:
        """Return how long the latest jobs took to work on, on average; None if there were none."""
        with self._asking() as client:
            rows = client.list_workflows(
                status="SUCCESS", name=WORKFLOW, sort_desc=True, limit=LATEST, load_input=False, load_output=False
            )
        times = [row.completed_at - row.dequeued_at for row in rows if row.completed_at and row.dequeued_at]
        return sum(times) / len(times) / 1000 if times else None

    def _retry_after_s(self) -> int:
        return max(1, ceil(self._usual_s() or RETRY_AFTER_S))

    @contextmanager
    def _asking(self) -> Iterator[DBOSClient]:
        """Give the client. Raises NotReady if the database does not answer."""
        try:
            yield self._client()
        except (SQLAlchemyError, OSError) as error:
            logger.error("The database of the jobs does not answer: %s", type(error).__name__)
            raise NotReady(
                "The list of jobs cannot be read at the moment. Try again in some seconds.", retry_after_s=RETRY_AFTER_S
            ) from error

    def _client(self) -> DBOSClient:
        with self._lock:
            if self._known is None:
                self._folders.prepare()
                make_tables(self._settings)
                self._known = open_client(self._settings)
            return self._known
