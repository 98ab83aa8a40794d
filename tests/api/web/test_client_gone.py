"""api/web/client_gone.py and what a real server does for a visitor who leaves the queue: nothing."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.web.client_gone import is_connected
from harness.gunicorn_server import GunicornServer, running_server
from harness.http_client import TIMEOUT_S, encode_form
from harness.pictures import encode, make_upright
from harness.waiting import wait_until
from tests.hanging_server import WAITING_WIDTH

GOOD = encode(make_upright(64, 96), "PNG")
WAITING = encode(make_upright(64, WAITING_WIDTH), "PNG")


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
        wait_until(lambda: queue_of(server)["waiting"] == 1)


def test_visitor_who_has_left_the_queue_is_not_computed_for(tmp_path: Path):
    release = tmp_path / "release"
    environment = {"RELEASE": str(release), "PAGESIGHT_SLOTS": "1", "PAGESIGHT_INPUT_SIZE": "64"}
    with (
        running_server(app="tests.hanging_server:serve(60)", **environment) as server,
        ThreadPoolExecutor(1) as senders,
    ):
        staying = senders.submit(server.client.detect, WAITING)
        wait_until(lambda: queue_of(server)["running"] == 1)
        ask_and_leave(server, GOOD, "leaving")
        release.touch()
        assert staying.result(TIMEOUT_S).status == 200
        wait_until(lambda: queue_of(server) == {"running": 0, "waiting": 0, "capacity": 8})
        wait_until(lambda: "sender-gone" in server.log(), server.log)
