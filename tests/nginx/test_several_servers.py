"""nginx before several servers: each gets work, none has to be there, and a visitor notices nothing."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from harness.gunicorn_server import GunicornServer, running_server
from harness.life.steady_load import SPARING_S, SteadyLoad
from harness.nginx_server import NginxServer, running_nginx


@pytest.fixture(scope="module")
def servers() -> Iterator[list[GunicornServer]]:
    with ExitStack() as stack:
        yield [stack.enter_context(running_server(PAGESIGHT_THREADS="1", PAGESIGHT_INPUT_SIZE="224")) for _ in range(2)]


@pytest.fixture(scope="module")
def balancer(servers: list[GunicornServer]) -> Iterator[NginxServer]:
    with running_nginx(" ".join(server.host for server in servers)) as nginx:
        yield nginx


def answered(server: GunicornServer) -> int:
    return server.log().count("method=POST route=/ status=200")


def test_each_server_gets_work(balancer: NginxServer, servers: list[GunicornServer], dog: bytes):
    before = [answered(server) for server in servers]
    with SteadyLoad(balancer.port, None, dog, expected="car", pause_s=SPARING_S) as load:
        load.wait_for_answers(12)
    assert load.failures == []
    assert all(answered(server) > count for server, count in zip(servers, before, strict=True))


def test_a_request_keeps_its_id_wherever_it_goes(balancer: NginxServer):
    for number in range(4):
        answer = balancer.client.get("/status_check", {"X-Request-ID": f"mine-{number}"})
        assert answer.headers["X-Request-ID"] == f"mine-{number}"


def test_a_server_may_end_and_come_back_while_visitors_ask(
    balancer: NginxServer, servers: list[GunicornServer], dog: bytes
):
    with SteadyLoad(balancer.port, None, dog, expected="car", pause_s=SPARING_S) as load:
        load.wait_for_answers()
        assert servers[0].stop() == 0
        load.wait_for_answers()
        servers[0].start()
        load.wait_for_answers()
    assert load.failures == []
