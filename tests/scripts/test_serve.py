"""scripts/serve.sh, which `make run` starts: a worker beside the server, as long as the server runs."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.gunicorn_server import ENVIRONMENT, PROJECT
from harness.job_worker import environment_of
from harness.waiting import wait_until

SERVE = PROJECT / "scripts" / "serve.sh"
SERVER = ("sleep", "1000")  # any program will do


def start(**environment: str) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGESIGHT_")}
    return subprocess.Popen([SERVE, *SERVER], env=kept | ENVIRONMENT | environment, stderr=subprocess.DEVNULL)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = start(**environment_of(tmp_path))
    yield process
    process.terminate()
    process.wait(30)


def below(pid: int) -> dict[int, str]:
    """Return the processes that descend from one, and what each runs."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        found |= {int(child): words} | below(int(child))
    return found


def worker_of(pid: int) -> int | None:
    return next((child for child, words in below(pid).items() if "-m api.worker" in words), None)


def signed_in(folder: Path) -> bool:
    return (folder / "workers" / "worker-1").exists()


def test_a_worker_runs_beside_the_server_and_both_end_together(served: subprocess.Popen[bytes], tmp_path: Path):
    wait_until(lambda: signed_in(tmp_path))
    first = worker_of(served.pid)
    assert first
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: worker_of(served.pid) not in (None, first))
    processes = below(served.pid)
    served.terminate()
    served.wait(30)
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]


def test_without_jobs_it_is_the_server_itself():
    process = start(PAGESIGHT_JOBS="off")
    try:
        wait_until(lambda: Path(f"/proc/{process.pid}/cmdline").read_bytes().startswith(b"sleep"))
        assert below(process.pid) == {}
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "PAGESIGHT_JOBS is off"),
        ({"PAGESIGHT_JOBS": "mysql://here"}, "PAGESIGHT_JOBS='mysql://here' is not off, sqlite"),
    ],
)
def test_a_worker_whose_settings_are_wrong_is_not_started_again_and_again(environment: dict[str, str], words: str):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGESIGHT_")}
    command = [sys.executable, "-m", "api.worker"]
    done = subprocess.run(command, cwd=PROJECT, env=kept | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 78
    assert words in done.stderr
