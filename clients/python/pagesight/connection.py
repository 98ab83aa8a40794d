"""How both clients are set up."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx

CONNECT_S = 10.0
ANSWER_S = 120.0  # the server gives up a photograph before
KEPT_S = 2.0  # the server closes an idle connection after 5 s: one that is about to be closed is not used again


def http_settings(url: str, key: str | None) -> dict[str, Any]:
    """Return arguments for httpx. Raises ValueError."""
    address = httpx.URL(url)
    if address.scheme not in ("http", "https") or not address.host:
        raise ValueError(f"{url!r} is no address of a server; one is like https://detector.example.org.")
    headers = {"Accept": "application/json", "User-Agent": f"pagesight-python/{_version()}"}
    return {
        "base_url": address,
        "headers": headers | ({"Authorization": f"Bearer {key}"} if key else {}),
        "timeout": httpx.Timeout(ANSWER_S, connect=CONNECT_S),
        "limits": httpx.Limits(max_connections=None, keepalive_expiry=KEPT_S),
    }


def request_parts(fields: Mapping[str, str], query: Mapping[str, str], name: str, content: Any) -> dict[str, Any]:
    """Return the arguments of httpx for a call; `content` is None if it has no file."""
    files = None if content is None else {"file": (name, content, "application/octet-stream")}
    return {"data": fields or None, "params": query or None, "files": files}


def _version() -> str:
    try:
        return version("pagesight")
    except PackageNotFoundError:  # run from its folder
        return "0"
