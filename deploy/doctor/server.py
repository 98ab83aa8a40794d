"""The server to look at: where it is, whose page asks it, and what several checks need to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from socket import socket

from deploy.doctor.address import Address
from deploy.doctor.network import Answer, Endpoint, Network
from deploy.doctor.tls import Certificate

KEY_NEEDED = 401


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server as its visitors meet it.

    `given_origin` is the page's origin as a person wrote it, or None; `page` is where the page is.
    """

    address: Address
    given_origin: str | None = None
    page: Address | None = None
    network: Network = field(default_factory=Network)
    letsencrypt: Path = Path("/etc/letsencrypt")

    @property
    def host(self) -> str:
        """Its name."""
        return self.address.host

    @cached_property
    def origin(self) -> str | None:
        """What a browser would send for the page."""
        return Address.parse(self.given_origin).origin.lower() if self.given_origin else None

    @cached_property
    def plain(self) -> Address:
        """The same name on port 80."""
        return Address("http", self.host, 80, "/status_check")

    @cached_property
    def endpoints(self) -> list[Endpoint]:
        """All addresses of its name."""
        return self.network.look_up(self.host, self.address.port)

    @cached_property
    def certificate(self) -> Certificate:
        """Its own certificate, trusted or not."""
        return Certificate.read(self.connect, self.host)

    @cached_property
    def status(self) -> Answer:
        """The answer to `/status_check`, asked as a program would: without an origin."""
        return self.ask("/status_check")

    def connect(self) -> socket:
        """Return a connection to the first of its addresses that takes one."""
        return self.network.connect_any(self.address)

    def secure(self, plain: socket) -> socket:
        """Put TLS over a connection if the API is https."""
        return self.network.secure(plain, self.address)

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        endpoint: Endpoint | None = None,
        limit_s: float | None = None,
    ) -> Answer:
        """Ask the API for one of its paths; see `Network.ask`."""
        address = replace(self.address, path=self.address.path.rstrip("/") + path)
        return self.network.ask(address, method, headers=headers, body=body, endpoint=endpoint, limit_s=limit_s)

    def ask_as_page(
        self,
        path: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit_s: float | None = None,
    ) -> Answer:
        """Ask as the page would, with its origin if that is known."""
        from_page = {"Origin": self.origin} if self.origin else {}
        return self.ask(path, method, headers={**from_page, **(headers or {})}, body=body, limit_s=limit_s)

    def send_file(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a form as a program; where programs need a key, which the doctor has not, as the page."""
        limit_s = self.network.limits.detection_s
        answer = self.ask(path, "POST", headers=headers, body=body, limit_s=limit_s)
        if answer.status != KEY_NEEDED:
            return answer
        return self.ask_as_page(path, "POST", headers=headers, body=body, limit_s=limit_s)
