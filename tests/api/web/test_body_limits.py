"""What reaches a real server as a body: too much of it, or something that is none. The sender always gets an answer."""

import socket
from collections.abc import Iterator

import pytest

from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer
from harness.http_client import TIMEOUT_S, Answer, encode_form

FORM = "multipart/form-data; boundary=x"
MEGABYTE = b"x" * 1_000_000
HEADERS = {"Origin": ALLOWED_ORIGIN}


def chunks_of_20_mb() -> Iterator[bytes]:
    for _ in range(20):
        yield MEGABYTE


def assert_problem(answer: Answer, status: int, kind: str) -> None:
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert answer.json["type"] == f"urn:pagesight:problem:{kind}"
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN


def exchange(server: GunicornServer, head: str, body: bytes) -> bytes:
    """Send bytes as they are and return what comes back until the other side or the test's patience ends."""
    with socket.create_connection(("127.0.0.1", server.port), TIMEOUT_S) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + body)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    return received


def test_20_mb_get_an_answer_and_no_reset(server: GunicornServer):
    answer = server.client.detect(MEGABYTE * 20, headers=HEADERS)
    assert_problem(answer, 413, "too-large")
    assert "At most 10 MB" in answer.json["detail"]


def test_20_mb_in_chunks_get_an_answer_and_no_reset(server: GunicornServer):
    answer = server.client.request("POST", "/", chunks_of_20_mb(), {"Content-Type": FORM, **HEADERS})
    assert_problem(answer, 413, "too-large")


@pytest.mark.parametrize(
    ("method", "path", "origin", "status"),
    [("POST", "/", "https://evil.example", 403), ("POST", "/nothing-here", "", 404), ("PUT", "/", "", 405)],
)
def test_refusal_of_another_kind_reads_20_mb_too(
    server: GunicornServer, method: str, path: str, origin: str, status: int
):
    answer = server.client.request(method, path, MEGABYTE * 20, {"Origin": origin or ALLOWED_ORIGIN})
    assert (answer.status, answer.content_type) == (status, "application/problem+json")


def test_too_many_parts(server: GunicornServer):
    fields = {f"field{number}": number for number in range(30)}
    assert_problem(server.client.detect(b"x", headers=HEADERS, **fields), 413, "too-large")


def test_too_many_bytes_in_fields(server: GunicornServer):
    assert_problem(server.client.detect(b"x", headers=HEADERS, confidence="0" * 500_000), 413, "too-large")


@pytest.mark.parametrize("path", ["/", "/nothing-here"])
def test_malformed_chunks_are_the_senders_mistake(server: GunicornServer, path: str):
    head = f"POST {path} HTTP/1.1\nHost: h\nContent-Type: {FORM}\nTransfer-Encoding: chunked\nConnection: close\n\n"
    received = exchange(server, head, b"zz\r\nwords\r\n")
    status = b"HTTP/1.1 400 " if path == "/" else b"HTTP/1.1 404 "
    assert received.startswith(status)
    assert b"application/problem+json" in received


def test_sender_that_goes_away_in_the_middle_is_no_failure_of_the_server(server: GunicornServer):
    body, headers = encode_form(MEGABYTE)
    head = f"POST / HTTP/1.1\nHost: h\nContent-Type: {headers['Content-Type']}\nContent-Length: {len(body)}\n\n"
    received = exchange(server, head, body[:1000])
    assert received.startswith(b"HTTP/1.1 400 ")
    assert server.client.get("/readyz").status == 200


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "application/json", "image/jpeg", "", "garbage;;;"],
)
def test_other_bodies_are_told_what_is_read(server: GunicornServer, content_type: str):
    headers = {**HEADERS, "Content-Type": content_type}
    assert_problem(server.client.request("POST", "/", b'{"file": 1}', headers), 400, "bad-request")
