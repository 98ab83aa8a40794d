"""Who asks for work: a program with a key, or a page, which needs none.

A key comes as `Authorization: Bearer KEY` (RFC 6750) or as `X-API-Key: KEY`. Whoever sends one is judged by it. Whoever
sends none must be a page, which comes with an `Origin`; origins.py says which may. Only POST makes work: GET needs no
key, and a job's id is the key to the job.
"""

from hmac import compare_digest
from math import ceil
from typing import TYPE_CHECKING

from api.api_key import ApiKey, hash_key
from api.errors import NoKey, TooOften, WrongKey
from api.web.problem import DEEPSTACK
from api.web.rates import Rates
from api.web.request_facts import CALLER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

BEARER = "bearer"  # schemes are compared without case (RFC 9110 section 11.1)
HOW = "Send it as `Authorization: Bearer KEY` or as `X-API-Key: KEY`; the server's owner gives keys out."


class Keys:
    """The keys of a server. Without any, nobody is asked for one, and a header that looks like one is left alone."""

    def __init__(self, keys: tuple[ApiKey, ...]) -> None:
        self._keys = keys
        self._rates = {key.name: Rates(key.per_minute) for key in keys if key.per_minute}

    @property
    def are_asked_for(self) -> bool:
        """Whether there are any."""
        return bool(self._keys)

    def name_of(self, given: str) -> str | None:
        """Return whose key it is; None: nobody's. How long it takes says nothing of how near it was."""
        digest = hash_key(given)
        names = [key.name for key in self._keys if compare_digest(key.digest, digest)]
        return names[0] if names else None

    def admit(self, environ: "WSGIEnvironment") -> None:
        """Let a POST in and note whose key it came with, if with any. Raises NoKey, WrongKey, TooOften."""
        given = _key_in_header(environ)
        if given:
            self._admit(environ, given)
        elif not environ["PATH_INFO"].startswith(DEEPSTACK):  # whose clients send the key in the form
            self._require_page(environ)

    def admit_form(self, environ: "WSGIEnvironment", given: str) -> None:
        """Do the same with a key from the form, unless the header had one. Raises NoKey, WrongKey, TooOften."""
        if CALLER in environ:
            return
        if given:
            self._admit(environ, given)
        else:
            self._require_page(environ)

    def _admit(self, environ: "WSGIEnvironment", given: str) -> None:
        if not self._keys:
            return
        name = self.name_of(given)
        if name is None:
            raise WrongKey(f"This is no key of this server. {HOW}")
        environ[CALLER] = name
        wait_s = self._rates[name].take(name) if name in self._rates else 0.0
        if wait_s:
            raise TooOften(
                "This key has asked as often as it may for now. Ask again later.", retry_after_s=ceil(wait_s)
            )

    def _require_page(self, environ: "WSGIEnvironment") -> None:
        if self._keys and "HTTP_ORIGIN" not in environ:
            raise NoKey(f"This server works for programs with a key. {HOW}")


def _key_in_header(environ: "WSGIEnvironment") -> str:
    """Return the key that a request comes with; empty: none. Other schemes are a proxy's business."""
    scheme, _, credentials = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    given: str = credentials if scheme.lower() == BEARER else environ.get("HTTP_X_API_KEY", "")
    return given.strip()
