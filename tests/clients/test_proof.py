"""A server that wants proofs of work gets them from the Python client, which its caller does not notice."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from pagesight import AsyncClient, Client, Retries, Unavailable
from pagesight.proof import MOST_ROUNDS, prove

from api.web.proof_of_work import ProofOfWork
from harness.gunicorn_server import GunicornServer, running_server
from harness.pictures import encode, make_upright

PICTURE = encode(make_upright(), "PNG")
QUICK_S = 0.05


@pytest.fixture(scope="module")
def strict_server(small_models: Path) -> Iterator[GunicornServer]:
    environment = {
        "PAGESIGHT_WEIGHTS_DIR": str(small_models),
        "PAGESIGHT_MODELS": "ants",
        "PAGESIGHT_PRECISION": "fp32",
    }
    environment |= {"PAGESIGHT_CHALLENGE": "0", "PAGESIGHT_CHALLENGE_SECONDS": str(QUICK_S)}
    with running_server(PAGESIGHT_CONVERTED_DIR=str(small_models / "converted"), **environment) as server:
        yield server


def test_client_proves_what_is_asked(strict_server: GunicornServer):
    with Client(strict_server.url, retries=Retries(patience_s=0)) as client:
        assert [client.detect(PICTURE).model for _ in range(3)] == ["ants"] * 3


def test_async_client_proves_what_is_asked(strict_server: GunicornServer):
    async def ask() -> list[str]:
        async with AsyncClient(strict_server.url, retries=Retries(patience_s=0)) as client:
            answers = await asyncio.gather(*(client.detect(PICTURE) for _ in range(6)))
            return [answer.model for answer in answers]

    with ThreadPoolExecutor(1) as thread:  # in the tests' own thread a browser's loop may run
        assert thread.submit(asyncio.run, ask()).result() == ["ants"] * 6


def test_what_cannot_be_proved_is_told(strict_server: GunicornServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pagesight.sender.prove", lambda _answer: None)
    with Client(strict_server.url, retries=Retries(patience_s=0)) as client, pytest.raises(Unavailable) as refused:
        client.detect(PICTURE)
    assert refused.value.problem.type == "urn:pagesight:problem:proof-asked"
    assert refused.value.problem.challenge


def changed(**parameters: Any) -> dict[str, Any]:
    challenge = ProofOfWork("k" * 32, seconds=QUICK_S).make_challenge()
    return {"challenge": {**challenge, "parameters": challenge["parameters"] | parameters}}


def test_right_challenge_is_proved():
    assert prove(httpx.Response(429, json=changed()))


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"challenge": None},
        {"challenge": []},
        {"challenge": {"parameters": {}}},
        changed(cost=MOST_ROUNDS + 1),
        changed(cost="1"),
        changed(algorithm="ARGON2ID"),
        changed(nonce="no hexadecimal digits"),
        changed(keyPrefix=7),
    ],
)
def test_other_work_is_not_done(content: Any):
    assert prove(httpx.Response(429, json=content)) is None


def test_answer_that_is_no_json_asks_for_nothing():
    assert prove(httpx.Response(429, text="<h1>Too many requests</h1>")) is None
    assert prove(httpx.Response(503, json=changed())) is None
