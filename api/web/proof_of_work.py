"""Proof of work in the form of ALTCHA, version 2: a challenge, and the proof that somebody has worked on it.

The server draws a secret number and tells half of the key that PBKDF2 derives from it. Whoever tries 0, 1, 2, ... finds
the number and the other half. The server derives one key for each challenge, and for a proof only compares signatures
(HMAC). A challenge holds random bytes and times, and nothing of who asked. Source:
<https://altcha.org/docs/v2/proof-of-work/>.
"""

import hmac
import math
import secrets
import time
from typing import Any, TypedDict

import altcha

from api.web.used_once import UsedOnce

ALGORITHM = "PBKDF2/SHA-256"  # native code in browsers and in Python, so that an attacker's is hardly quicker
COST = 500  # rounds for each number that is tried: 0.1 ms of a server's core, which each challenge costs, too
TRIES_A_SECOND = 2_000  # of a phone; `python -m benchmarks.proof_of_work` says how long they take
LASTS_S = 1_800  # it counts when all has come that the proof is sent with: a video on a slow line
MOST_PROOFS = 20_000  # remembered as used: 4 MB at most
MOST_CHARACTERS = 2_000


class _Secrets(TypedDict):
    """What ALTCHA signs a challenge with, and the key that is to be found."""

    hmac_secret: bytes
    hmac_key_secret: bytes


class ProofOfWork:
    """Makes challenges and takes each proof once. Processes with the same key take each other's."""

    def __init__(self, key: str, *, seconds: float) -> None:
        """Make challenges that cost a phone about `seconds`, and at most twice as much."""
        self._secrets: _Secrets = {
            "hmac_secret": hmac.digest(key.encode(), b"challenge", "sha256"),
            "hmac_key_secret": hmac.digest(key.encode(), b"proof", "sha256"),
        }
        self._tries = 2 * math.ceil(seconds * TRIES_A_SECOND)
        self._used = UsedOnce(MOST_PROOFS)

    def make_challenge(self) -> dict[str, Any]:
        """Return a new challenge, for JSON."""
        challenge = altcha.create_challenge(
            ALGORITHM,
            COST,
            counter=secrets.randbelow(self._tries),
            expires_at=int(time.time()) + LASTS_S,
            **self._secrets,
        )
        return challenge.to_dict()

    def accept(self, proof: str) -> bool:
        """Take ALTCHA's payload, JSON in base64; return whether it is right, in time and was not used before."""
        if len(proof) > MOST_CHARACTERS or not altcha.verify_solution(proof, **self._secrets).verified:
            return False
        challenge = altcha.Payload.from_base64(proof).challenge  # signed by this server, so all of it is there
        return self._used.use(str(challenge.signature), float(challenge.parameters.expires_at or 0))
