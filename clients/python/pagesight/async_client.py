"""The client for asyncio.

It sends on threads of its own: a blocking socket takes a photograph as it is, and asyncio's copies it piece by piece,
which costs half as much again.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
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
DEFAULT_AT_ONCE = 8  # a server works on 3 and lets 8 wait, so it always has a next one, and 3 others have room


class AsyncClient:
    """Asks the server at `url`, with a `key` if its owner gave one.

    At most `at_once` requests are under way at the same time; one that waits to be sent again lets others go first. A
    photograph is bytes or a path. All methods raise the errors of `pagesight.errors`, and OSError for a file.
    """

    def __init__(
        self, url: str, key: str | None = None, *, retries: Retries | None = None, at_once: int = DEFAULT_AT_ONCE
    ) -> None:
        self._sender = Sender(url, key)
        self._conversations = Conversations(retries or Retries())
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="pagesight")

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close its connections: what is under way ends, and is waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._sender.close()
        await asyncio.to_thread(self._threads.shutdown)

    async def ask(self, photo: File, **options: Unpack[AnyOptions]) -> AnyAnswer:
        """Ask the server's first model, or the one named, whatever its task."""
        return await self._carry_out(self._conversations.ask(photo, options))

    async def detect(self, photo: File, **options: Unpack[DetectionOptions]) -> DetectionAnswer:
        """Find objects."""
        return await self._carry_out(self._conversations.detect(photo, options))

    async def classify(self, photo: File, **options: Unpack[ClassificationOptions]) -> ClassificationAnswer:
        """Label the whole image."""
        return await self._carry_out(self._conversations.classify(photo, options))

    async def segment(self, photo: File, **options: Unpack[SegmentationOptions]) -> SegmentationAnswer:
        """Say which class each pixel shows."""
        return await self._carry_out(self._conversations.segment(photo, options))

    async def read(self, photo: File, **options: Unpack[ReadingOptions]) -> ReadingAnswer:
        """Read text."""
        return await self._carry_out(self._conversations.read(photo, options))

    async def ask_json(self, verb: str, photo: File, **options: Unpack[AnyOptions]) -> tuple[AnyAnswer, dict[str, Any]]:
        """Ask by a verb, such as "detect"; also return the JSON that the answer was read from."""
        return await self._carry_out(self._conversations.ask_json(verb, photo, options))

    async def status(self) -> ServerStatus:
        """Ask how the server is."""
        return await self._carry_out(self._conversations.status())

    async def models(self) -> Models:
        """Ask for the cards of its models."""
        return await self._carry_out(self._conversations.models())

    async def labels(self, model: str | None = None) -> tuple[str, ...]:
        """Ask for the labels of a model (or of the first one), by class id."""
        return await self._carry_out(self._conversations.labels(model))

    async def begin_job(self, file: File, *, key: str | None = None, **options: Unpack[JobOptions]) -> Job:
        """Send a video (or a photograph) that is worked on after the answer.

        The same file and options with the same `key` (22 to 64 letters, digits, - or _) are the same job.
        """
        return await self._carry_out(self._conversations.begin_job(file, options, key))

    async def job(self, job_id: str) -> Job:
        """Ask how a job is."""
        return await self._carry_out(self._conversations.job(job_id))

    async def wait_for(self, job_id: str) -> Job:
        """Wait until a job is done. Raises JobFailed if it fails or is cancelled."""
        return await self._carry_out(self._conversations.wait_for(job_id))

    async def result(self, job_id: str) -> VideoAnswer | AnyAnswer:
        """Ask what was found: in a video, or in a photograph."""
        return await self._carry_out(self._conversations.result(job_id))

    async def drawn_video(self, job_id: str) -> bytes:
        """Ask for the MP4 with what was found drawn into it; `annotate=True` must have asked for it."""
        return await self._carry_out(self._conversations.drawn_video(job_id))

    async def end_job(self, job_id: str) -> Job | None:
        """Cancel a job; forget one that has ended, and return None."""
        return await self._carry_out(self._conversations.end_job(job_id))

    async def _carry_out(self, conversation: Conversation[T]) -> T:
        reply: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = conversation.send(reply)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(step, Pause):
                await asyncio.sleep(step.seconds)
                reply = None
            else:
                reply = await asyncio.get_running_loop().run_in_executor(self._threads, self._sender.send, step)
