"""Proof of work, which a server may ask for above a rate of its owner's (ALTCHA, version 2).

A 429 with a `challenge` is answered by working for about a second and sending the request again with the proof.
"""

import altcha
import httpx

HEADER = "X-Altcha"
TOO_OFTEN = 429
ALGORITHM = "PBKDF2/SHA-256"
MOST_ROUNDS = 100_000  # for one key, 20 ms; in between, the client looks at the clock
PATIENCE_S = 120.0


def prove(response: httpx.Response) -> str | None:
    """Return the proof that an answer asks for; None if it asks for none, or for other work than this client does."""
    if response.status_code != TOO_OFTEN:
        return None
    try:
        challenge = altcha.Challenge.from_dict(response.json()["challenge"])
        if challenge.parameters.algorithm != ALGORITHM or challenge.parameters.cost > MOST_ROUNDS:
            return None
        solution = altcha.solve_challenge(challenge, timeout=PATIENCE_S)
    except (AttributeError, KeyError, TypeError, ValueError):  # no JSON, or not as ALTCHA makes it
        return None
    return altcha.Payload(challenge, solution).to_base64() if solution else None
