"""Pagesight as it is deployed: nginx with HTTPS, a socket that outlives the API, and what an owner does to them."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from harness.gunicorn_server import POLL_S, START_LIMIT_S, GunicornServer, listen, running_server
from harness.life.steady_load import SteadyLoad
from harness.nginx_server import DOMAIN, NginxServer, running_nginx


@dataclass(frozen=True)
class Deployment:
    """The API and the nginx in front of it."""

    api: GunicornServer
    nginx: NginxServer

    def load(self, image: bytes, *, expected: str, clients: int = 3, pause_s: float = 0.0) -> SteadyLoad:
        """Return clients that ask nginx; they begin when entered."""
        return SteadyLoad(self.nginx.port, self.nginx.tls, image, expected=expected, clients=clients, pause_s=pause_s)

    def restart(self) -> None:
        """Do as `systemctl restart pagesight`: the socket stays."""
        assert self.api.stop() == 0
        self.api.start()

    def hang_up(self) -> None:
        """Send SIGHUP, and wait until the worker is another one."""
        old = self.api.worker_pids
        self.api.send(signal.SIGHUP)
        wait_until(lambda: self.api.worker_pids and not set(old) & set(self.api.worker_pids))
        self.api.wait_until_ready()

    def kill_worker(self) -> float:
        """Kill the worker as the kernel does when memory runs out; return the seconds until the next one is ready."""
        (pid,) = self.api.worker_pids
        began = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: pid not in self.api.worker_pids)
        self.api.wait_until_ready()
        return time.monotonic() - began

    def change_certificate(self) -> None:
        """Do as certbot's renewal does: a new certificate, and a reload of nginx."""
        self.nginx.renew_certificate()
        self.nginx.reload()

    def served_certificate(self) -> bytes:
        """Return the certificate that a visitor gets now."""
        assert self.nginx.tls
        with (
            socket.create_connection((DOMAIN, self.nginx.port)) as connection,
            self.nginx.tls.wrap_socket(connection, server_hostname=DOMAIN) as secure,
        ):
            certificate = secure.getpeercert(binary_form=True)
        assert certificate
        return certificate


@contextmanager
def deployed(**environment: str) -> Iterator[Deployment]:
    """Give a deployment that is ready; `environment` is the API's."""
    with (
        listen() as listener,
        running_server(listener=listener, **environment) as api,
        running_nginx(api.host, tls=True) as nginx,
    ):
        yield Deployment(api, nginx)


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until it is true, at most as long as a start may take."""
    deadline = time.monotonic() + START_LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(POLL_S)
