"""A server that serves the built page as it should and answers photographs as a test wants it to."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.gunicorn_server import PROJECT

ONLINE = {
    "status": "online",
    "message": "GET request received",
    "model": "hostile",
    "classes": 1,
    "version": "0",
    "uptime_s": 1.0,
}
GATE_LIMIT_S = 60


@dataclass(slots=True)
class HostileServer:
    url: str = ""
    asked: list[str] = field(default_factory=list)  # "POST /"
    queue: dict[str, int] = field(default_factory=lambda: {"running": 0, "waiting": 0, "capacity": 8})
    gate: threading.Event = field(default_factory=threading.Event)  # photographs are answered while it is set
    folder: Path = PROJECT / "site" / "dist"  # of the built page


class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *request: Any, told: HostileServer, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.told, self.answer = told, (status, body, headers)
        super().__init__(*request, directory=str(told.folder))

    def do_GET(self) -> None:
        self.told.asked.append(f"GET {self.path}")
        if self.path == "/status_check":
            self._send(200, json.dumps(ONLINE | {"queue": self.told.queue}).encode(), {})
        elif self.path == "/v1/models":
            self._send(200, json.dumps({"models": []}).encode(), {})
        elif self.path.startswith("/v1/labels"):
            self._send(200, json.dumps({"model": "hostile", "labels": ["dog"]}).encode(), {})
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self.told.asked.append(f"POST {self.path}")
        self.rfile.read(int(self.headers["Content-Length"]))
        self.told.gate.wait(GATE_LIMIT_S)
        self._send(*self.answer)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # the page may have heard enough
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hostile_server(status: int, body: bytes, **headers: str) -> Iterator[HostileServer]:
    """Run a server that answers every photograph so."""
    told = HostileServer()
    told.gate.set()
    handler = functools.partial(Handler, told=told, status=status, body=body, headers=headers)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield told
        finally:
            told.gate.set()
            server.shutdown()
            thread.join()
