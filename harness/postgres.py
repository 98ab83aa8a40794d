"""A PostgreSQL of its own for tests, as Debian's package brings it: in a folder of its own, on a port of loopback."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.nginx_server import free_ports
from harness.waiting import wait_until

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
USER = "postgres"
START_LIMIT_S = 30


def why_there_is_none() -> str:
    """Return what is missing; nothing if it can be started."""
    return "" if PROGRAMS else "PostgreSQL is not installed here (Debian's package postgresql)"


class Postgres:
    """One server with one empty database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (self.port,) = free_ports(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._user = USER if os.geteuid() == 0 else None  # it refuses to be root
        self._run("initdb", "--pgdata", folder / "data", "--auth", "trust", "--username", USER, "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/pagesight"

    def start(self) -> None:
        settings = ("-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off")
        self._process = subprocess.Popen(
            [PROGRAMS[-1] / "postgres", "-D", self._folder / "data", "-k", self._folder, *settings],
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._is_ready, limit_s=START_LIMIT_S)

    def create_database(self) -> None:
        self._run("createdb", "--host", "127.0.0.1", "--port", self.port, "--username", USER, "pagesight")

    def restart(self) -> None:
        """End all connections, and come again."""
        self.stop()
        self.start()

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGINT)  # `fast`: it does not wait for its clients
            self._process.wait()
            self._process = None

    def _is_ready(self) -> bool:
        asked = subprocess.run(
            [PROGRAMS[-1] / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port)], check=False, capture_output=True
        )
        return asked.returncode == 0

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(PROGRAMS[-1] / program), *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd=self._folder)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="pagesight-postgres-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam(USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    server = Postgres(folder)
    try:
        server.start()
        server.create_database()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
