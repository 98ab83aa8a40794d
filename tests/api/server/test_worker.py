"""api/server: malformed HTTP is answered as every mistake is, and a refused sender gets to read why."""

import re
import socket
import sys
from pathlib import Path

import pytest
from gunicorn.http.errors import InvalidResponseHeader

from api.server.worker import Worker
from harness.gunicorn_server import GunicornServer
from harness.raw_http.exchange import HOST, exchange


def test_malformed_request_can_be_read_by_a_page(server: GunicornServer):
    (answer,) = exchange(server.port, b"words of somebody\r\n\r\n")
    assert answer.is_problem
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert b"words" not in answer.body


def test_malformed_request_is_logged_in_one_line_without_its_words(server: GunicornServer):
    (answer,) = exchange(server.port, b"GET /secret-path HTTP/1.1\r\nHost: h\r\nsecret words\r\n\r\n")
    (line,) = (line for line in server.log().splitlines() if answer.headers["x-request-id"] in line)
    assert re.search(r"id=[0-9a-f]{32} client=127\.0\.0\.0 status=400 problem=bad-request reason=InvalidHeader$", line)
    assert "secret" not in server.log()
    assert "127.0.0.1 " not in server.log()


def test_stalled_upload_is_refused_without_waiting_for_the_rest(server: GunicornServer):
    with socket.create_connection((HOST, server.port), 60) as connection:
        connection.sendall(f"PUT / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000000\r\n\r\nabc".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 405 ")


def test_refused_sender_may_send_the_rest(server: GunicornServer):
    size = 5_000_000
    head = f"POST /nothing HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
    with socket.create_connection((HOST, server.port), 60) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 404 ")
        connection.sendall(bytes(size))


def test_header_of_the_application_is_no_mistake_of_the_sender():
    visitor, accepted = socket.socketpair()
    with visitor, accepted:
        Worker.__new__(Worker).handle_error(None, accepted, ("127.0.0.1", 1), InvalidResponseHeader("X-Bad"))
        assert visitor.recv(100).startswith(b"HTTP/1.1 500 ")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone lists a process's threads")
def test_master_has_no_other_thread_when_it_forks(server: GunicornServer):
    assert len(list(Path(f"/proc/{server.pid}/task").iterdir())) == 1
