"""Above a rate, whoever has no key must send a proof of work (PAGESIGHT_CHALLENGE).

`python -m benchmarks.robustness.refusals` measures what a refusal costs.
"""

from math import ceil
from typing import TYPE_CHECKING

from api.errors import ProofAsked, TooOften
from api.web.access_log import shortened_client
from api.web.problem import DEEPSTACK
from api.web.proof_of_work import ProofOfWork
from api.web.rates import Rates
from api.web.request_facts import CALLER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HEADER = "HTTP_X_ALTCHA"
NEVER_FREE_S = 60  # what is said of when to ask again, where nothing is free


class Challenge:
    """Lets requests from each network pass at a rate, and beyond it those that come with a proof of work."""

    def __init__(self, per_minute: int | None, proofs: ProofOfWork) -> None:
        """Make a gate: `per_minute` requests are free; 0 means none, None all."""
        self._is_on = per_minute is not None
        self._rates = Rates(per_minute) if per_minute else None
        self._proofs = proofs

    def admit(self, environ: "WSGIEnvironment") -> None:
        """Let a POST in, if it may. Raises ProofAsked. Where keys come in the form, `admit_form` does it."""
        if environ["PATH_INFO"].startswith(DEEPSTACK):
            return
        wait_s = self._wait_s(environ)
        if wait_s:
            raise ProofAsked(
                "Your network asks more often than is free here. Solve `challenge` (https://altcha.org) and send the"
                f" payload in the header X-Altcha, which is good for one request; or ask again in {wait_s} s.",
                self._proofs.make_challenge(),
                retry_after_s=wait_s,
            )

    def admit_form(self, environ: "WSGIEnvironment") -> None:
        """Do the same once it is known whether the form has a key. Its clients cannot prove: raises TooOften."""
        wait_s = self._wait_s(environ)
        if wait_s:
            detail = f"Your network asks more often than is free here without a key. Ask again in {wait_s} s."
            raise TooOften(detail, retry_after_s=wait_s)

    def _wait_s(self, environ: "WSGIEnvironment") -> int:
        """Return after how many seconds a request would be free; 0: it is let in."""
        if not self._is_on or CALLER in environ or _is_of_this_machine(environ):
            return 0
        proof = environ.get(HEADER)
        if proof is not None and self._proofs.accept(proof):
            return 0
        return NEVER_FREE_S if self._rates is None else ceil(self._rates.take(shortened_client(environ)))


def _is_of_this_machine(environ: "WSGIEnvironment") -> bool:
    """Whether somebody came by a UNIX socket and through no proxy, as `deploy/install.sh` does to try a new version."""
    return not environ.get("REMOTE_ADDR") and "HTTP_X_FORWARDED_FOR" not in environ
