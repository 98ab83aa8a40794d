"""Takes files in as jobs: a folder, an id, a place in the queue."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any

from flask import Response, jsonify, request

from api.errors import NoSuchJob, OutOfSpace
from api.jobs.count import LatestCount
from api.jobs.folder import JobFolder, JobFolders, make_id
from api.jobs.types import Job, JobKind, JobRequest, JobSettings, JobState
from api.models.model import Model
from api.tasks.options import Reader, number
from api.video.available import is_available
from api.web.form import read_field, read_image_fields, read_options_for
from api.web.job_json import address_of, job_json
from api.web.received_file import ReceivedFile

if TYPE_CHECKING:
    from api.jobs.client import JobClient

ACCEPTED = 202
EVERY = number(0.1, 30)


def _read_key(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{22,64}", text):
        raise ValueError(text)
    return text


KEY = Reader("22 to 64 letters, digits, `-` or `_`, chosen at random", _read_key)


class JobDesk:
    """What the routes of jobs, and those of images that are asked to answer later, share."""

    def __init__(self, client: "JobClient", settings: JobSettings, folders: JobFolders) -> None:
        self.client = client
        self.settings = settings
        self._folders = folders
        self._count = LatestCount(client.waiting)

    def describe(self) -> dict[str, Any]:
        """Return how jobs stand, for `/status_check`; it waits for nothing."""
        return {
            "kinds": [JobKind.VIDEO, JobKind.IMAGE] if is_available() else [JobKind.IMAGE],
            "waiting": self._count.get(),
            "capacity": self.settings.waiting,
            "workers": self._folders.workers(),
            "kept": {"where": "disk", "seconds": self.settings.keep_s},
            "limits": {
                "megabytes": self.settings.video_mb,
                "seconds": self.settings.video_s,
                "side": self.settings.video_side,
                "every": self.settings.every,
            },
        }

    def folder(self, job_id: str) -> JobFolder:
        """Return the folder of a job. Raises NoSuchJob for what cannot be an id."""
        try:
            return self._folders.of(job_id)
        except ValueError as error:
            raise NoSuchJob("This is not the id of a job.") from error

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """Have the files of this request's form written to the disk; what no job has taken in goes afterwards."""
        self._folders.prepare()
        received: list[ReceivedFile] = []

        def receive() -> IO[bytes]:
            received.append(ReceivedFile(self._folders.incoming()))
            return received[-1].stream

        request.receive_file = receive  # type: ignore[attr-defined] # request_hooks.InMemoryRequest
        try:
            yield
        finally:
            for file in received:
                file.discard()

    def receive_bytes(self, data: bytes) -> ReceivedFile:
        """Write what has come already; the caller discards it."""
        self._folders.prepare()
        file = ReceivedFile(self._folders.incoming())
        file.write(data)
        return file

    def require_room(self, size: int) -> None:
        """Raise TooManyJobs if the queue is full, OutOfSpace if the disk is."""
        self.client.require_room()
        self._folders.prepare()
        if not self._folders.has_room_for(size):
            raise OutOfSpace("The server has no room for this file at the moment.")

    def take(self, file: ReceivedFile, asked: JobRequest, key: str | None) -> Response:
        """Answer 202 with the job, which is the one from before if the same was asked with the same key."""
        file.close()
        job_id = _id_of(key, file.digest, asked) if key else make_id()
        job = self._from_before(job_id) if key else None
        return self._accepted(job or self._begin(file, asked, job_id))

    def _from_before(self, job_id: str) -> Job | None:
        """Return the job of this id, unless it came to a bad end: then it is begun anew."""
        try:
            job = self.client.find(job_id)
        except NoSuchJob:
            return None
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            return job
        self.client.forget(job_id)
        return None

    def _begin(self, file: ReceivedFile, asked: JobRequest, job_id: str) -> Job:
        try:
            self._folders.admit(file.path, job_id)
        except FileExistsError:  # the same was sent twice at once, or a process ended in the middle of this
            job = self._from_before(job_id)
            if job:
                return job
            self._folders.forget(job_id)
            self._folders.admit(file.path, job_id)
        try:
            self.client.submit(job_id, asked)
        except Exception:
            self._folders.forget(job_id)
            raise
        return self.client.find(job_id)

    def _accepted(self, job: Job) -> Response:
        response = jsonify(job_json(job))
        response.status_code = ACCEPTED
        response.headers["Location"] = address_of(job.id)
        return response


def read_job_request(
    kind: JobKind, name: str, model: Model, defaults: Mapping[str, Any], *, every: float = 0.0
) -> JobRequest:
    """Return what this request's form asks of a file. Raises BadRequest."""
    fields = read_image_fields(request)
    return JobRequest(
        kind=kind,
        name=name,
        task=model.card.task,
        model=model.card.name,
        options=asdict(read_options_for(request, model.card, defaults)),
        every=read_field(request, "every", EVERY, every) if kind == JobKind.VIDEO else 0.0,
        orientation=fields.orientation,
        annotate=fields.annotate,
        display_width=fields.display_width,
    )


def _id_of(key: str, digest: str, asked: JobRequest) -> str:
    """Return the one id that this key has for this file and these wishes."""
    words = json.dumps([key, digest, asdict(asked)], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:32]
