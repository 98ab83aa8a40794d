"""The key in a form of DeepStack's, read before the rest of it: clients put fields before the file.

So a wrong key costs no more than one in a header. A form that has its key elsewhere is read whole by the route.
"""

from collections.abc import Callable
from typing import IO, TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Field, File, MultipartDecoder, NeedData

from api.errors import WrongKey
from api.web.keys import Keys
from api.web.problem import DEEPSTACK
from api.web.request_facts import CALLER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FIELD = "api_key"
WRONG_KEY = "Incorrect api key"  # as DeepStack's documentation says
FRONT_BYTES = 4096


class Rejoined:
    """A stream of which the front was read already."""

    def __init__(self, front: bytes, rest: IO[bytes]) -> None:
        self._front = front
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; -1: all."""
        if size < 0:
            data, self._front = self._front + self._rest.read(), b""
        elif self._front:
            data, self._front = self._front[:size], self._front[size:]
        else:
            data = self._rest.read(size)
        return data


def form_key_gate(keys: Keys) -> Callable[["WSGIEnvironment"], None]:
    """Return the gate that looks at such a key. It raises WrongKey and TooOften."""

    def admit(environ: "WSGIEnvironment") -> None:
        if not keys.are_asked_for or CALLER in environ or not environ["PATH_INFO"].startswith(DEEPSTACK):
            return
        given = read_key_in_front(environ)
        if given:
            try:
                keys.admit_form(environ, given)
            except WrongKey as error:
                raise WrongKey(WRONG_KEY) from error

    return admit


def read_key_in_front(environ: "WSGIEnvironment") -> str:
    """Return the key if it stands in the form's first bytes, else nothing; the body can be read as before."""
    kind, options = parse_options_header(environ.get("CONTENT_TYPE"))
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not boundary.isascii() or not environ.get("CONTENT_LENGTH"):
        return ""
    front = environ["wsgi.input"].read(FRONT_BYTES)
    environ["wsgi.input"] = Rejoined(front, environ["wsgi.input"])
    try:
        return _find_key(front, boundary.encode())
    except (ValueError, HTTPException):  # malformed; whoever reads it all says so
        return ""


def _find_key(front: bytes, boundary: bytes) -> str:
    decoder = MultipartDecoder(boundary)
    decoder.receive_data(front)
    name, value = "", b""
    while not isinstance(event := decoder.next_event(), NeedData | File):
        if isinstance(event, Field):
            name, value = event.name, b""
        elif isinstance(event, Data) and name == FIELD:
            value += event.data
            if not event.more_data:
                return value.decode(errors="replace")
    return ""
