"""Restarts, new certificates and killed workers while visitors keep coming, behind a real nginx with HTTPS."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from harness.gunicorn_server import GunicornServer
from harness.life.deployment import Deployment, deployed, wait_until
from harness.life.steady_load import SPARING_S

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    with deployed(PAGESIGHT_INPUT_SIZE="224") as deployment:
        yield deployment


@pytest.mark.parametrize("change", ["restart", "hang_up", "change_certificate"])
def test_no_request_is_lost(deployment: Deployment, dog: bytes, change: str):
    with deployment.load(dog, expected="car", pause_s=SPARING_S) as load:
        load.wait_for_answers()
        getattr(deployment, change)()
        load.wait_for_answers()
    assert load.failures == []


def test_new_certificate_is_served(deployment: Deployment):
    before = deployment.served_certificate()
    deployment.change_certificate()
    wait_until(lambda: deployment.served_certificate() != before)  # an old worker of nginx may still answer once


def test_killed_worker_loses_only_what_it_had(deployment: Deployment, dog: bytes):
    with deployment.load(dog, expected="car", pause_s=SPARING_S) as load:
        load.wait_for_answers()
        deployment.kill_worker()
        recovered = time.monotonic()
        load.wait_for_answers()
    # Those that come while there is no worker wait for the next one; each client had at most one request with the old.
    assert len(load.failures) <= load.clients, load.failures
    assert all(outcome.began < recovered for outcome in load.outcomes if outcome.failure)


def test_ctrl_c_ends_it_at_once_without_a_traceback() -> None:
    server = GunicornServer()
    try:
        server.start()
        for pid in (*server.worker_pids, server.pid):  # a terminal asks both
            os.kill(pid, signal.SIGINT)
        assert server.wait() == 0
        assert "Traceback" not in server.log()
    finally:
        server.close()
