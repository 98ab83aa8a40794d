"""A full queue refuses here, before Flask and before a byte of the body is read.

Under overload a server refuses ten images for each one that it works on, on the same cores.
`python -m benchmarks.robustness.overload` measures what that costs.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from api.errors import Busy
from api.web.headers import choose_request_id
from api.web.origins import cors_headers, is_allowed_origin
from api.web.prefer import wants_job
from api.web.problem import Problem, render
from api.web.request_facts import AtTheEnd, RequestFacts
from api.work.admission import Admission

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class EarlyRefusal:
    """A WSGI application around another one: answers POSTs to `paths` with 503 if `admission` has no room.

    Each path has its route, by which the log and the metrics know it.
    """

    def __init__(
        self,
        inside: "WSGIApplication",
        admission: Admission,
        *,
        paths: Mapping[str, str],
        allowed_origins: tuple[str, ...],
        at_the_end: AtTheEnd,
    ) -> None:
        self._inside = inside
        self._admission = admission
        self._paths = paths
        self._allowed_origins = allowed_origins
        self._at_the_end = at_the_end

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; one that is not refused here is answered inside."""
        is_upload = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] in self._paths
        if is_upload and self._may_ask(environ) and not wants_job(environ):
            try:
                self._admission.require_room()
            except Busy as busy:
                return self._refuse(busy, environ, start_response)
        return self._inside(environ, start_response)

    def _may_ask(self, environ: "WSGIEnvironment") -> bool:
        """Whether the page may ask; a page that may not hears why from inside."""
        return is_allowed_origin(environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST", ""), self._allowed_origins)

    def _refuse(self, busy: Busy, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request_id = choose_request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        path = environ["PATH_INFO"]
        facts = RequestFacts(request_id, problem=busy.kind, route=self._paths[path], status=busy.status)
        headers, body = render(Problem.of(busy), facts.request_id, path=path)
        facts.bytes_out = len(body)
        headers |= cors_headers(environ.get("HTTP_ORIGIN"), self._allowed_origins)
        start_response(f"{busy.status} Service Unavailable", list(headers.items()))
        for step in self._at_the_end:
            step(environ, facts)
        return [body]
