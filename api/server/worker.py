"""gunicorn's threaded worker, which answers malformed HTTP like every other mistake: as problem+json.

gunicorn alone would send HTML and log the sender's address. It waits for slow visitors without limit, so nginx must be
in front of it.
"""

import logging
import socket
import uuid
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from gunicorn.http.errors import (  # type: ignore[import-untyped]
    ExpectationFailed,
    InvalidHTTPVersion,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from api.errors import ApiError, BadRequest
from api.web.access_log import shorten, write_line
from api.web.problem import Problem, render

logger = logging.getLogger(__name__)

SEND_S = 30.0

UNREADABLE = (HTTPStatus.BAD_REQUEST, BadRequest.kind, "This is not well-formed HTTP.")
REFUSALS = {
    LimitRequestLine: (HTTPStatus.REQUEST_URI_TOO_LONG, "uri-too-long", "The address in the request is too long."),
    LimitRequestHeaders: (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "header-too-large",
        "The header of the request is larger than is read here. Send less of it.",
    ),
    UnsupportedTransferCoding: (
        HTTPStatus.NOT_IMPLEMENTED,
        "not-implemented",
        "Send the body with a Content-Length, or chunked.",
    ),
    ExpectationFailed: (HTTPStatus.EXPECTATION_FAILED, "expectation-failed", "Only `Expect: 100-continue` is met."),
    InvalidHTTPVersion: (
        HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
        "version-not-supported",
        "Ask with HTTP/1.1 or HTTP/1.0.",
    ),
}
OUR_OWN = (InvalidResponseHeader, InvalidResponseHeaderName)  # gunicorn counts them among the sender's mistakes


class Worker(ThreadWorker):  # type: ignore[misc]
    """What `worker_class` names."""

    def handle_error(self, _req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer a request that never reaches the application."""
        request_id = uuid.uuid4().hex
        problem = _describe(exc)
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and problem.kind == ApiError.kind:
            logger.error("%s failed", request_id, exc_info=exc)
        address = shorten(addr[0]) if addr else "-"
        reason = type(exc).__name__
        logger.info(
            write_line(id=request_id, client=address, status=problem.status, problem=problem.kind, reason=reason)
        )
        try:
            client.settimeout(SEND_S)
            client.sendall(_encode(problem, request_id))
        except OSError:
            logger.debug("%s: the sender has gone", request_id)


def _describe(error: Exception) -> Problem:
    """Return what went wrong. It is the same for every page, so every page may read it."""
    if isinstance(error, ParseException) and not isinstance(error, OUR_OWN):
        status, kind, detail = REFUSALS.get(type(error), UNREADABLE)
        return Problem(status=int(status), kind=kind, title=BadRequest.title, detail=detail, for_any_page=True)
    ours = ApiError("Its id helps the owner to find out why.")
    return replace(Problem.of(ours), for_any_page=True)


def _encode(problem: Problem, request_id: str) -> bytes:
    """Return an answer as bytes."""
    headers, body = render(problem, request_id)
    lines = [f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}", "Connection: close"]
    lines += [f"{name}: {text}" for name, text in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
