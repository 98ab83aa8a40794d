"""Restarts, reloads, new certificates and killed workers while visitors keep coming, behind a real nginx with HTTPS."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT, GunicornServer
from harness.life.deployment import Deployment, deployed, wait_until
from harness.life.steady_load import SPARING_S

MODEL_FILES = ("yolov3-tiny.cfg", "yolov3-tiny.weights", "coco.names")


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    with deployed(PAGESIGHT_INPUT_SIZE="224") as deployment:
        yield deployment


@pytest.mark.parametrize("change", ["restart", "reload", "hang_up", "change_certificate"])
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


def test_reload_with_a_broken_model_leaves_the_old_worker_serving(tmp_path: Path, dog: bytes):
    for name in MODEL_FILES:
        shutil.copy(PROJECT / "weights" / name, tmp_path)
    weights = tmp_path / "yolov3-tiny.weights"
    with deployed(PAGESIGHT_WEIGHTS_DIR=str(tmp_path), PAGESIGHT_INPUT_SIZE="224") as deployment:
        api = deployment.api
        old = api.worker_pids
        os.truncate(weights, 30_000_000)
        with deployment.load(dog, expected="car", pause_s=SPARING_S) as load:
            api.send(signal.SIGTTIN)
            wait_until(lambda: "This worker gives up" in api.log() and api.worker_pids == old)
            load.wait_for_answers()
        assert load.failures == []
        assert "yolov3-tiny.weights holds" in api.log()

        shutil.copy(PROJECT / "weights" / weights.name, weights)
        deployment.reload()
        assert deployment.nginx.client.detect(dog).status == 200
        interrupt_as_a_terminal_does(api)


def interrupt_as_a_terminal_does(api: GunicornServer) -> None:
    """Ctrl+C reaches the master and the worker."""
    for pid in (*api.worker_pids, api.pid):
        os.kill(pid, signal.SIGINT)
    assert api.wait() == 0
    assert "Traceback" not in api.log()
