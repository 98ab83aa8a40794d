"""The page served on this machine, until Ctrl+C."""

import secrets
import webbrowser
from collections.abc import Callable

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

HOST = "127.0.0.1"

Create = Callable[[str], Flask]  # a token -> the application that answers to it


class QuietHandler(WSGIRequestHandler):
    """Says nothing of requests, whose addresses hold the token. Keeps connections: there are many small pictures."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_args: object) -> None:
        """Say nothing."""


def serve(create: Create, port: int, *, announce: Callable[[str], None], is_opened: bool) -> None:
    """Serve the application that `create` makes for a token, until the program is interrupted.

    A port that another program has ends this one, in words. `announce` is told the address, and a browser is opened
    there if `is_opened`.
    """
    token = secrets.token_urlsafe(24)
    server = make_server(HOST, port, create(token), threaded=True, request_handler=QuietHandler)
    address = f"http://{HOST}:{server.server_port}/{token}/"
    announce(address)
    if is_opened:
        webbrowser.open(address)
    try:
        server.serve_forever()
    finally:  # the server itself takes Ctrl+C for its end
        server.server_close()
