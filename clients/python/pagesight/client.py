"""The client for ordinary programs. It may be shared by threads."""

import time
from types import TracebackType
from typing import Any, TypeVar, Unpack

import httpx

from pagesight.answers import AnyAnswer, ClassificationAnswer, DetectionAnswer, ReadingAnswer, SegmentationAnswer
from pagesight.calls import Conversation, File, Pause
from pagesight.conversations import Conversations
from pagesight.options import (
    AnyOptions,
    ClassificationOptions,
    DetectionOptions,
    JobOptions,
    ReadingOptions,
    SegmentationOptions,
)
from pagesight.retries import Retries
from pagesight.sender import Sender
from pagesight.server import Models, ServerStatus
from pagesight.videos import Job, VideoAnswer

T = TypeVar("T")


class Client:
    """Asks the server at `url`, with a `key` if its owner gave one.

    A photograph is bytes or a path. All methods raise the errors of `pagesight.errors`, and OSError for a file.
    """

    def __init__(self, url: str, key: str | None = None, *, retries: Retries | None = None) -> None:
        self._sender = Sender(url, key)
        self._conversations = Conversations(retries or Retries())

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._sender.close()

    def ask(self, photo: File, **options: Unpack[AnyOptions]) -> AnyAnswer:
        """Ask the server's first model, or the one named, whatever its task."""
        return self._carry_out(self._conversations.ask(photo, options))

    def detect(self, photo: File, **options: Unpack[DetectionOptions]) -> DetectionAnswer:
        """Find objects."""
        return self._carry_out(self._conversations.detect(photo, options))

    def classify(self, photo: File, **options: Unpack[ClassificationOptions]) -> ClassificationAnswer:
        """Label the whole image."""
        return self._carry_out(self._conversations.classify(photo, options))

    def segment(self, photo: File, **options: Unpack[SegmentationOptions]) -> SegmentationAnswer:
        """Say which class each pixel shows."""
        return self._carry_out(self._conversations.segment(photo, options))

    def read(self, photo: File, **options: Unpack[ReadingOptions]) -> ReadingAnswer:
        """Read text."""
        return self._carry_out(self._conversations.read(photo, options))

    def ask_json(self, verb: str, photo: File, **options: Unpack[AnyOptions]) -> tuple[AnyAnswer, dict[str, Any]]:
        """Ask by a verb, such as "detect"; also return the JSON that the answer was read from."""
        return self._carry_out(self._conversations.ask_json(verb, photo, options))

    def status(self) -> ServerStatus:
        """Ask how the server is."""
        return self._carry_out(self._conversations.status())

    def models(self) -> Models:
        """Ask for the cards of its models."""
        return self._carry_out(self._conversations.models())

    def labels(self, model: str | None = None) -> tuple[str, ...]:
        """Ask for the labels of a model (or of the first one), by class id."""
        return self._carry_out(self._conversations.labels(model))

    def begin_job(self, file: File, *, key: str | None = None, **options: Unpack[JobOptions]) -> Job:
        """Send a video (or a photograph) that is worked on after the answer.

        The same file and options with the same `key` (22 to 64 letters, digits, - or _) are the same job.
        """
        return self._carry_out(self._conversations.begin_job(file, options, key))

    def job(self, job_id: str) -> Job:
        """Ask how a job is."""
        return self._carry_out(self._conversations.job(job_id))

    def wait_for(self, job_id: str) -> Job:
        """Wait until a job is done. Raises JobFailed if it fails or is cancelled."""
        return self._carry_out(self._conversations.wait_for(job_id))

    def result(self, job_id: str) -> VideoAnswer | AnyAnswer:
        """Ask what was found: in a video, or in a photograph."""
        return self._carry_out(self._conversations.result(job_id))

    def drawn_video(self, job_id: str) -> bytes:
        """Ask for the MP4 with what was found drawn into it; `annotate=True` must have asked for it."""
        return self._carry_out(self._conversations.drawn_video(job_id))

    def end_job(self, job_id: str) -> Job | None:
        """Cancel a job; forget one that has ended, and return None."""
        return self._carry_out(self._conversations.end_job(job_id))

    def _carry_out(self, conversation: Conversation[T]) -> T:
        reply: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = conversation.send(reply)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(step, Pause):
                time.sleep(step.seconds)
                reply = None
            else:
                reply = self._sender.send(step)
