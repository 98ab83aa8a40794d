"""Everything that can be asked of the server, once for both clients."""

import secrets
from typing import Any, TypeVar

from pagesight.answers import (
    AnyAnswer,
    ClassificationAnswer,
    DetectionAnswer,
    ReadingAnswer,
    SegmentationAnswer,
)
from pagesight.calls import Call, Conversation, File, Pause, read_answer, read_with_json, require_success
from pagesight.errors import JobFailed
from pagesight.options import ImageOptions, JobOptions, as_fields
from pagesight.retries import Pace, Retries, persist
from pagesight.server import Labels, Models, ServerStatus
from pagesight.videos import Job, VideoAnswer

T = TypeVar("T")
NO_CONTENT = 204
JOB_POLL_S = 1.0


class Conversations:
    """Conversations with one server, all with the same patience and at one pace."""

    def __init__(self, retries: Retries) -> None:
        self._retries = retries
        self._pace = Pace()

    def _ask(self, kind: type[T], call: Call) -> Conversation[T]:
        return read_answer(kind, (yield from persist(call, self._retries, self._pace)))

    def ask(self, photo: File, options: ImageOptions) -> Conversation[AnyAnswer]:
        """Ask the server's first model, or the one named."""
        kind: type[AnyAnswer] = AnyAnswer  # type: ignore[assignment]
        return self._ask(kind, Call("POST", "/", as_fields(options), file=photo))

    def detect(self, photo: File, options: ImageOptions) -> Conversation[DetectionAnswer]:
        """Find objects."""
        return self._ask(DetectionAnswer, Call("POST", "/v1/detect", as_fields(options), file=photo))

    def classify(self, photo: File, options: ImageOptions) -> Conversation[ClassificationAnswer]:
        """Label the whole image."""
        return self._ask(ClassificationAnswer, Call("POST", "/v1/classify", as_fields(options), file=photo))

    def segment(self, photo: File, options: ImageOptions) -> Conversation[SegmentationAnswer]:
        """Say which class each pixel shows."""
        return self._ask(SegmentationAnswer, Call("POST", "/v1/segment", as_fields(options), file=photo))

    def read(self, photo: File, options: ImageOptions) -> Conversation[ReadingAnswer]:
        """Read text."""
        return self._ask(ReadingAnswer, Call("POST", "/v1/read", as_fields(options), file=photo))

    def ask_json(self, verb: str, photo: File, options: ImageOptions) -> Conversation[tuple[AnyAnswer, dict[str, Any]]]:
        """Ask by a verb, such as "detect"; also return the JSON that the answer was read from."""
        kind: type[AnyAnswer] = AnyAnswer  # type: ignore[assignment]
        call = Call("POST", f"/v1/{verb}", as_fields(options), file=photo)
        response = yield from persist(call, self._retries, self._pace)
        return read_with_json(kind, response)

    def status(self) -> Conversation[ServerStatus]:
        """Ask how the server is."""
        return self._ask(ServerStatus, Call("GET", "/status_check"))

    def models(self) -> Conversation[Models]:
        """Ask for the cards of its models."""
        return self._ask(Models, Call("GET", "/v1/models"))

    def labels(self, model: str | None) -> Conversation[tuple[str, ...]]:
        """Ask for the labels of a model, by class id."""
        query = {} if model is None else {"model": model}
        return (yield from self._ask(Labels, Call("GET", "/v1/labels", query=query))).labels

    def begin_job(self, file: File, options: JobOptions, key: str | None) -> Conversation[Job]:
        """Send a video. The key makes of a job that is sent twice one job."""
        fields = as_fields(options) | {"key": key or secrets.token_urlsafe(24)}
        return self._ask(Job, Call("POST", "/v1/jobs", fields, file=file))

    def job(self, job_id: str) -> Conversation[Job]:
        """Ask how a job is."""
        return self._ask(Job, Call("GET", f"/v1/jobs/{job_id}"))

    def wait_for(self, job_id: str) -> Conversation[Job]:
        """Ask every second until it is done. Raises JobFailed."""
        while not (job := (yield from self.job(job_id))).has_ended:
            yield Pause(JOB_POLL_S)
        if job.state != "done":
            raise JobFailed(job.detail or f"The job {job.id} was cancelled.")
        return job

    def result(self, job_id: str) -> Conversation[VideoAnswer | AnyAnswer]:
        """Ask what was found."""
        call = Call("GET", f"/v1/jobs/{job_id}/result.json")
        response = yield from persist(call, self._retries, self._pace)
        is_video = response.is_success and b'"frames"' in response.content
        kind: type[VideoAnswer | AnyAnswer] = VideoAnswer if is_video else AnyAnswer  # type: ignore[assignment]
        return read_answer(kind, response)

    def drawn_video(self, job_id: str) -> Conversation[bytes]:
        """Ask for the MP4 with what was found drawn into it."""
        response = yield from persist(Call("GET", f"/v1/jobs/{job_id}/result.mp4"), self._retries, self._pace)
        require_success(response)
        return response.content

    def end_job(self, job_id: str) -> Conversation[Job | None]:
        """Cancel a job; forget one that has ended, and return None."""
        response = yield from persist(Call("DELETE", f"/v1/jobs/{job_id}"), self._retries, self._pace)
        return None if response.status_code == NO_CONTENT else read_answer(Job, response)
