"""What a server that ends does with a connection that it accepted and that has sent nothing yet."""

import socket
from http.client import HTTPConnection

from harness.gunicorn_server import GunicornServer
from harness.life.deployment import wait_until
from harness.raw_http.cases import get
from harness.raw_http.exchange import HOST


def test_connection_accepted_before_the_end_may_still_send_its_request() -> None:
    server = GunicornServer()
    try:
        server.start()
        with socket.create_connection((HOST, server.port), 30) as connection:
            visitor = HTTPConnection(HOST, server.port, timeout=30)
            assert asks_on(visitor) == 200  # it came later, so the silent one is accepted too
            server.terminate()
            wait_until(lambda: asks_on(visitor) == 503)
            visitor.close()
            connection.sendall(get("/status_check").encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        assert server.stop() == 0
    finally:
        server.close()


def asks_on(visitor: HTTPConnection) -> int:
    visitor.request("GET", "/readyz")
    with visitor.getresponse() as answer:
        answer.read()
    return answer.status
