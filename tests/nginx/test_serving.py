"""The API through nginx as deploy/nginx/ sets it up: what is asked arrives, what is answered comes back as it was."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.gunicorn_server import ALLOWED_ORIGIN, COMMAND, ENVIRONMENT, PROJECT, START_LIMIT_S, GunicornServer
from harness.nginx_server import NginxServer, running_nginx
from harness.waiting import wait_until

ORIGIN = {"Origin": ALLOWED_ORIGIN}
STRIP = 20  # photographs at once


@pytest.fixture(scope="module")
def visited(server: GunicornServer) -> Iterator[NginxServer]:
    """An nginx whose limits no other test has used up."""
    with running_nginx(server.host) as started:
        yield started


@contextmanager
def gunicorn_on_a_socket() -> Iterator[Path]:
    """Give the path of a UNIX socket on which gunicorn is about to answer."""
    environment = {**os.environ, **ENVIRONMENT}
    with tempfile.TemporaryDirectory(prefix="pagesight-") as folder:  # such a path has room for 107 letters
        path = Path(folder) / "gunicorn.sock"
        command = [*COMMAND, "--bind", f"unix:{path}"]
        server = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL)
        try:
            yield path
        finally:
            server.terminate()
            server.wait()


def test_photograph_is_answered(nginx: NginxServer, dog: bytes):
    answer = nginx.client.detect(dog, headers=ORIGIN)
    assert answer.status == 200
    assert "dog" in {found["label"] for found in answer.json["detections"]}
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [ALLOWED_ORIGIN]
    assert answer.headers.get_all("X-Request-ID") == [answer.json["request_id"]]


@pytest.mark.parametrize("path", ["/status_check", "/nothing-here", "/openapi.json", "/v1/detect"])
def test_no_header_is_there_twice(nginx: NginxServer, path: str):
    headers = nginx.client.get(path, ORIGIN).headers
    assert sorted(set(headers.keys())) == sorted(headers.keys())


def test_error_of_the_api_keeps_its_own_words(nginx: NginxServer):
    answer = nginx.client.detect(b"no picture", headers=ORIGIN)
    assert (answer.status, answer.json["type"]) == (415, "urn:pagesight:problem:unsupported-image")
    answer = nginx.client.detect(b"x" * 10_500_000, headers=ORIGIN)
    assert (answer.status, answer.json["type"]) == (413, "urn:pagesight:problem:too-large")
    assert "parts" in answer.json["detail"]  # nginx has other words for it


def test_page_of_another_site_learns_why_it_is_refused(nginx: NginxServer):
    answer = nginx.client.get("/status_check", {"Origin": "https://evil.example"})
    assert (answer.status, answer.headers.get_all("Access-Control-Allow-Origin")) == (403, ["*"])


@pytest.mark.parametrize(("given", "kept"), [("my-id.1", True), ("x" * 64, True), ("x" * 65, False), ("a b", False)])
def test_request_id_is_kept_where_it_is_one(nginx: NginxServer, given: str, kept: bool):
    answered = nginx.client.get("/readyz", {"X-Request-ID": given}).headers["X-Request-ID"]
    assert answered == given if kept else re.fullmatch("[0-9a-f]{32}", answered)


@pytest.mark.parametrize(
    ("name", "media_type"), [("sw.js", "text/javascript"), ("manifest.webmanifest", "application/manifest+json")]
)
def test_what_tells_of_a_new_page_is_asked_for_again(nginx: NginxServer, name: str, media_type: str):
    headers = nginx.client.get(f"/{name}").headers
    assert headers["Content-Type"].partition(";")[0] == media_type
    assert headers["Cache-Control"] == "no-cache"


def test_browser_that_keeps_the_page_is_never_refused(server: GunicornServer):
    with running_nginx(server.host) as unvisited:
        for name in unvisited.client.get("/version.json").json["ahead"]:
            assert unvisited.client.get(f"/{name}").status == 200


def test_visitor_who_loads_the_page_and_sends_a_strip_is_never_refused(visited: NginxServer, dog: bytes):
    for _ in range(12):
        assert visited.client.get("/openapi.json").status == 200
    for _ in range(STRIP):
        assert visited.client.get("/status_check").status == 200
        assert visited.client.detect(dog, annotate="false").status == 200


def test_api_on_a_unix_socket():
    with gunicorn_on_a_socket() as path, running_nginx(f"unix:{path}") as nginx:
        wait_until(lambda: nginx.client.get("/status_check").status != 502, limit_s=START_LIMIT_S)
        answer = nginx.client.get("/status_check", ORIGIN)
    assert answer.status == 200
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [ALLOWED_ORIGIN]
