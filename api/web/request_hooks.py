"""The HTTP edge, the same for every route: who may ask, request ids, errors as problem+json, headers, the log line."""

import json
import logging
import re
import time
import uuid
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, Response, g, request
from flask_cors import CORS
from werkzeug.exceptions import HTTPException

from api.errors import ApiError, OriginNotAllowed, TooLarge, problem
from api.settings import Settings
from api.web.access_log import describe_answer

logger = logging.getLogger(__name__)

REQUEST_ID = "X-Request-ID"
EXPOSED_HEADERS = ["Retry-After", REQUEST_ID]  # what a page of another origin may read
MAX_FORM_PARTS = 20
MAX_FIELDS_BYTES = 200_000  # Werkzeug reads in pieces of 64 KB, and counts a whole piece against this
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class InMemoryRequest(Request):
    """A request whose uploads stay in memory: nothing of a visitor is ever written to disk."""

    def _get_file_stream(self, *_args: object, **_kwargs: object) -> IO[bytes]:
        return BytesIO()


def install_edge(app: Flask, settings: Settings) -> None:
    """Put the edge around all routes of `app`."""
    app.request_class = InMemoryRequest
    app.url_map.merge_slashes = False  # it would answer with a redirect, which no client of an API follows with a body
    app.config["MAX_CONTENT_LENGTH"] = int(settings.max_upload_mb * 1e6)
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FIELDS_BYTES
    app.config["MAX_FORM_PARTS"] = MAX_FORM_PARTS
    app.json.sort_keys = False  # type: ignore[attr-defined]
    CORS(
        app,
        origins=_cors_origins(settings.allowed_origins),
        methods=["GET", "HEAD", "POST", "OPTIONS"],
        expose_headers=EXPOSED_HEADERS,
        max_age=86_400,
    )
    app.before_request(_begin)
    app.before_request(lambda: _require_allowed_origin(settings.allowed_origins))
    app.after_request(_finish)
    app.register_error_handler(ApiError, _answer_api_error)
    app.register_error_handler(OriginNotAllowed, _answer_foreign_page)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_unexpected)


def _cors_origins(allowed: tuple[str, ...]) -> str | list[re.Pattern[str]]:
    """Return origins that stand for themselves: flask-cors would take the brackets of an IPv6 one for a pattern."""
    if "*" in allowed:
        return "*"
    return [re.compile(re.escape(origin) + r"\Z", re.IGNORECASE) for origin in allowed]


def _begin() -> None:
    g.request_id = choose_request_id(request.headers.get(REQUEST_ID, ""))
    g.started = time.monotonic()


def choose_request_id(given: str) -> str:
    """Return the caller's id for its request where that is one, else a new one."""
    return given if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given) else uuid.uuid4().hex


def is_allowed_origin(origin: str | None, host: str, allowed: tuple[str, ...]) -> bool:
    """Tell whether a page of `origin` may use the server that it calls `host`; None is no page."""
    if origin is None or "*" in allowed or origin.lower() in {known.lower() for known in allowed}:
        return True
    return bool(host) and origin.lower().partition("://")[2] == host.lower()  # the page served from here


def _require_allowed_origin(allowed: tuple[str, ...]) -> None:
    """Refuse pages of other sites before any work: the browser asks no permission before it sends a form."""
    if is_allowed_origin(request.headers.get("Origin"), request.host, allowed):
        return
    raise OriginNotAllowed(
        "Pages of this origin may not use this server; its owner can add the origin to PAGESIGHT_ALLOWED_ORIGINS."
    )


def _finish(response: Response) -> Response:
    response.headers[REQUEST_ID] = g.request_id
    response.headers.update(SECURITY_HEADERS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    _log(response)
    return response


def _log(response: Response) -> None:
    # Health checks come every few seconds; nobody wants to read of those that went well.
    well = request.method in ("GET", "HEAD") and response.status_code < 400
    logger.log(
        logging.DEBUG if well else logging.INFO,
        describe_answer(
            request.environ,
            request_id=g.request_id,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            seconds=time.monotonic() - g.started,
            bytes_out=response.content_length,
            problem=g.get("problem_kind"),
        ),
    )


def _answer_api_error(error: ApiError) -> Response:
    response = _problem_response(error.status, error.kind, error.title, error.detail)
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _answer_foreign_page(error: OriginNotAllowed) -> Response:
    """Refuse so that the page can say why: the words are the same for everybody, and nobody's cookies are ever read."""
    response = _answer_api_error(error)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = REQUEST_ID
    return response


def _answer_http_exception(error: HTTPException) -> Response:
    """Answer what Flask and Werkzeug refuse themselves: unknown paths, wrong methods, oversized or broken bodies."""
    status = error.code or 500
    if status == TooLarge.status:
        return _answer_api_error(TooLarge(_size_limits()))
    details = {
        400: "The request is malformed; send multipart/form-data with an image in a field named `file`.",
        404: "There is nothing at this address; POST an image to `/`, or GET `/status_check`.",
        405: f"{request.method} is not for this address; allowed: {', '.join(sorted(_allowed_methods(error)))}.",
    }
    kind = error.name.lower().replace(" ", "-")
    response = _problem_response(status, kind, error.name, details.get(status, "The request could not be answered."))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _answer_unexpected(_error: Exception) -> Response:
    logger.exception("%s failed", g.request_id)
    detail = "Something went wrong here, not with your request. Its id helps the owner to find out what."
    return _problem_response(ApiError.status, ApiError.kind, ApiError.title, detail)


def _size_limits() -> str:
    limit = (request.max_content_length or 0) / 1e6
    return (
        f"At most {limit:g} MB in {MAX_FORM_PARTS} parts are accepted, with {MAX_FIELDS_BYTES:,} bytes in the fields"
        " beside the image. Make the image smaller."
    )


def _allowed_methods(error: HTTPException) -> list[str]:
    return list(getattr(error, "valid_methods", None) or [])


def _problem_response(status: int, kind: str, title: str, detail: str) -> Response:
    g.problem_kind = kind
    body: dict[str, Any] = problem(status=status, kind=kind, title=title, detail=detail, request_id=g.request_id)
    return Response(json.dumps(body), status=status, mimetype="application/problem+json")
