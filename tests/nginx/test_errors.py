"""nginx's own errors: each is the API's kind of error, and a page of an allowed site can read it."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer
from harness.http_client import Answer
from harness.nginx_server import NginxServer, free_ports, running_nginx

ORIGIN = {"Origin": ALLOWED_ORIGIN}
BURST = 250  # more than one visitor may ask at once


@pytest.fixture(scope="module")
def deserted() -> Iterator[NginxServer]:
    """An nginx in front of nobody."""
    (port,) = free_ports(1)
    with running_nginx(f"127.0.0.1:{port}") as started:
        yield started


@contextmanager
def silent_server() -> Iterator[str]:
    """Give the address of a server that takes requests and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def assert_problem(answer: Answer, status: int, kind: str, *, origin: str | None = ALLOWED_ORIGIN) -> None:
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert set(answer.json) == {"type", "title", "status", "detail", "request_id"}
    assert (answer.json["type"], answer.json["status"]) == (f"urn:pagesight:problem:{kind}", status)
    assert answer.headers.get_all("X-Request-ID") == [answer.json["request_id"]]
    assert answer.headers.get_all("Access-Control-Allow-Origin") == ([origin] if origin else None)
    assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
    assert answer.headers["Vary"] == "Origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "nginx/" not in answer.headers["Server"]
    names = [name.lower() for name in answer.headers]
    assert sorted(set(names)) == sorted(names)


def test_server_that_does_not_run(deserted: NginxServer, dog: bytes):
    answer = deserted.client.detect(dog, headers={**ORIGIN, "X-Request-ID": "id-1"})
    assert_problem(answer, 502, "not-running")
    assert answer.headers["Retry-After"] == "5"
    assert answer.json["request_id"] == "id-1"


def test_server_that_does_not_answer(dog: bytes):
    with silent_server() as upstream, running_nginx(upstream, PATIENCE_S="1") as nginx:
        assert_problem(nginx.client.detect(dog, headers=ORIGIN), 504, "timed-out")


def test_server_that_has_no_certificate_yet(server: GunicornServer):
    with running_nginx(server.host, TLS="challenge") as nginx:
        answer = nginx.client.get("/status_check", ORIGIN)
        assert_problem(answer, 503, "busy")
        assert answer.headers["Retry-After"] == "5"


def test_body_that_is_far_too_large(deserted: NginxServer):
    answer = deserted.client.detect(b"x" * 20_000_000, headers=ORIGIN)
    assert_problem(answer, 413, "too-large")
    assert "10 MB" in answer.json["detail"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "kind"),
    [
        ("GET", "/%zz", {}, 400, "bad-request"),
        ("TRACE", "/", {}, 405, "method-not-allowed"),
        ("GET", "/" + "a" * 40_000, {}, 414, "uri-too-long"),
        ("GET", "/", {"Host": "evil.example"}, 421, "misdirected-request"),
        ("GET", "/", {"A": "b" * 40_000}, 431, "header-too-large"),
        ("POST", "/", {"Transfer-Encoding": "cow"}, 501, "not-implemented"),
    ],
)
def test_request_that_nginx_refuses(
    deserted: NginxServer, method: str, path: str, headers: dict[str, str], status: int, kind: str
):
    answer = deserted.client.request(method, path, headers={**ORIGIN, **headers})
    # What is too long to be read to its end has no Origin that could be told.
    origin = None if status in (400, 414) else ALLOWED_ORIGIN
    assert_problem(answer, status, kind, origin=origin)


def test_version_that_is_not_spoken(deserted: NginxServer):
    with socket.create_connection(("127.0.0.1", deserted.port), 60) as connection:
        connection.sendall(b"GET / HTTP/3.0\r\n\r\n")
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert_problem(
            Answer(response.status, response.headers, response.read()), 505, "version-not-supported", origin=None
        )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_visitor_who_asks_too_often(deserted: NginxServer, method: str):
    answers = [deserted.client.request(method, "/status_check", headers=ORIGIN) for _ in range(BURST)]
    assert {answer.status for answer in answers} == {502, 429}
    refused = next(answer for answer in answers if answer.status == 429)
    assert_problem(refused, 429, "too-often")
    assert refused.headers["Retry-After"] == "1"


def test_pages_of_other_sites_cannot_read_them(deserted: NginxServer):
    for origin in ("https://evil.example", "https://you.example.evil.example", "null", ""):
        answer = deserted.client.request("TRACE", "/", headers={"Origin": origin})
        assert_problem(answer, 405, "method-not-allowed", origin=None)
    assert_problem(deserted.client.request("TRACE", "/"), 405, "method-not-allowed", origin=None)


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [
        (["https://a.example", "http://[::1]:5000"], "http://[::1]:5000", "http://[::1]:5000"),
        (["https://a.example", "http://[::1]:5000"], "https://a.example", "https://a.example"),
        (["*"], "https://anyone.example", "*"),
        ([], "https://a.example", None),
        ([f"https://{'a' * 60}.{'b' * 60}.example"], f"https://{'a' * 60}.{'b' * 60}.example", "the same"),
    ],
)
def test_allow_list_is_that_of_the_owner(origins: list[str], origin: str, allowed: str | None):
    with running_nginx("127.0.0.1:9", origins=origins) as nginx:
        answer = nginx.client.request("TRACE", "/", headers={"Origin": origin})
        assert_problem(answer, 405, "method-not-allowed", origin=origin if allowed == "the same" else allowed)


def test_address_of_the_errors_themselves_is_none(nginx: NginxServer):
    answer = nginx.client.get("/.problem", ORIGIN)
    assert_problem(answer, 404, "not-found")
