"""gunicorn's threaded worker, with some habits changed.

What is no HTTP is answered like every other mistake: gunicorn alone would send HTML and log the sender's address. And
no visitor holds a thread for long, where gunicorn would wait for ever: nginx is still needed in front, but without it a
few slow visitors do not stop the server.
"""

import errno
import json
import logging
import selectors
import socket
import time
import uuid
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http.errors import (  # type: ignore[import-untyped]
    ExpectationFailed,
    InvalidHeader,
    InvalidHTTPVersion,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import _DEFER, STOP_KEEPALIVE_LINGER, ThreadWorker  # type: ignore[import-untyped]

from api.errors import ApiError, BadRequest, problem
from api.web.access_log import shorten, write_line
from api.web.request_hooks import REQUEST_ID, SECURITY_HEADERS

logger = logging.getLogger(__name__)

NOTIFY_EVERY_S = 1.0
FIRST_BYTE_S = 0.01  # then the connection waits without a thread
HEADER_S = 5.0
BODY_S = 60.0
SILENCE_S = 10.0  # the longest pause within a body
SEND_S = 30.0
DRAIN_S = 10.0
DRAIN_SILENCE_S = 2.0
MAX_DRAINED_BYTES = 100_000_000

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


class Worker(ThreadWorker):  # type: ignore[misc]
    """What `worker_class` names."""

    _notified_s = 0.0

    def notify(self) -> None:
        """Tell the master that this worker lives, once a second; gunicorn would with each event of each connection."""
        now_s = time.monotonic()
        if now_s - self._notified_s >= NOTIFY_EVERY_S:
            self._notified_s = now_s
            super().notify()

    def handle(self, conn: Any) -> Any:
        """Serve what a connection has sent, on a thread of the pool."""
        if not conn.initialized:
            if not conn.wait_for_data(FIRST_BYTE_S):
                return _DEFER
            conn.init()
            conn.parser.unreader = PatientReader(conn.sock)
        conn.parser.unreader.wait_at_most(HEADER_S)
        return super().handle(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Wait for what a connection sends while this worker ends, too; gunicorn would close it without an answer."""
        if self.alive or fs.cancelled() or fs.exception() or fs.result() is not _DEFER:
            super().finish_request(conn, fs)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + STOP_KEEPALIVE_LINGER
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request whose header is read."""
        if req.version >= (1, 1) and not any(name == "HOST" for name, _ in req.headers):
            raise InvalidHeader("HOST", req=req)  # RFC 9112 section 3.2
        if req.version > (1, 1):
            raise InvalidHTTPVersion(req.version)  # gunicorn would give itself out for one who speaks it
        conn.parser.unreader.wait_at_most(BODY_S)
        try:
            return super().handle_request(req, conn)
        except TimeoutError as error:  # in sending: the reader has gone, for all that can be known
            raise ConnectionResetError(errno.ECONNRESET, "the reader is too slow") from error

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        """Say whether what comes next begins another request, and can be read as one."""
        return _drain(conn.parser) and bool(super()._keepalive_after(conn, keepalive))

    def handle_error(self, _req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer a request that never reached the application."""
        request_id = uuid.uuid4().hex
        if isinstance(exc, ParseException):
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


class PatientReader(SocketUnreader):  # type: ignore[misc]
    """Reads from a connection within a time; a sender who is slower counts as one who has gone."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection)
        self.gave_up = False
        self._deadline = 0.0
        self._silence_s = SILENCE_S

    def wait_at_most(self, seconds: float, silence_s: float = SILENCE_S) -> None:
        """Begin to count anew: so long in all, and so long for each piece."""
        self._deadline = time.monotonic() + seconds
        self._silence_s = silence_s

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return what comes next, nothing when the sender ends or takes too long."""
        remaining_s = min(self._deadline - time.monotonic(), self._silence_s)
        try:
            if remaining_s <= 0:
                raise TimeoutError
            self.sock.settimeout(remaining_s)
            piece: bytes = super().chunk(size_hint)
        except TimeoutError:
            self.gave_up = True
            return b""
        finally:
            self.sock.settimeout(SEND_S)  # for the answer
        return piece


def _drain(parser: Any) -> bool:
    """Read what is left of a body after the answer; says whether its end was reached.

    Closing a connection on unread bytes resets it, and a sender still at work would see that in place of the answer.
    """
    body, reader = parser.mesg.body, parser.unreader
    reader.wait_at_most(DRAIN_S, DRAIN_SILENCE_S)
    drained = 0
    try:
        while drained < MAX_DRAINED_BYTES:
            piece = body.read(65_536)
            if not piece:
                return not (reader.gave_up or body.failed)
            drained += len(piece)
    except (OSError, ParseException):
        pass  # the sender has gone, or sends nothing that can be read to its end
    return False


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
