"""An error as an answer, for Flask and for gunicorn: `application/problem+json` (RFC 9457), or DeepStack's form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.errors import ApiError, NoKey, OriginNotAllowed, ProofAsked, WrongKey
from api.web.headers import REQUEST_ID, SECURITY_HEADERS
from api.web.origins import FOR_ANY_PAGE

DEEPSTACK = "/v1/vision/"  # whose clients know errors in a form of its own
# How to come back after a 401 (RFC 6750 section 3): without a key there is no error to be named.
AUTHENTICATE = {
    NoKey.kind: 'Bearer realm="Pagesight"',
    WrongKey.kind: 'Bearer realm="Pagesight", error="invalid_token"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong. `detail` says what was wrong and what would be right."""

    status: int
    kind: str
    title: str
    detail: str
    retry_after_s: int | None = None
    challenge: Mapping[str, Any] | None = None  # what to work on before asking again (ALTCHA)
    for_any_page: bool = False  # whether pages of all origins may read it

    @classmethod
    def of(cls, error: ApiError) -> "Problem":
        """Return an error of ours as a problem."""
        return cls(
            status=int(error.status),
            kind=error.kind,
            title=error.title,
            detail=error.detail,
            retry_after_s=error.retry_after_s,
            challenge=error.challenge if isinstance(error, ProofAsked) else None,
            for_any_page=isinstance(error, OriginNotAllowed),
        )


def render(problem: Problem, request_id: str, *, path: str = "") -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of the answer to a request of that path."""
    is_deepstack = path.startswith(DEEPSTACK)
    body: dict[str, object] = {
        "type": f"urn:pagesight:problem:{problem.kind}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": request_id,
    }
    if problem.challenge is not None:
        body["challenge"] = problem.challenge
    if is_deepstack:
        body = {"success": False, "error": problem.detail, "duration": 0.0}
    data = json.dumps(body).encode()
    headers = {
        "Content-Type": "application/json" if is_deepstack else "application/problem+json",
        "Content-Length": str(len(data)),
        REQUEST_ID: request_id,
        "Cache-Control": "no-store",
        **SECURITY_HEADERS,
    }
    if problem.retry_after_s is not None:
        headers["Retry-After"] = str(problem.retry_after_s)
    if problem.kind in AUTHENTICATE:
        headers["WWW-Authenticate"] = AUTHENTICATE[problem.kind]
    if problem.for_any_page:
        headers |= FOR_ANY_PAGE
    return headers, data
