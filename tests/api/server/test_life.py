"""A real server's life: it answers while its model loads or cannot be loaded, and finishes what runs when it ends."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT, GunicornServer
from harness.http_client import TIMEOUT_S
from tests.dying_server import EXIT_STATUS

POLL_S = 0.02
PAUSE_S = 1.0  # of api/server/gunicorn_conf.py, which reads the environment when it is imported
STOP_WITHIN_S = 10.0  # with its signal lost, a worker would be given 30


def wait_until_running(server: GunicornServer) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while server.client.get("/status_check").json["queue"]["running"] < 1:
        assert time.monotonic() < deadline, "the detection never began"


def wait_until_told(server: GunicornServer, words: str) -> None:
    """Poll `/readyz` until it gives this reason for not being ready."""
    deadline = time.monotonic() + TIMEOUT_S
    while True:
        answer = server.client.get("/readyz")
        assert answer.status == 503
        if words in answer.json["detail"]:
            return
        assert time.monotonic() < deadline, server.log()
        time.sleep(POLL_S)


def test_running_detection_is_finished_when_the_server_ends(dog: bytes):
    # A large input, so that there is time to end the server in the middle.
    server = GunicornServer(PAGESIGHT_INPUT_SIZE="1024", PAGESIGHT_THREADS="1")
    try:
        server.start()
        with ThreadPoolExecutor(1) as threads:
            asked = threads.submit(server.client.detect, dog)
            wait_until_running(server)
            server.terminate()
            server.terminate()  # systemd and an impatient owner may send it twice
            assert asked.result(TIMEOUT_S).status == 200
        assert server.stop() == 0
        with pytest.raises(ConnectionRefusedError):
            server.client.get("/readyz")
    finally:
        server.close()


def test_server_whose_model_is_damaged_says_so(tmp_path: Path):
    for ending in ("cfg", "weights"):
        shutil.copy(PROJECT / "weights" / f"yolov3-tiny.{ending}", tmp_path)
    shutil.copy(PROJECT / "weights" / "coco.names", tmp_path / "yolov3-tiny.names")
    with (tmp_path / "yolov3-tiny.weights").open("r+b") as weights:
        weights.truncate(30_000_000)
    server = GunicornServer(PAGESIGHT_WEIGHTS_DIR=str(tmp_path))
    try:
        server.start(wait_ready=False)
        wait_until_told(server, "yolov3-tiny.weights holds 7,499,995 numbers")
        status = server.client.get("/status_check")
        assert (status.status, status.json["status"]) == (200, "busy")
        assert "yolov3-tiny.weights" in server.log()
    finally:
        server.close()


def test_workers_that_die_at_once_follow_one_another_slowly():
    server = GunicornServer(app="tests.dying_server:serve()")
    try:
        server.start(wait_ready=False)
        wait_for_deaths(server, 1)
        began = time.monotonic()
        wait_for_deaths(server, 3)
        assert time.monotonic() - began > PAUSE_S
        began = time.monotonic()
        server.stop()  # in the middle of a pause
        assert time.monotonic() - began < STOP_WITHIN_S
    finally:
        server.close()


def wait_for_deaths(server: GunicornServer, count: int) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while server.log().count(f"exited with code {EXIT_STATUS}") < count:
        assert time.monotonic() < deadline, server.log()
        time.sleep(POLL_S)
