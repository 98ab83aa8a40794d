"""How both clients are set up."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO

import httpx

from pagesight.calls import Call

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


def build_request(
    http: httpx.Client | httpx.AsyncClient, call: Call, content: bytes | BinaryIO | None
) -> httpx.Request:
    """Return the request of a call, whose file has this content."""
    files = None if content is None else {"file": (call.file_name, content, "application/octet-stream")}
    request = http.build_request(
        call.method, call.path, data=call.fields or None, params=call.query or None, files=files
    )
    if isinstance(content, bytes):
        request.read()  # one piece: each piece that httpx sends alone costs as much as a small photograph
    return request


def _version() -> str:
    try:
        return version("pagesight")
    except PackageNotFoundError:  # run from its folder
        return "0"
