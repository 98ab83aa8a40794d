"""A real gunicorn with the real detector on a port of 127.0.0.1, as `make run` starts it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from harness.allocator import ALLOCATOR
from harness.http_client import Client

PROJECT = Path(__file__).parents[1]
ALLOWED_ORIGIN = "https://you.example"
START_LIMIT_S = 90
STOP_LIMIT_S = 40
POLL_S = 0.05
LOG_TAIL_CHARACTERS = 6_000
COMMAND = (sys.executable, "-m", "gunicorn", "--config", "python:api.server.gunicorn_conf")
# Hands over the socket that is its standard input as systemd does: sd_listen_fds(3).
ACTIVATE = ("sh", "-c", 'exec 3<&0 </dev/null && LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@"')
MODEL = os.environ.get("SOAK_MODEL", "yolov3-tiny")  # another one in weights/, for `make soak MODEL=name`
ENVIRONMENT = {
    "PAGESIGHT_MODEL": MODEL,
    "PAGESIGHT_ALLOWED_ORIGINS": ALLOWED_ORIGIN,
    **ALLOCATOR,
}

running: list["GunicornServer"] = []


class GunicornServer:
    """One gunicorn. `url` stays the same when it is stopped and started again.

    With a `listener` of the caller's it is served on that socket, which stays open while gunicorn is restarted. `app`
    names another application than the product's.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        listener: socket.socket | None = None,
        app: str = "",
        launcher: Sequence[str] = (),
        **environment: str,
    ) -> None:
        with nullcontext(listener) if listener else socket.create_server(("127.0.0.1", port)) as known:
            self.port = known.getsockname()[1]
        self._listener = listener
        self._command = [*ACTIVATE, *launcher, *COMMAND, *([app] if app else [])]
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGESIGHT_")}
        self.environment |= ENVIRONMENT | environment
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115, closed in close()
        self._process: subprocess.Popen[str] | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def client(self) -> Client:
        return Client(self.port)

    def start(self, *, wait_ready: bool = True) -> None:
        """Start, and wait until it would work on an image."""
        # The socket is bound here and handed down, so that nobody can take the port in between.
        with nullcontext(self._listener) if self._listener else listen(self.port) as listener:
            self._process = subprocess.Popen(
                self._command,
                stdin=listener,
                cwd=PROJECT,
                env=self.environment,
                stdout=self._log,
                stderr=self._log,
                text=True,
            )
        running.append(self)
        if wait_ready:
            self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Poll `/readyz` until it answers 200."""
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise AssertionError(f"gunicorn did not start:\n{self.log()}")
            try:
                if self.client.get("/readyz").status == 200:
                    return
            except OSError:
                pass  # it does not answer yet
            time.sleep(POLL_S)
        raise AssertionError(f"gunicorn was not ready within {START_LIMIT_S} s:\n{self.log()}")

    @property
    def pid(self) -> int:
        """The master's process id."""
        assert self._process is not None, "the server does not run"
        return self._process.pid

    @property
    def worker_pids(self) -> list[int]:
        """The process ids of its workers, the oldest first."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()]

    def send(self, number: signal.Signals) -> None:
        """Send the master a signal."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end (it finishes what runs), without waiting for that."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Wait for it to end by itself, or after a signal; returns the exit status."""
        assert self._process is not None, "the server does not run"
        return self._process.wait(STOP_LIMIT_S)

    def stop(self) -> int:
        """End it and return its exit status; from here on the port refuses connections."""
        if self._process is None:
            return 0
        self.terminate()
        try:
            return self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            self._process = None
            running.remove(self)

    def close(self) -> None:
        """Stop, and forget the log."""
        self.stop()
        self._log.close()

    def log(self) -> str:
        """Return all that it wrote to stdout and stderr."""
        position = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), position, 0).decode("utf-8", "replace")


def listen(port: int = 0) -> socket.socket:
    """Return a listening socket on this machine's loopback."""
    return socket.create_server(("127.0.0.1", port), backlog=512)


@contextmanager
def running_server(
    *,
    port: int = 0,
    listener: socket.socket | None = None,
    app: str = "",
    launcher: Sequence[str] = (),
    **environment: str,
) -> Iterator[GunicornServer]:
    """Give a server that is ready, with `environment` on top of ENVIRONMENT; end it afterwards."""
    server = GunicornServer(port=port, listener=listener, app=app, launcher=launcher, **environment)
    try:
        server.start()
        yield server
    finally:
        server.close()


def logs_of_running() -> Iterator[tuple[str, str]]:
    """Give a title and the end of the log for each server that runs, for the report of a failed test."""
    for server in running:
        yield f"log of the server at {server.url}", server.log()[-LOG_TAIL_CHARACTERS:]
