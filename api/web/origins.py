"""Which pages may use this server, and the CORS headers that let them read its answers."""

import re

from flask import Flask
from flask_cors import CORS

from api.errors import OriginNotAllowed
from api.web.headers import REQUEST_ID

EXPOSED_HEADERS = ["Retry-After", REQUEST_ID]  # what a page of another origin may read
# For answers that are the same for everybody: no cookie is ever read, and the page can show what is wrong.
FOR_ANY_PAGE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(EXPOSED_HEADERS),
}


def install_cors(app: Flask, allowed: tuple[str, ...]) -> None:
    """Let pages of the allowed origins read the answers of `app`."""
    CORS(
        app,
        origins=_as_patterns(allowed),
        methods=["GET", "HEAD", "POST", "DELETE", "OPTIONS"],
        expose_headers=EXPOSED_HEADERS,
        max_age=86_400,
    )


def is_allowed_origin(origin: str | None, host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a page of `origin` may use the server that it calls `host`; None: not a page."""
    if origin is None or "*" in allowed or origin.lower() in {known.lower() for known in allowed}:
        return True
    return bool(host) and origin.lower().partition("://")[2] == host.lower()  # the page served from here


def require_allowed_origin(origin: str | None, host: str, allowed: tuple[str, ...]) -> None:
    """Raise OriginNotAllowed; before any work, because a browser sends a form without asking for permission."""
    if not is_allowed_origin(origin, host, allowed):
        raise OriginNotAllowed(
            "Pages of this origin may not use this server; its owner can add the origin to PAGESIGHT_ALLOWED_ORIGINS."
        )


def cors_headers(origin: str | None, allowed: tuple[str, ...]) -> dict[str, str]:
    """Return what flask-cors adds to an answer to an allowed page, for answers outside Flask."""
    if origin is None and "*" not in allowed:
        return {}
    varies = {} if origin is None else {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
    return FOR_ANY_PAGE | varies


def _as_patterns(allowed: tuple[str, ...]) -> str | list[re.Pattern[str]]:
    """Return the origins escaped: flask-cors would take the brackets of an IPv6 address for a pattern."""
    if "*" in allowed:
        return "*"
    return [re.compile(re.escape(origin) + r"\Z", re.IGNORECASE) for origin in allowed]
