"""Everything that can go wrong with a request.

A place in the queue -> 503 -> bytes -> 413, 400 -> a model -> 404 -> image -> 415, 422 -> result -> 504, 500. Each
class is raised where its mistake is detected; `web/problem.py` alone turns it into an answer.
"""

from http import HTTPStatus


class ApiError(Exception):
    """A request that cannot be answered. `detail` tells its sender what was wrong and what would be right."""

    status: int = HTTPStatus.INTERNAL_SERVER_ERROR
    kind = "internal-error"
    title = "The server failed"

    def __init__(self, detail: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_s = retry_after_s


class BadRequest(ApiError):
    """The request is not what the API reads, or a field has a bad value."""

    status = HTTPStatus.BAD_REQUEST
    kind = "bad-request"
    title = "The request cannot be read"


class OriginNotAllowed(ApiError):
    """A page of another site asks, and this server is not for it."""

    status = HTTPStatus.FORBIDDEN
    kind = "origin-not-allowed"
    title = "This site may not use this server"


class NoSuchModel(ApiError):
    """No model of this server has that name, or is for that task."""

    status = HTTPStatus.NOT_FOUND
    kind = "no-such-model"
    title = "There is no such model"


class TooLarge(ApiError):
    """More bytes or parts than are read."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    kind = "too-large"
    title = "The upload is too large"


class UnsupportedImage(ApiError):
    """The bytes are no image of a kind that is read."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    kind = "unsupported-image"
    title = "This is not an image we read"


class RefusedImage(ApiError):
    """An image of a kind that is read, but broken or beyond the limits."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    kind = "refused-image"
    title = "This image cannot be used"


class Busy(ApiError):
    """The queue is full."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "busy"
    title = "The server is busy"


class NotReady(ApiError):
    """The model is not loaded yet, could not be loaded, or the server is going down."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "not-ready"
    title = "The server is not ready"


class OutOfMemory(ApiError):
    """There was not enough memory for the work on the image."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "out-of-memory"
    title = "The server is short of memory"


class Hung(ApiError):
    """The work on the image did not come to an end."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    kind = "inference-hung"
    title = "The work on this image hangs"


class SenderGone(ApiError):
    """Nobody waits for the answer any more. Nobody reads this either; nginx logs the same status for it."""

    status = 499
    kind = "sender-gone"
    title = "The sender has gone"
