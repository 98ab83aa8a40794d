"""api/web/client_gone.py and what a real server does for a visitor who leaves the queue: nothing."""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from api.web.client_gone import is_connected
from harness.gunicorn_server import GunicornServer
from harness.http_client import TIMEOUT_S, encode_form
from tests.conftest import StartServer

POLL_S = 0.01


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(POLL_S)


@pytest.mark.parametrize("timeout_s", [None, 30.0])
def test_connection_is_there_until_the_other_side_ends_it(timeout_s: float | None):
    visitor, server = socket.socketpair()
    with visitor, server:
        server.settimeout(timeout_s)
        began = time.monotonic()
        assert is_connected({"gunicorn.socket": server})
        visitor.send(b"the beginning of another request")
        assert is_connected({"gunicorn.socket": server})
        assert server.recv(100) == b"the beginning of another request"  # nothing was taken away
        visitor.close()
        assert not is_connected({"gunicorn.socket": server})
        assert time.monotonic() - began < 10


def test_request_without_a_socket_is_wanted():
    assert is_connected({})


def queue_of(server: GunicornServer) -> dict[str, int]:
    return server.client.get("/status_check").json["queue"]


def ask_and_leave(server: GunicornServer, image: bytes, name: str) -> None:
    """Send a request, and go away when it waits for its turn."""
    body, headers = encode_form(image, name=name)
    head = "".join(f"{key}: {value}\r\n" for key, value in {**headers, "X-Request-ID": name}.items())
    with socket.create_connection(("127.0.0.1", server.port), TIMEOUT_S) as visitor:
        visitor.sendall(f"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body)
        until(lambda: queue_of(server)["waiting"] == 1)


def test_visitor_who_has_left_the_queue_is_not_computed_for(start_server: StartServer, dog: bytes):
    server = start_server(PAGESIGHT_SLOTS="1", PAGESIGHT_INPUT_SIZE="608", PAGESIGHT_THREADS="1")
    with ThreadPoolExecutor(1) as senders, suppress(AssertionError):
        # The one that works must still be at it when the other leaves; where it is not, the next round tries again.
        for number in range(20):
            staying = senders.submit(server.client.detect, dog)
            until(lambda: queue_of(server)["running"] == 1)
            ask_and_leave(server, dog, f"leaving-{number}")
            assert staying.result(TIMEOUT_S).status == 200
            until(lambda: queue_of(server) == {"running": 0, "waiting": 0, "capacity": 8})
            if "sender-gone" in server.log():
                return
    pytest.fail(server.log()[-3000:])
