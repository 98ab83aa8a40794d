"""Sends requests by httpx, for both clients. It may be shared by threads."""

import contextlib
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx

from pagesight.calls import Call
from pagesight.proof import HEADER, prove

CONNECT_S = 10.0
ANSWER_S = 120.0  # the server gives up a photograph before
KEPT_S = 2.0  # the server closes an idle connection after 5 s: one that is about to be closed is not used again


class Sender:
    """Connections to one server. Raises ValueError for an address or a key that is none."""

    def __init__(self, url: str, key: str | None) -> None:
        address = httpx.URL(url)
        if address.scheme not in ("http", "https") or not address.host:
            raise ValueError(f"{url!r} is no address of a server; one is like https://detector.example.org.")
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise ValueError("The key is none: it has blanks, line ends or letters that are not in a key.")
        headers = {"Accept": "application/json", "User-Agent": f"pagesight-python/{_version()}"}
        self._http = httpx.Client(
            base_url=address,
            headers=headers | ({"Authorization": f"Bearer {key}"} if key else {}),
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=None, keepalive_expiry=KEPT_S),
        )

    def send(self, call: Call) -> httpx.Response | httpx.TransportError:
        """Send a call; return its answer, or what kept it from being answered. Raises OSError for a file.

        If the server asks for a proof of work, it is sent once more, with the proof.
        """
        reply = self._send(call, {})
        proof = prove(reply) if isinstance(reply, httpx.Response) else None
        return self._send(call, {HEADER: proof}) if proof else reply

    def _send(self, call: Call, headers: dict[str, str]) -> httpx.Response | httpx.TransportError:
        with contextlib.ExitStack() as opened:
            content = call.open() if call.file is not None else None
            if content is not None and not isinstance(content, bytes):
                opened.enter_context(content)
            files = None if content is None else {"file": (call.file_name, content, "application/octet-stream")}
            parts: dict[str, Any] = {"data": call.fields or None, "params": call.query or None, "files": files}
            request = self._http.build_request(call.method, call.path, headers=headers, **parts)
            if isinstance(content, bytes):
                request.read()  # one piece: each that httpx sends alone costs as much as a small photograph
            try:
                return self._http.send(request)
            except httpx.TransportError as error:
                return error

    def close(self) -> None:
        """Close all connections."""
        self._http.close()


def _version() -> str:
    try:
        return version("pagesight")
    except PackageNotFoundError:  # run from its folder
        return "0"
