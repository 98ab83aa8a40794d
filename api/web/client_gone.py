"""The connection that a request came over, as gunicorn hands it to an application."""

import select
import socket
from typing import Any


def is_connected(environ: dict[str, Any]) -> bool:
    """Return at once whether the client is still there; nginx ends its connection together with the visitor's.

    A client that half-closes its connection counts as gone, as in nginx.
    """
    connection: socket.socket | None = environ.get("gunicorn.socket")
    if connection is None:
        return True
    readable = select.poll()  # `recv` would wait, whatever its flags: the socket has a time-out
    readable.register(connection, select.POLLIN)
    if not readable.poll(0):
        return True
    try:
        return connection.recv(1, socket.MSG_PEEK) != b""
    except OSError:
        return False
