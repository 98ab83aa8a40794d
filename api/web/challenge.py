"""Above a rate, a request without a key must come with a proof of work (PAGESIGHT_CHALLENGE).

Asked before the body is read. `python -m benchmarks.robustness.refusals` measures what that costs.
"""

import math
import secrets

from flask import Flask, current_app, g, request

from api.errors import ProofAsked
from api.settings import Settings
from api.web.access_log import shortened_client
from api.web.proof_of_work import ProofOfWork
from api.web.rates import Rates

PROOF = "X-Altcha"  # the header that a proof comes in
GATE = "pagesight_gate"
BAD_PROOF = "The proof of work in X-Altcha is wrong, too late, or was used before. Solve `challenge` anew."
NO_PROOF = (
    "More requests come from your network than are free here. Solve `challenge` (https://altcha.org) and send its payload"
    " in the header X-Altcha{}."
)


class Gate:
    """Lets so many requests a minute pass for each network, and beyond that those with a proof of work."""

    def __init__(self, per_minute: int, proofs: ProofOfWork) -> None:
        self._rates = Rates(per_minute) if per_minute else None
        self._proofs = proofs

    def let_pass(self, network: str, proof: str | None) -> None:
        """Raise ProofAsked, unless `proof` is good, or none is needed yet."""
        if proof is not None:
            if not self._proofs.accept(proof):
                raise ProofAsked(BAD_PROOF, self._proofs.make_challenge())
            return
        wait_s = self._rates.take(network) if self._rates else math.inf
        if wait_s:
            retry_after_s = math.ceil(wait_s) if self._rates else None
            instead = f", or ask again in {retry_after_s} s" if retry_after_s else ""
            raise ProofAsked(NO_PROOF.format(instead), self._proofs.make_challenge(), retry_after_s=retry_after_s)


def install_challenge(app: Flask, settings: Settings) -> None:
    """Ask each request to `app` that makes work, if the owner wants it. The hook that knows callers runs before this."""
    if settings.challenge is None:
        return
    key = settings.challenge_key or secrets.token_hex()  # gunicorn's master has made one for all of its workers
    proofs = ProofOfWork(key, seconds=settings.challenge_seconds)
    app.extensions[GATE] = Gate(settings.challenge, proofs)

    def ask() -> None:
        makes_work = request.method == "POST" and request.url_rule is not None
        if makes_work and request.blueprint != "deepstack" and g.get("caller") is None:
            require_proof()

    app.before_request(ask)


def require_proof() -> None:
    """Raise ProofAsked if the current request needs a proof of work and comes without."""
    gate: Gate | None = current_app.extensions.get(GATE)
    if gate:
        gate.let_pass(shortened_client(request.environ), request.headers.get(PROOF))
