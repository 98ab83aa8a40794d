"""A proof of work on its way through a real nginx, which tells the API the network that a visitor asks from."""

from dataclasses import replace

import altcha

from harness.gunicorn_server import ALLOWED_ORIGIN, running_server
from harness.http_client import Answer
from harness.nginx_server import running_nginx


def prove(refused: Answer) -> str:
    challenge = altcha.Challenge.from_dict(refused.json["challenge"])
    solution = altcha.solve_challenge(challenge)
    assert solution
    return altcha.Payload(challenge, solution).to_base64()


def test_network_beyond_its_rate_proves_and_another_need_not(dog: bytes):
    environment = {"PAGESIGHT_CHALLENGE": "1", "PAGESIGHT_CHALLENGE_SECONDS": "0.01"}
    with running_server(**environment) as server, running_nginx(server.host) as nginx:
        one, neighbour, other = (
            replace(nginx.client, address=address) for address in ("127.0.1.1", "127.0.1.2", "127.0.2.1")
        )
        page = {"Origin": ALLOWED_ORIGIN}
        assert one.detect(dog, annotate="false").status == 200
        refused = neighbour.detect(dog, headers=page, annotate="false")
        assert refused.status == 429
        assert refused.content_type == "application/problem+json"
        assert refused.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
        assert neighbour.detect(dog, headers={**page, "X-Altcha": prove(refused)}, annotate="false").status == 200
        assert other.detect(dog, annotate="false").status == 200
