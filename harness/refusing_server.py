"""The product's application behind one that refuses every tenth image as a busy server does: for gunicorn."""

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from api.errors import Busy
from api.server import process
from api.web.problem import Problem, render

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EVERY = 10


def serve() -> "WSGIApplication":
    """Return the application of a worker."""
    inside = process.serve()
    count = itertools.count(1)

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or next(count) % EVERY:
            return inside(environ, start_response)
        headers, body = render(Problem.of(Busy("This is a tenth image.", retry_after_s=1)), "refused")
        start_response("503 Service Unavailable", list(headers.items()))
        return [body]

    return application
