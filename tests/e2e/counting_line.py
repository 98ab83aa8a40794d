"""A line to a server that counts what has come through it on the way there."""

import bisect
import selectors
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PIECE_BYTES = 4096


class CountingLine(socketserver.ThreadingTCPServer):
    """Knows how many bytes had arrived at the server's end at any moment."""

    daemon_threads = True

    def __init__(self, server_port: int) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.server_port = server_port
        self._times = [0.0]  # in seconds since 1970, and how many bytes there were from then on
        self._bytes = [0]

    def note(self, piece: bytes) -> None:
        self._bytes.append(self._bytes[-1] + len(piece))
        self._times.append(time.time())

    def received(self, at: float) -> int:
        """Return how many bytes had arrived at this moment, in seconds since 1970."""
        return self._bytes[bisect.bisect_right(self._times, at) - 1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Connection(socketserver.BaseRequestHandler):
    server: CountingLine

    def handle(self) -> None:
        address = ("127.0.0.1", self.server.server_port)
        with socket.create_connection(address) as server, selectors.DefaultSelector() as selector:
            selector.register(self.request, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, self.request)
            while all(self._pass_on(key.fileobj, key.data) for key, _ in selector.select()):
                pass

    def _pass_on(self, source: socket.socket, target: socket.socket) -> bool:
        """Pass a piece on; says whether there may be more."""
        try:
            piece = source.recv(PIECE_BYTES)
            target.sendall(piece)
        except OSError:
            return False
        if source is self.request:
            self.server.note(piece)
        return piece != b""


@contextmanager
def counting_line(server_port: int) -> Iterator[CountingLine]:
    """Give a line to a server on this machine; it ends with the block."""
    with CountingLine(server_port) as line:
        thread = threading.Thread(target=line.serve_forever)
        thread.start()
        try:
            yield line
        finally:
            line.shutdown()
            thread.join()
