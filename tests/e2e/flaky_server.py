"""A server that serves the built page, turns every third photograph away, and can be gone for a while."""

import functools
import http.server
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.answers import make_answer, make_detections
from tests.e2e.hostile_server import Handler, HostileServer

REFUSED_EVERY = 3
FILE_NAME = re.compile(rb'filename="([^"]+)"')


class FlakyServer:
    """`url` stays the same while it is gone."""

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        self.answered: list[str] = []  # the photographs' names
        self.refused = 0
        self.asked = 0
        self._port = 0
        self._server: http.server.ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        handler = functools.partial(FlakyHandler, flaky=self)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self._port), handler)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None


class FlakyHandler(Handler):
    def __init__(self, *request: object, flaky: FlakyServer) -> None:
        self._flaky = flaky
        super().__init__(*request, told=HostileServer(), status=200, body=b"", headers={})

    def do_POST(self) -> None:  # noqa: N802, http.server calls it so
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._flaky.asked += 1
        if self._flaky.asked % REFUSED_EVERY == 0:
            self._flaky.refused += 1
            problem = {"type": "urn:pagesight:problem:busy", "status": 503, "detail": "Full."}
            self._send(503, json.dumps(problem).encode(), {"Retry-After": str(self._flaky.retry_after_s)})
            return
        name = FILE_NAME.search(body)
        assert name
        self._flaky.answered.append(name[1].decode())
        self._send(200, json.dumps(make_answer(detections=make_detections(1))).encode(), {})


@contextmanager
def flaky_server(retry_after_s: int = 0) -> Iterator[FlakyServer]:
    server = FlakyServer(retry_after_s)
    server.start()
    try:
        yield server
    finally:
        server.stop()
