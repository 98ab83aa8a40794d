"""Every request of `cases`, directly at gunicorn and through nginx: the one answer it should get, and no second one."""

import sys
from collections.abc import Iterator

import pytest

from harness.gunicorn_server import GunicornServer
from harness.nginx_server import NginxServer
from harness.raw_http.cases import CASES, SMUGGLED, Case, Outcome, get
from harness.raw_http.exchange import RawAnswer, exchange

MANY = {case.name: case for case in CASES}


@pytest.fixture(scope="module", autouse=True)
def _worker_lives_through_it(server: GunicornServer) -> Iterator[None]:
    before = server.worker_pids
    yield
    assert server.worker_pids == before


def source(case: Case) -> str:
    """Return an address of this machine for each case, so that nginx does not count them as one visitor's."""
    return f"127.0.0.{2 + CASES.index(case) % 250}" if sys.platform == "linux" else ""


def assert_outcome(answers: list[RawAnswer], outcome: Outcome) -> None:
    to_the_request = [answer for answer in answers if not answer.is_probe]
    assert [answer.status for answer in to_the_request] == ([] if outcome.status is None else [outcome.status])
    assert [answer.is_probe for answer in answers].count(True) == (1 if outcome.lives else 0)
    assert not any(answer.repeated for answer in answers)
    for answer in to_the_request:
        assert answer.status < 400 or answer.is_problem, answer


def test_there_are_as_many_cases_as_promised():
    assert len(MANY) == len(CASES) >= 60


@pytest.mark.parametrize("name", MANY)
def test_directly(server: GunicornServer, name: str):
    case = MANY[name]
    assert_outcome(exchange(server.port, case.request, half_close=not case.direct.lives), case.direct)


@pytest.mark.parametrize("name", MANY)
def test_through_nginx(nginx: NginxServer, name: str):
    case = MANY[name]
    assert_outcome(exchange(nginx.port, case.request, source=source(case)), case.nginx)


def test_request_that_is_really_there_is_answered(server: GunicornServer, nginx: NginxServer):
    for port in (server.port, nginx.port):
        answers = exchange(port, (get() + SMUGGLED).encode())
        assert [answer.headers["x-request-id"] for answer in answers][1:] == ["smuggled", "probe"]
