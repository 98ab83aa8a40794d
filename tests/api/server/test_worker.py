"""api/server/worker.py: malformed HTTP is answered as every mistake is, and slow senders hold no thread for long."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from api.server.worker import NOTIFY_EVERY_S, PatientReader, Worker
from harness.gunicorn_server import GunicornServer
from harness.raw_http.exchange import HOST, exchange

THREADS = 26  # of a server with the defaults


@pytest.fixture
def connection() -> Iterator[tuple[socket.socket, socket.socket]]:
    with ExitStack() as stack:
        ours, theirs = socket.socketpair()
        yield stack.enter_context(ours), stack.enter_context(theirs)


def test_master_hears_once_a_second_that_the_worker_lives(monkeypatch: pytest.MonkeyPatch):
    told: list[float] = []
    now_s = 1_000.0
    monkeypatch.setattr("api.server.worker.ThreadWorker.notify", lambda _worker: told.append(now_s))
    monkeypatch.setattr("api.server.worker.time.monotonic", lambda: now_s)
    worker = object.__new__(Worker)
    for passed_s in (0, 0.1 * NOTIFY_EVERY_S, 0.8 * NOTIFY_EVERY_S, 0.2 * NOTIFY_EVERY_S):
        now_s += passed_s
        worker.notify()
    assert told == [1_000.0, now_s]


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


def test_slow_senders_do_not_stop_the_server(server: GunicornServer):
    with ExitStack() as stack:
        for beginning in (b"", b"GET /rea"):
            for _ in range(THREADS):
                connection = stack.enter_context(socket.create_connection((HOST, server.port)))
                connection.sendall(beginning)
        assert server.client.get("/status_check").status == 200


def test_stalled_upload_is_refused_without_waiting_for_the_rest(server: GunicornServer):
    with socket.create_connection((HOST, server.port), 60) as connection:
        connection.sendall(f"PUT / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000000\r\n\r\nabc".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 405 ")


def test_reader_returns_what_arrives(connection: tuple[socket.socket, socket.socket]):
    ours, theirs = connection
    reader = PatientReader(ours)
    reader.wait_at_most(60)
    theirs.sendall(b"abc")
    assert reader.read() == b"abc"
    assert not reader.gave_up


def test_reader_gives_up_on_a_silent_sender(connection: tuple[socket.socket, socket.socket]):
    reader = PatientReader(connection[0])
    reader.wait_at_most(0.05)
    assert reader.read() == b""
    assert reader.gave_up


def test_reader_gives_up_on_a_sender_of_one_byte_at_a_time(connection: tuple[socket.socket, socket.socket]):
    ours, theirs = connection
    reader = PatientReader(ours)
    reader.wait_at_most(0.2)
    deadline = time.monotonic() + 60
    while not reader.gave_up:
        assert time.monotonic() < deadline
        theirs.sendall(b"a")
        reader.read()
