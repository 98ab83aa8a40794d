"""The door: a photograph that would find the queue full is turned away here, before Flask.

Under overload the server may refuse ten times for each photograph that it works on, on the same cores, and most of
what a refusal costs would be the way through Flask. `python -m benchmarks.robustness.overload` tells what is
still carried.
"""

import json
import logging
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from api.errors import Busy, problem
from api.web.access_log import describe_answer
from api.web.metrics import Answers
from api.web.request_hooks import EXPOSED_HEADERS, REQUEST_ID, SECURITY_HEADERS, choose_request_id, is_allowed_origin
from api.work.admission import Admission

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)


class Door:
    """A WSGI application in front of another: answers POSTs to `paths` with 503 while `admission` has no room."""

    def __init__(
        self,
        inside: "WSGIApplication",
        admission: Admission,
        *,
        paths: Iterable[str],
        allowed_origins: tuple[str, ...],
        answers: Answers,
    ) -> None:
        self._inside = inside
        self._admission = admission
        self._paths = frozenset(paths)
        self._allowed_origins = allowed_origins
        self._answers = answers

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; what is not refused here is answered inside."""
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] in self._paths and self._may_ask(environ):
            try:
                self._admission.require_room()
            except Busy as busy:
                return self._refuse(busy, environ, start_response)
        return self._inside(environ, start_response)

    def _may_ask(self, environ: "WSGIEnvironment") -> bool:
        """Tell whether the sender is one to be worked for; who is not hears why from inside."""
        return is_allowed_origin(environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST", ""), self._allowed_origins)

    def _cors_headers(self, origin: str | None) -> dict[str, str]:
        """Return what lets the page that asks read the answer; the same as flask-cors gives inside."""
        if origin is None and "*" not in self._allowed_origins:
            return {}
        headers = {"Access-Control-Expose-Headers": ", ".join(EXPOSED_HEADERS)}
        if origin is None:
            return headers | {"Access-Control-Allow-Origin": "*"}
        return headers | {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}

    def _refuse(self, busy: Busy, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = time.monotonic()
        status, request_id = HTTPStatus(busy.status), choose_request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        facts: dict[str, Any] = {"status": int(status), "kind": busy.kind, "title": busy.title, "detail": busy.detail}
        body = json.dumps(problem(**facts, request_id=request_id)).encode()
        headers = {
            "Content-Type": "application/problem+json",
            "Content-Length": str(len(body)),
            "Retry-After": str(busy.retry_after_s),
            REQUEST_ID: request_id,
            "Cache-Control": "no-store",
            **SECURITY_HEADERS,
        }
        headers |= self._cors_headers(environ.get("HTTP_ORIGIN"))
        start_response(f"{int(status)} {status.phrase}", list(headers.items()))
        route = environ["PATH_INFO"]
        seconds = time.monotonic() - began
        logger.info(
            describe_answer(
                environ,
                request_id=request_id,
                route=route,
                status=int(status),
                seconds=seconds,
                bytes_out=len(body),
                problem=busy.kind,
            )
        )
        self._answers.count(route, int(status), seconds, problem=busy.kind)
        return [body]
