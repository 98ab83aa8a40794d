"""The addresses that a person gives, of the API and of a page, and a browser's origin for them (RFC 6454)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address in its parts. `path` begins with a slash and may be only that."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read an address. Raises ValueError, in words, if it is not one."""
        parts = urlsplit(text.strip())
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValueError(f"{text!r} is not an address such as https://detector.example.org")
        try:
            host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
            port = parts.port or DEFAULT_PORTS[parts.scheme]
        except ValueError as error:
            raise ValueError(f"{text!r} has a host or a port that cannot be") from error
        return cls(parts.scheme, host, port, parts.path or "/")

    @property
    def is_https(self) -> bool:
        """Whether it is encrypted."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """What goes into a `Host` header: the port only if it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """What a browser sends as `Origin`."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.path.rstrip("/")
