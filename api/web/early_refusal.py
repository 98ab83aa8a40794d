"""What is refused before Flask, and before a byte of the body is read: the gates that a POST passes.

Under overload, or where somebody tries keys, a server refuses many requests for each one that it works on, on the same
cores. `python -m benchmarks.robustness.overload` and `...refusals` measure what that costs.
"""

from collections.abc import Callable, Collection, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from api.errors import ApiError
from api.web.headers import choose_request_id
from api.web.origins import cors_headers, is_allowed_origin
from api.web.prefer import wants_job
from api.web.problem import Problem, render
from api.web.request_facts import AtTheEnd, RequestFacts
from api.work.admission import Admission

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Gate = Callable[["WSGIEnvironment"], None]  # raises ApiError, or lets the request pass


def room_for(paths: Collection[str], admission: Admission) -> Gate:
    """Return the gate that refuses images, sent to one of these paths, while the queue is full."""

    def require_room(environ: "WSGIEnvironment") -> None:
        if environ["PATH_INFO"] in paths and not wants_job(environ):
            admission.require_room()

    return require_room


class EarlyRefusal:
    """A WSGI application around another one, with gates that every POST passes, one after the other."""

    def __init__(
        self,
        inside: "WSGIApplication",
        gates: tuple[Gate, ...],
        *,
        routes: Map,
        allowed_origins: tuple[str, ...],
        at_the_end: AtTheEnd,
    ) -> None:
        self._inside = inside
        self._gates = gates
        self._routes = routes.bind("")
        self._allowed_origins = allowed_origins
        self._at_the_end = at_the_end

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; one that is not refused here is answered inside."""
        if environ["REQUEST_METHOD"] == "POST" and self._may_ask(environ):
            try:
                for gate in self._gates:
                    gate(environ)
            except ApiError as error:
                return self._refuse(error, environ, start_response)
        return self._inside(environ, start_response)

    def _may_ask(self, environ: "WSGIEnvironment") -> bool:
        """Whether the page may ask; a page that may not hears why from inside."""
        return is_allowed_origin(environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST", ""), self._allowed_origins)

    def _refuse(self, error: ApiError, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        facts = RequestFacts(
            choose_request_id(environ.get("HTTP_X_REQUEST_ID", "")),
            problem=error.kind,
            route=self._route(environ["PATH_INFO"]),
            status=int(error.status),
        )
        headers, body = render(Problem.of(error), facts.request_id, path=environ["PATH_INFO"])
        facts.bytes_out = len(body)
        headers |= cors_headers(environ.get("HTTP_ORIGIN"), self._allowed_origins)
        start_response(f"{facts.status} {HTTPStatus(facts.status).phrase}", list(headers.items()))
        for step in self._at_the_end:
            step(environ, facts)
        return [body]

    def _route(self, path: str) -> str | None:
        try:
            rule, _ = self._routes.match(path, method="POST", return_rule=True)
        except HTTPException:
            return None
        return rule.rule
