"""The log's line for each request: key=value, for a person and for `grep`. No names, no bytes, no full address."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

PREFIX_LENGTHS = {4: 24, 6: 48}  # enough to see where a flood comes from, too little to know who it was


def write_line(**facts: object) -> str:
    """Return the facts as `key=value`, in their order; None is `-`."""
    return " ".join(f"{name}={'-' if fact is None else fact}" for name, fact in facts.items())


def describe_answer(
    environ: Mapping[str, Any],
    *,
    request_id: str,
    route: str | None,
    status: int,
    seconds: float,
    bytes_out: int | None,
    problem: str | None,
) -> str:
    """Return the line of a request that was answered; `route` is ours, never the path that was asked for."""
    return write_line(
        id=request_id,
        client=shortened_client(environ),
        method=environ["REQUEST_METHOD"],
        route=route,
        status=status,
        ms=round(seconds * 1000),
        bytes_in=environ.get("CONTENT_LENGTH") or None,
        bytes_out=bytes_out,
        problem=problem,
    )


def shorten(address: str) -> str:
    """Return the network that an IP address belongs to, `-` for what is none."""
    try:
        known = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "-"
    return str(ip_network((known, PREFIX_LENGTHS[known.version]), strict=False).network_address)


def shortened_client(environ: Mapping[str, Any]) -> str:
    """Return who asks. A proxy is believed where nobody else can be: on a UNIX socket or on this machine."""
    peer = environ.get("REMOTE_ADDR") or ""
    if not peer or _is_loopback(peer):
        forwarded: str = environ.get("HTTP_X_FORWARDED_FOR") or peer
        return shorten(forwarded.rpartition(",")[2])
    return shorten(peer)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
