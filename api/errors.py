"""Everything that can go wrong with a request.

A key -> 401, 429 -> a place in the queue -> 503 -> bytes -> 413, 400 -> a model -> 404 -> image -> 415, 422 ->
result -> 504, 500. Each class is raised where its mistake is detected; `web/problem.py` alone turns it into an answer.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class ApiError(Exception):
    """A request that cannot be answered. `detail` says to its sender what was wrong and what would be right."""

    status: ClassVar[int] = 500
    kind: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "The server failed"

    def __init_subclass__(cls, *, status: int, kind: str, title: str) -> None:
        cls.status, cls.kind, cls.title = status, kind, title

    def __init__(self, detail: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_s = retry_after_s


class BadRequest(ApiError, status=400, kind="bad-request", title="The request cannot be read"):
    """The request is not in the API's form, or a field has a bad value."""


class NoKey(ApiError, status=401, kind="no-key", title="A key is needed"):
    """A program asks for work without a key, where keys are asked for."""


class WrongKey(ApiError, status=401, kind="wrong-key", title="This key is not known"):
    """The key is none of this server's."""


class OriginNotAllowed(ApiError, status=403, kind="origin-not-allowed", title="This site may not use this server"):
    """A page asks from a site that may not use this server."""


class NoSuchModel(ApiError, status=404, kind="no-such-model", title="There is no such model"):
    """There is no model of that name here, or none for that task."""


class NoSuchJob(ApiError, status=404, kind="no-such-job", title="There is no such job"):
    """There is no job of that id (any more), or it has no such result."""


class NoJobs(ApiError, status=404, kind="no-jobs", title="This server takes no jobs"):
    """The owner has not turned jobs on."""


class NotYet(ApiError, status=409, kind="not-yet", title="This job has no result"):
    """The job has not come to its end, or came to a bad one."""


class TooLarge(ApiError, status=413, kind="too-large", title="The upload is too large"):
    """More bytes or parts than are read."""


class UnsupportedImage(ApiError, status=415, kind="unsupported-image", title="This is not an image we read"):
    """The bytes are not an image of a kind that we read."""


class TooOften(ApiError, status=429, kind="too-often", title="Too many requests"):
    """Someone asks more often than their share."""


class RefusedImage(ApiError, status=422, kind="refused-image", title="This image cannot be used"):
    """An image of a kind that we read, but broken or beyond the limits."""


class UnsupportedVideo(ApiError, status=415, kind="unsupported-video", title="This is not a video we read"):
    """The bytes are not a video of a kind that we read."""


class RefusedVideo(ApiError, status=422, kind="refused-video", title="This video cannot be used"):
    """A video of a kind that we read, but broken or beyond the limits."""


class Busy(ApiError, status=503, kind="busy", title="The server is busy"):
    """The queue is full."""


class TooManyJobs(ApiError, status=503, kind="too-many-jobs", title="Too many jobs wait"):
    """As many jobs wait as may."""


class OutOfSpace(ApiError, status=507, kind="out-of-space", title="The disk is full"):
    """There is no room for the file and what is made of it."""


class NotReady(ApiError, status=503, kind="not-ready", title="The server is not ready"):
    """The model is not loaded yet, could not be loaded, or the server is going down."""


class OutOfMemory(ApiError, status=503, kind="out-of-memory", title="The server is short of memory"):
    """There is not enough memory to work on the image."""


class ForeignRequest(ApiError, status=403, kind="foreign-request", title="This is not your page"):
    """A page or a program of somebody else asks what only the owner's own page may ask."""


class FolderChanged(ApiError, status=409, kind="folder-changed", title="The folder has changed"):
    """A data folder is not as it was when it was read."""


class FolderNotWritable(ApiError, status=409, kind="folder-not-writable", title="The folder cannot be changed"):
    """The system lets nobody change this data folder, or its disk is full."""


class Hung(ApiError, status=504, kind="inference-hung", title="The work on this image hangs"):
    """The work on the image did not come to an end."""


class ProofAsked(ApiError, status=429, kind="proof-asked", title="Prove that you are no robot"):
    """So many requests come that each costs a proof of work; `challenge` is what to work on (ALTCHA)."""

    def __init__(self, detail: str, challenge: Mapping[str, Any], *, retry_after_s: int | None = None) -> None:
        super().__init__(detail, retry_after_s=retry_after_s)
        self.challenge = challenge


class SenderGone(ApiError, status=499, kind="sender-gone", title="The sender has gone"):
    """The client has left, so nobody reads this answer; nginx logs the same status."""
