"""deploy/docker/front.sh, with a real nginx: the challenge first, then HTTPS, then the renewed certificate."""

import http.client
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from cryptography.x509 import load_der_x509_certificate

from harness.gunicorn_server import ALLOWED_ORIGIN, PROJECT, GunicornServer
from harness.nginx_server import NGINX, START_LIMIT_S, STOP_LIMIT_S, free_ports

DOMAIN = "detector.example.org"
POLL_S = 0.05


class Front:
    """One front.sh, on ports and in folders of its own."""

    def __init__(self, folder: Path, upstream: str) -> None:
        self.authority = trustme.CA()
        self.certificates = folder / "live" / DOMAIN
        self.challenges = folder / "acme"
        self.http_port, self.https_port = free_ports(2)
        environment = {
            "PATH": f"{Path(NGINX).parent}:{os.environ['PATH']}",
            "DOMAIN": DOMAIN,
            "ORIGINS": ALLOWED_ORIGIN,
            "FRONT_FOLDER": str(folder / "run"),
            "FRONT_CERTIFICATES": str(folder / "live"),
            "FRONT_ACME_ROOT": str(self.challenges),
            "FRONT_LOOK_EVERY_S": "0.2",
            "FRONT_UPSTREAM": upstream,
            "FRONT_USER": os.environ.get("USER", "root"),
            "FRONT_ADDRESSES": "127.0.0.1",
            "FRONT_HTTP_PORT": str(self.http_port),
            "FRONT_HTTPS_PORT": str(self.https_port),
        }
        # A session of its own, as in a container: what follows the certificate ends with nginx there.
        self.process = subprocess.Popen([PROJECT / "deploy/docker/front.sh"], env=environment, start_new_session=True)

    def certify(self) -> int:
        """Put a new certificate where certbot does; returns its serial number."""
        certificate = self.authority.issue_cert(DOMAIN)
        self.certificates.mkdir(parents=True, exist_ok=True)
        certificate.private_key_pem.write_to_path(str(self.certificates / "privkey.pem"))
        chain = b"".join(blob.bytes() for blob in certificate.cert_chain_pems)
        (self.certificates / "new.pem").write_bytes(chain)
        (self.certificates / "new.pem").replace(self.certificates / "fullchain.pem")
        return serial_of(ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode()))

    def served(self) -> int:
        """Return the serial number of the certificate that visitors see; 0 where there is none."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        try:
            with (
                socket.create_connection(("127.0.0.1", self.https_port), timeout=5) as plain,
                context.wrap_socket(plain, server_hostname=DOMAIN) as secured,
            ):
                return serial_of(secured.getpeercert(binary_form=True) or b"")
        except ConnectionRefusedError:
            return 0

    def get(self, path: str) -> tuple[int, str, bytes]:
        """Ask by plain HTTP; returns status, Location and body, and status 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": DOMAIN})
            answer = connection.getresponse()
            return answer.status, answer.headers["Location"] or "", answer.read()
        except ConnectionRefusedError:
            return 0, "", b""
        finally:
            connection.close()


def serial_of(certificate: bytes) -> int:
    return load_der_x509_certificate(certificate).serial_number


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(POLL_S)


@pytest.fixture
def front(tmp_path: Path, server: GunicornServer) -> Iterator[Front]:
    front = Front(tmp_path, server.host)
    try:
        yield front
    finally:
        front.process.terminate()
        assert front.process.wait(STOP_LIMIT_S) == 0
        subprocess.run(["pkill", "--session", str(front.process.pid)], check=False)


def test_from_no_certificate_to_a_renewed_one(front: Front):
    wait_until(lambda: front.get("/status_check")[0] == 503)  # nobody is answered by plain HTTP
    (front.challenges / ".well-known/acme-challenge").mkdir(parents=True)
    (front.challenges / ".well-known/acme-challenge/token").write_bytes(b"proof")
    assert front.get("/.well-known/acme-challenge/token")[::2] == (200, b"proof")
    first = front.certify()
    wait_until(lambda: front.served() == first)
    wait_until(lambda: front.get("/status_check")[:2] == (308, f"https://{DOMAIN}/status_check"))
    second = front.certify()
    assert second != first
    wait_until(lambda: front.served() == second)
