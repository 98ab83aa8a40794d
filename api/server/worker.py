"""gunicorn's threaded worker, which answers what is no HTTP like every other mistake: as problem+json.

gunicorn alone would send HTML and log the sender's address. It waits for slow visitors without an end, so nginx must be
in front of it.
"""

import json
import logging
import socket
import uuid
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

from api.errors import ApiError, BadRequest, problem
from api.web.access_log import shorten, write_line
from api.web.request_hooks import REQUEST_ID, SECURITY_HEADERS

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

OUR_OWN = (InvalidResponseHeader, InvalidResponseHeaderName)  # gunicorn files them with what a sender does wrong


class Worker(ThreadWorker):  # type: ignore[misc]
    """What `worker_class` names."""

    def handle_error(self, _req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer a request that never reached the application."""
        request_id = uuid.uuid4().hex
        if isinstance(exc, ParseException) and not isinstance(exc, OUR_OWN):
            status, kind, detail = REFUSALS.get(type(exc), UNREADABLE)
            title = BadRequest.title
        else:
            logger.error("%s failed", request_id, exc_info=exc)
            status, kind, detail = HTTPStatus(ApiError.status), ApiError.kind, "Its id helps the owner to find out why."
            title = ApiError.title
        address = shorten(addr[0]) if addr else "-"
        reason = type(exc).__name__
        logger.info(write_line(id=request_id, client=address, status=int(status), problem=kind, reason=reason))
        body = problem(status=status, kind=kind, title=title, detail=detail, request_id=request_id)
        try:
            client.settimeout(SEND_S)
            client.sendall(_encode(status, request_id, json.dumps(body).encode()))
        except OSError:
            logger.debug("%s: the sender has gone", request_id)


def _encode(status: HTTPStatus, request_id: str, body: bytes) -> bytes:
    """Return an answer as bytes. Whose page asks is not known; the words are fixed, so all may read them."""
    headers = {
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": f"Retry-After, {REQUEST_ID}",
        REQUEST_ID: request_id,
        "Cache-Control": "no-store",
        **SECURITY_HEADERS,
    }
    lines = [f"HTTP/1.1 {int(status)} {status.phrase}", *(f"{name}: {text}" for name, text in headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
