"""Names to addresses, connections, and HTTP requests, each with a time limit and without retries or proxies."""

import contextlib
import errno
import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

from deploy.doctor.address import Address

ANSWER_MAX_BYTES = 32_000_000
PROBLEM = "application/problem+json"
TOO_OFTEN = 429
PATIENCE_S = (1.0, 2.0, 0.0)  # nginx lets five requests a second pass; the doctor asks about twenty in all
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the doctor waits, in seconds, for one connection, one answer, one check, and in all."""

    connect_s: float = 5.0
    answer_s: float = 15.0
    detection_s: float = 50.0
    slow_sender_s: float = 15.0
    check_s: float = 60.0
    total_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a connection goes: an IP address and a port."""

    ip: str
    port: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers` are read without regard to case. It took `seconds` and ended `at` (since 1970)."""

    status: int
    headers: Message
    body: bytes
    seconds: float
    at: float

    @property
    def content_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get_content_type()

    @property
    def members(self) -> dict[str, Any]:
        """The body's JSON object; empty if the body is anything else."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}


@dataclass(frozen=True, slots=True)
class Network:
    """The way to servers. `given` are addresses that stand in for DNS; `cacert` the one authority to trust."""

    given: Mapping[tuple[str, int], tuple[Endpoint, ...]] = field(default_factory=dict)
    cacert: Path | None = None
    limits: Limits = field(default_factory=Limits)

    def look_up(self, host: str, port: int) -> list[Endpoint]:
        """Return all addresses of a name, those of IPv4 first. Raises socket.gaierror if there are none."""
        if (host, port) in self.given:
            return list(self.given[host, port])
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = dict.fromkeys((family != socket.AF_INET, str(place[0])) for family, _, _, _, place in found)
        return [Endpoint(ip, port) for _, ip in sorted(addresses, key=lambda one: one[0])]

    def connect(self, endpoint: Endpoint) -> socket.socket:
        """Return an open connection. Raises OSError."""
        return socket.create_connection((endpoint.ip, endpoint.port), timeout=self.limits.connect_s)

    def connect_any(self, address: Address) -> socket.socket:
        """Return a connection to the first address that takes one. Raises the last one's OSError."""
        problem = OSError(errno.EHOSTUNREACH, "there is no address")
        for endpoint in self.look_up(address.host, address.port):
            try:
                return self.connect(endpoint)
            except OSError as error:
                problem = error
        raise problem

    def trust(self) -> ssl.SSLContext:
        """Return what a browser would ask of a certificate."""
        return ssl.create_default_context(cafile=str(self.cacert) if self.cacert else None)

    @property
    def trusts_anybody(self) -> bool:
        """Whether there is any authority to trust: some Pythons come without one."""
        places = ssl.get_default_verify_paths()
        return bool(self.cacert or places.cafile or places.capath or self.trust().get_ca_certs())

    def secure(self, sock: socket.socket, address: Address) -> socket.socket:
        """Put TLS over a connection if the address is https. Raises ssl.SSLError."""
        return self.trust().wrap_socket(sock, server_hostname=address.host) if address.is_https else sock

    def ask(
        self,
        address: Address,
        method: str = "GET",
        *,
        headers: Headers | None = None,
        body: bytes | None = None,
        endpoint: Endpoint | None = None,
        limit_s: float | None = None,
    ) -> Answer:
        """Send a request and return what comes back; after a 429 (too often), wait and send it again.

        Raises OSError (ssl.SSLError among them) and http.client.HTTPException.
        """
        for patience_s in PATIENCE_S:
            answer = self._ask_once(address, method, headers or {}, body, endpoint, limit_s or self.limits.answer_s)
            if answer.status != TOO_OFTEN:
                break
            time.sleep(patience_s)
        return answer

    def _ask_once(
        self,
        address: Address,
        method: str,
        headers: Headers,
        body: bytes | None,
        endpoint: Endpoint | None,
        limit_s: float,
    ) -> Answer:
        began = time.monotonic()
        connected = self.connect(endpoint) if endpoint else self.connect_any(address)
        with connected as plain, self.secure(plain, address) as sock:
            sock.settimeout(limit_s)
            return _exchange(sock, address, method, headers, body, began=began)


def _exchange(
    sock: socket.socket, address: Address, method: str, headers: Headers, body: bytes | None, *, began: float
) -> Answer:
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.sock = sock
    # A body may be refused before all of it was sent; the server's answer can still be read.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.request(method, address.path, body, {"Host": address.authority, "Connection": "close", **headers})
    response = connection.getresponse()
    try:
        content = response.read(ANSWER_MAX_BYTES)
    finally:
        response.close()
    return Answer(response.status, response.headers, content, time.monotonic() - began, time.time())


def tell(error: Exception) -> str:
    """Say in a few words why there was no answer."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"the TLS handshake failed ({error.reason or error})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "the connection is refused"
    if isinstance(error, ConnectionError | http.client.RemoteDisconnected):
        return "the connection is cut without an answer"
    if isinstance(error, http.client.HTTPException):
        return f"what comes back is not HTTP ({type(error).__name__})"
    return getattr(error, "strerror", None) or str(error)
