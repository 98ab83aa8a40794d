"""A real nginx on loopback before a real gunicorn, set up by the very files that deploy/nginx/ puts on a server."""

import getpass
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import trustme

from harness.gunicorn_server import ALLOWED_ORIGIN, LOG_TAIL_CHARACTERS, PROJECT
from harness.http_client import Client
from harness.waiting import wait_until

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"  # Debian: only on root's PATH
RENDER = PROJECT / "deploy" / "nginx" / "render.sh"
DOMAIN = "127.0.0.1"
START_LIMIT_S = 20
STOP_LIMIT_S = 20
NOT_GIVEN_AWAY = 10_000, 32_000  # below what systems take for the near end of connections

running: list["NginxServer"] = []


class NginxServer:
    """One nginx, all of whose files lie in `folder`. `authority` is set where it speaks TLS."""

    def __init__(self, upstream: str, *, tls: bool, origins: Sequence[str], **words: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="pagesight-nginx-")
        self.folder = Path(self._folder.name)
        self.authority = trustme.CA() if tls else None
        self.http_port, self.https_port = free_ports(2)
        self.words = {
            "DOMAIN": DOMAIN,
            "ORIGINS": ",".join(origins),
            "TLS": "on" if tls else "off",
            "UPSTREAM": upstream,
            "CERTIFICATE": str(self.folder / "certificate.pem"),
            "CERTIFICATE_KEY": str(self.folder / "key.pem"),
            "ACME_ROOT": str(self.folder / "acme"),
            "USER": getpass.getuser(),
            "PID": str(self.folder / "nginx.pid"),
            "LOGS": str(self.folder),
            "TEMP": str(self.folder / "temp"),
            "VIDEO_TEMP": str(self.folder / "videos"),
            "ADDRESSES": "127.0.0.1",
            "HTTP_PORT": str(self.http_port),
            "HTTPS_PORT": str(self.https_port),
        } | words
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The port at which the API is asked."""
        return self.https_port if self.authority else self.http_port

    @property
    def url(self) -> str:
        return f"{'https' if self.authority else 'http'}://{DOMAIN}:{self.port}"

    @property
    def tls(self) -> ssl.SSLContext | None:
        """What a client needs to trust this server; None where it speaks plain HTTP."""
        if self.authority is None:
            return None
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    @property
    def client(self) -> Client:
        return Client(self.port, self.tls)

    def start(self) -> None:
        """Write its files, start it, and wait until it listens."""
        (self.folder / "acme").mkdir(exist_ok=True)
        if self.authority:
            self.renew_certificate()
        self.render()
        self._process = subprocess.Popen(self._command("-g", "daemon off;"))
        running.append(self)
        self._wait_until(lambda: bool(self.workers()), "nginx did not start")

    def render(self) -> None:
        """Write its configuration, as `words` are now."""
        subprocess.run([RENDER, self.folder, *(f"{name}={text}" for name, text in self.words.items())], check=True)

    def renew_certificate(self) -> None:
        """Put a new certificate in place; it is served after a reload."""
        assert self.authority is not None
        certificate = self.authority.issue_cert(DOMAIN)
        certificate.private_key_pem.write_to_path(self.words["CERTIFICATE_KEY"])
        chain = b"".join(link.bytes() for link in certificate.cert_chain_pems)
        Path(self.words["CERTIFICATE"]).write_bytes(chain)

    def reload(self) -> None:
        """Have it read its files again, as after a renewal, and wait until new workers are at work."""
        before = self.workers()
        subprocess.run(self._command("-s", "reload"), check=True)
        self._wait_until(lambda: bool(self.workers() - before), "nginx did not reload")

    def workers(self) -> set[int]:
        """Return the process ids of its workers."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text(encoding="ascii")
        return {int(child) for child in children.split()}

    def stop(self) -> None:
        """End it and let what runs finish."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT)
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            self._process.wait()
        finally:
            self._process = None
            running.remove(self)

    def close(self) -> None:
        """Stop, and forget its files."""
        self.stop()
        self._folder.cleanup()

    def log(self, name: str = "access.log") -> str:
        """Return what it has written."""
        path = self.folder / name
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def log_line(self, words: str) -> str:
        """Return the line of the access log with these words. nginx writes it when it has already answered."""
        self._wait_until(lambda: words in self.log(), f"nginx logs no {words}")
        return next(line for line in self.log().splitlines() if words in line)

    def _command(self, *arguments: str) -> list[str]:
        folder = str(self.folder)
        # The log for what goes wrong before the configuration is read would be that of the system.
        return [NGINX, "-p", folder, "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log", *arguments]

    def _wait_until(self, happened: Callable[[], bool], complaint: str) -> None:
        def words() -> str:
            return f"{complaint}:\n{self.log('error.log')}"

        def has_happened() -> bool:
            if happened():
                return True
            assert self._process is not None, words()
            assert self._process.poll() is None, words()
            return False

        wait_until(has_happened, words, limit_s=START_LIMIT_S)


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 on which nobody listens, and which no connection is given that is made meanwhile."""
    ports: list[int] = []
    with ExitStack() as stack:
        while len(ports) < count:
            port = random.randrange(*NOT_GIVEN_AWAY)
            with suppress(OSError):  # somebody listens there
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
                ports.append(port)
    return ports


@contextmanager
def running_nginx(
    upstream: str, *, tls: bool = False, origins: Sequence[str] = (ALLOWED_ORIGIN,), **words: str
) -> Iterator[NginxServer]:
    """Give an nginx before `upstream` (`unix:PATH` or `HOST:PORT`); `words` are those of deploy/nginx/render.sh."""
    server = NginxServer(upstream, tls=tls, origins=origins, **words)
    try:
        server.start()
        yield server
    finally:
        server.close()


def nginx_logs_of_running() -> Iterator[tuple[str, str]]:
    """Give a title and the log for each nginx that runs, for the report of a failed test."""
    for server in running:
        for name in ("access.log", "error.log"):
            yield f"{name} of nginx at {server.url}", server.log(name)[-LOG_TAIL_CHARACTERS:]
