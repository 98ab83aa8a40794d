"""Every hostile image of tests/hostile, sent over HTTP to a real server: the right refusal, and the server lives."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer, running_server
from harness.hostile.case import Case
from harness.hostile.corpus import make_corpus
from harness.http_client import Answer
from tests.contract import PROBLEM

pytestmark = pytest.mark.long

SENDERS = 2
LEAST_CASES = 150


@pytest.fixture(scope="module")
def server() -> Iterator[GunicornServer]:
    """A server with an input so small that the files, not the network, take the time."""
    with running_server(PAGESIGHT_INPUT_SIZE="64") as started:
        yield started


def complaint(case: Case, answer: Answer) -> str:
    """Say what is wrong with the answer; nothing where all is right."""
    if answer.status != case.status:
        return f"{case.name}: {answer.status} in place of {case.status}: {answer.body[:200]!r}"
    if answer.headers["Access-Control-Allow-Origin"] != ALLOWED_ORIGIN:
        return f"{case.name}: no page could read the answer"
    if answer.content_type != ("application/json" if case.status == 200 else PROBLEM):
        return f"{case.name}: the answer is {answer.content_type}"
    return "" if isinstance(answer.json, dict) else f"{case.name}: the answer is no object"


def test_each_hostile_image_gets_its_status_and_the_worker_lives(server: GunicornServer):
    before = server.worker_pids

    def send(case: Case) -> str:
        return complaint(case, server.client.detect(case.make(), annotate="false", headers={"Origin": ALLOWED_ORIGIN}))

    cases = list(make_corpus())
    with ThreadPoolExecutor(SENDERS) as senders:
        complaints = [found for found in senders.map(send, cases) if found]
    assert not complaints, "\n".join(complaints)
    assert len({case.name for case in cases}) == len(cases) >= LEAST_CASES
    assert server.worker_pids == before
    assert server.client.get("/readyz").status == 200
