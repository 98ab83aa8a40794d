"""What a server's certificate says and which TLS it speaks, even if a browser would refuse it.

The standard library decodes a certificate only when it is trusted. So each question is a handshake of its own, which
looks at one thing: the chain, the name, or, with this certificate itself as the trusted one, its contents.
"""

import socket
import ssl
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Connect = Callable[[], socket.socket]
NO_CHECK_TIME = 0x200000  # OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which Python has no name

NAMES_OF_ISSUER = ("organizationName", "commonName")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands in a certificate. Times are seconds since 1970; `issuer` is the name a person knows it by."""

    names: tuple[str, ...]
    issuer: str
    is_self_signed: bool
    starts: float
    ends: float
    der: bytes

    @classmethod
    def read(cls, connect: Connect, host: str) -> "Certificate":
        """Ask a server for its own, trusted or not. Raises ssl.SSLError if it does not speak TLS, and OSError."""
        der = _shake(connect, host, _trusting_anyone()).der
        content = _shake(connect, host, _trusting_only(der)).certificate
        return cls(
            names=tuple(value for _, value in content.get("subjectAltName", ())),
            issuer=", ".join(value for part in content["issuer"] for key, value in part if key in NAMES_OF_ISSUER),
            is_self_signed=content["issuer"] == content["subject"],
            starts=ssl.cert_time_to_seconds(content["notBefore"]),
            ends=ssl.cert_time_to_seconds(content["notAfter"]),
            der=der,
        )

    def objection_to_name(self, connect: Connect, host: str) -> str:
        """Return why a browser would not take it for `host`; empty if it would."""
        context = _trusting_only(self.der)
        context.check_hostname = True
        return _objection(connect, host, context)


def objection_to_chain(connect: Connect, host: str, trust: ssl.SSLContext) -> str:
    """Return why the certificate leads to no trusted authority; empty if it does. Dates do not count here."""
    trust.check_hostname = False
    trust.verify_flags |= NO_CHECK_TIME
    return _objection(connect, host, trust)


def spoken_version(connect: Connect, host: str) -> str:
    """Return the version of TLS that the two agree on, such as `TLSv1.3`."""
    return _shake(connect, host, _trusting_anyone()).version


def spoken_old_version(connect: Connect, host: str) -> str | None:
    """Offer only TLS 1.0 and 1.1. Returns what is agreed on; empty if refused, None if it cannot be tried."""
    context = _trusting_anyone()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # they are deprecated: that is why they are looked for
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        return _shake(connect, host, context).version
    except ssl.SSLError as error:
        return None if error.reason in ("NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE") else ""
    except ValueError:  # this OpenSSL was built without them
        return None
    except ConnectionError:
        return ""


@dataclass(frozen=True, slots=True)
class _Handshake:
    der: bytes
    certificate: dict[str, Any]
    version: str


def _shake(connect: Connect, host: str, context: ssl.SSLContext) -> _Handshake:
    with connect() as plain, context.wrap_socket(plain, server_hostname=host) as sock:
        return _Handshake(
            der=sock.getpeercert(binary_form=True) or b"",
            certificate=dict(sock.getpeercert() or {}),
            version=sock.version() or "",
        )


def _objection(connect: Connect, host: str, context: ssl.SSLContext) -> str:
    try:
        _shake(connect, host, context)
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    return ""


def _trusting_anyone() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _trusting_only(der: bytes) -> ssl.SSLContext:
    """Return a context that takes this one certificate, whatever its signer and dates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=der)
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN | NO_CHECK_TIME
    return context
