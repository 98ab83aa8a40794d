"""What a client prefers (RFC 7240): an answer now, or a job."""

from collections.abc import Mapping
from typing import Any

LATER = "respond-async"


def wants_job(environ: Mapping[str, Any]) -> bool:
    """Return whether the client would rather have a job than wait."""
    wishes = environ.get("HTTP_PREFER", "").split(",")
    return any(wish.partition(";")[0].strip().lower() == LATER for wish in wishes)
