"""A real worker for jobs beside a real server, and what a client does with a job."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from harness.gunicorn_server import ENVIRONMENT, PROJECT, GunicornServer
from harness.http_client import Answer, Client, Headers, encode_form
from harness.videos import make_video
from harness.waiting import wait_until

WORKER = (sys.executable, "-m", "api.worker")
DYING_WORKER = (sys.executable, "-m", "harness.dying_worker")
STOP_LIMIT_S = 20
ENDED = ("done", "failed", "cancelled")
PHOTOGRAPH = PROJECT / "site" / "examples" / "dog.jpg"


class Worker:
    """One worker. It may be killed and started again."""

    def __init__(self, command: tuple[str, ...] = WORKER, **environment: str) -> None:
        self._command = command
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115, closed in close()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGESIGHT_")}
        self.environment |= ENVIRONMENT | environment
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, cwd=PROJECT, env=self.environment, stdout=self._log, stderr=self._log, text=True
        )

    @property
    def pid(self) -> int:
        assert self._process is not None, "the worker does not run"
        return self._process.pid

    def kill(self) -> None:
        """End it as lack of memory would."""
        assert self._process is not None, "the worker does not run"
        self._process.kill()
        self._process.wait()

    def has_died(self) -> bool:
        assert self._process is not None, "the worker does not run"
        return self._process.poll() == -signal.SIGKILL

    def ended(self) -> int | None:
        """Return its exit status; None while it runs."""
        assert self._process is not None, "the worker does not run"
        return self._process.poll()

    def stop(self) -> int:
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            return self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            self._process = None

    def close(self) -> None:
        self.stop()
        self._log.close()

    def log(self) -> str:
        position = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), position, 0).decode("utf-8", "replace")


@contextmanager
def running_worker(command: tuple[str, ...] = WORKER, **environment: str) -> Iterator[Worker]:
    worker = Worker(command, **environment)
    try:
        worker.start()
        yield worker
    finally:
        worker.close()


@contextmanager
def kept_running(worker: Worker) -> Iterator[None]:
    """Start the worker again whenever it ends with a failure, as systemd does."""
    enough = threading.Event()

    def keep() -> None:
        while not enough.wait(0.2):
            if worker.ended():
                worker.start()

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield
    finally:
        enough.set()
        keeper.join()


class Jobs:
    """A client of the jobs of a server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def send(
        self, file: bytes, *, name: str = "walk.mp4", headers: dict[str, str] | None = None, **form: Any
    ) -> Answer:
        body, form_headers = encode_form(file, name=name, **form)
        return self._client.request("POST", "/v1/jobs", body, {**form_headers, **(headers or {})})

    def begin(self, file: bytes, **form: Any) -> str:
        """Return the id of a new job."""
        answer = self.send(file, **form)
        assert answer.status == 202, answer.body
        return str(answer.json["id"])

    def get(self, job_id: str, rest: str = "", headers: Headers | None = None) -> Answer:
        return self._client.get(f"/v1/jobs/{job_id}{rest}", headers)

    def state(self, job_id: str) -> dict[str, Any]:
        answer = self.get(job_id)
        assert answer.status == 200, answer.body
        return dict(answer.json)

    def end(self, job_id: str) -> Answer:
        return self._client.request("DELETE", f"/v1/jobs/{job_id}")

    def wait(self, job_id: str, *, limit_s: float = 60.0) -> dict[str, Any]:
        """Return the job when it has ended."""
        wait_until(
            lambda: self.state(job_id)["state"] in ENDED,
            lambda: f"still {self.state(job_id)}",
            limit_s=limit_s,
            poll_s=0.1,
        )
        return self.state(job_id)

    def wait_for_frames(self, job_id: str, frames: int = 1, *, limit_s: float = 60.0) -> None:
        """Wait until so many frames are analysed."""
        wait_until(lambda: self.state(job_id)["frames"] >= frames, limit_s=limit_s)

    def events(self, job_id: str) -> list[dict[str, Any]]:
        """Return the events of a job to its end; as a browser does, ask again when a stream ends before."""
        events: list[dict[str, Any]] = []
        while not events or events[-1]["state"] not in ENDED:
            lines = self.get(job_id, "/events").body.decode().splitlines()
            events += [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
        return events


@cache
def walk(seconds: float = 4.0, fps: int = 10) -> bytes:
    """Return a video that looks at a photograph with a dog from left to right."""
    picture = cv2.cvtColor(cv2.imread(str(PHOTOGRAPH)), cv2.COLOR_BGR2RGB)
    picture = cv2.resize(picture, (426, 320), interpolation=cv2.INTER_AREA)
    count = round(seconds * fps)
    frames = [np.ascontiguousarray(picture[:, round(42 * n / count) :][:, :384]) for n in range(count)]
    return make_video(frames, fps=fps, g="20")


@contextmanager
def folder_of_jobs() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pagesight-jobs-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment_of(folder: Path, **more: str) -> dict[str, str]:
    """Return what a server and its workers are told."""
    return {"PAGESIGHT_JOBS": "sqlite", "PAGESIGHT_JOBS_DIR": str(folder), **more}


def wait_for_worker(server: GunicornServer, count: int = 1, *, limit_s: float = 60.0) -> None:
    """Wait until so many workers have signed in."""
    wait_until(lambda: server.client.get("/status_check").json["jobs"]["workers"] >= count, limit_s=limit_s, poll_s=0.1)


def seconds_until(happened: Any, *, limit_s: float = 60.0) -> float:
    began = time.monotonic()
    wait_until(happened, limit_s=limit_s)
    return time.monotonic() - began
