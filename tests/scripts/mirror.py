"""A small web server on this machine that misbehaves the way mirrors do."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any
from urllib.parse import unquote

CONTENT = Random(7).randbytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HALF = len(CONTENT) // 2
WEB_PAGE = b"<!DOCTYPE html>\n<html><body>Moved</body></html>"


@dataclass(frozen=True)
class Request:
    path: str
    range: str | None


def to_toml(value: Any) -> str:
    """Return a value as TOML has it on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {to_toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(to_toml(inner) for inner in value) + "]"
    return json.dumps(value)


def catalogue_text(models: Mapping[str, dict[str, Any]]) -> str:
    """Return a catalogue with these models."""
    return "# a comment\n\n" + "".join(f"{json.dumps(name)} = {to_toml(model)}\n" for name, model in models.items())


def weights_file(name: str, *sources: Any) -> dict[str, Any]:
    """Return what a catalogue says of a file with CONTENT."""
    return {"name": name, "bytes": len(CONTENT), "sha256": SHA256, "sources": list(sources)}


def altered(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


class Mirror(ThreadingHTTPServer):
    """Answers by the first part of the path: /good/NAME, /short/NAME, ... (see `Handler`)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[Request] = []
        self.files: dict[str, bytes] = {}

    def url(self, behaviour: str, name: str = "model.weights") -> str:
        return f"http://127.0.0.1:{self.server_port}/{behaviour}/{name}"

    def content(self, name: str) -> bytes:
        return self.files.get(name, CONTENT)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Mirror

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        pass

    def do_GET(self) -> None:
        self.server.requests.append(Request(self.path, self.headers["Range"]))
        _, behaviour, *_, name = unquote(self.path).split("/")
        content = self.server.content(name)
        if behaviour == "missing":
            self.send_error(404)
            return
        body = {
            "short": content[:-1],
            "long": content + b"x",
            "altered": altered(content),
            "html": WEB_PAGE,
        }.get(behaviour, content)
        start = 0
        if self.headers["Range"] and behaviour not in ("norange", "norange-interrupted", "html"):
            start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        end = len(body)
        if behaviour.endswith("interrupted"):
            end, self.close_connection = len(body) // 2, True
        self.wfile.write(body[start:end])


@contextmanager
def running_mirror() -> Iterator[Mirror]:
    with Mirror() as mirror:
        thread = threading.Thread(target=mirror.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield mirror
        finally:
            mirror.shutdown()
            thread.join()


def closed_url() -> str:
    """Return a URL of a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/model.weights"


class SilentHost:
    """A host that accepts connections and then never says a word."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/model.weights"

    def count_connections(self) -> int:
        """Return how often it was asked since it was counted last."""
        self._listener.setblocking(False)
        count = 0
        while True:
            try:
                self._listener.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1


@contextmanager
def silent_host() -> Iterator[SilentHost]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield SilentHost(listener)


@contextmanager
def silent_url() -> Iterator[str]:
    """Yield a URL of a silent host."""
    with silent_host() as host:
        yield host.url
