"""Around every route: ids, limits, who may ask, errors as answers, and what happens at a request's end."""

import logging
from collections.abc import Callable
from io import BytesIO
from typing import IO

from flask import Flask, Request, Response, g, request
from werkzeug.exceptions import HTTPException

from api.errors import ApiError, BadRequest, TooLarge
from api.settings import Settings
from api.web.headers import REQUEST_ID, SECURITY_HEADERS, choose_request_id
from api.web.origins import install_cors, require_allowed_origin
from api.web.problem import Problem, render
from api.web.request_facts import AtTheEnd, RequestFacts

logger = logging.getLogger(__name__)

MALFORMED_CHUNKS = "The body's chunks are malformed (Transfer-Encoding: chunked)."
MAX_FORM_PARTS = 20
MAX_FIELDS_BYTES = 200_000  # Werkzeug reads pieces of 64 KB and counts whole pieces


def facts() -> RequestFacts:
    """Return what is known of the current request."""
    known: RequestFacts = g.facts
    return known


class InMemoryRequest(Request):
    """A request whose uploads stay in memory: nothing is written to disk unless a route of jobs says so."""

    receive_file: Callable[[], IO[bytes]] = BytesIO

    def _get_file_stream(self, *_args: object, **_kwargs: object) -> IO[bytes]:
        return self.receive_file()


def install_hooks(
    app: Flask, settings: Settings, at_the_end: AtTheEnd, malformed_body: type[Exception] | None = None
) -> None:
    """Put the hooks around all routes of `app`."""
    app.request_class = InMemoryRequest
    app.url_map.merge_slashes = False  # else a redirect, which no client follows with a body
    app.config["MAX_CONTENT_LENGTH"] = int(settings.max_upload_mb * 1e6)
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FIELDS_BYTES
    app.config["MAX_FORM_PARTS"] = MAX_FORM_PARTS
    app.json.sort_keys = False  # type: ignore[attr-defined]
    install_cors(app, settings.allowed_origins)

    def begin() -> None:
        g.facts = RequestFacts(choose_request_id(request.headers.get(REQUEST_ID, "")))
        require_allowed_origin(request.headers.get("Origin"), request.host, settings.allowed_origins)

    def end(response: Response) -> Response:
        _complete_headers(response)
        facts().route = request.url_rule.rule if request.url_rule else None
        facts().status, facts().bytes_out = response.status_code, response.content_length
        for step in at_the_end:
            step(request.environ, facts())
        return response

    app.before_request(begin)
    app.after_request(end)
    app.register_error_handler(ApiError, lambda error: _answer(Problem.of(error)))
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_unexpected)
    if malformed_body:
        app.register_error_handler(malformed_body, lambda _error: _answer(Problem.of(BadRequest(MALFORMED_CHUNKS))))


def _complete_headers(response: Response) -> None:
    response.headers[REQUEST_ID] = facts().request_id
    response.headers.update(SECURITY_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


def _answer(problem: Problem) -> Response:
    facts().problem = problem.kind
    headers, body = render(problem, facts().request_id, path=request.path)
    return Response(body, problem.status, headers)


def _answer_http_exception(error: HTTPException) -> Response:
    """Answer what Flask and Werkzeug refuse themselves: unknown paths, wrong methods, oversized or broken bodies."""
    status = error.code or 500
    if status == TooLarge.status:
        return _answer(Problem.of(TooLarge(_size_limits())))
    allowed = sorted(getattr(error, "valid_methods", None) or ())
    details = {
        400: "The request is malformed; send multipart/form-data with an image in a field named `file`.",
        404: "There is nothing at this address; POST an image to `/`, or GET `/status_check`.",
        405: f"{request.method} is not for this address; allowed: {', '.join(allowed)}.",
    }
    detail = details.get(status, "The request could not be answered.")
    kind = error.name.lower().replace(" ", "-")
    response = _answer(Problem(status=status, kind=kind, title=error.name, detail=detail))
    if allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _answer_unexpected(_error: Exception) -> Response:
    logger.exception("%s failed", facts().request_id)
    return _answer(
        Problem.of(
            ApiError("Something went wrong here, not with your request. Its id helps the owner to find out what.")
        )
    )


def _size_limits() -> str:
    limit = (request.max_content_length or 0) / 1e6
    return (
        f"At most {limit:g} MB in {MAX_FORM_PARTS} parts are accepted, with {MAX_FIELDS_BYTES:,} bytes in the fields"
        " beside the file. Make the file smaller."
    )
