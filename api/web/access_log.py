"""The log's line for each request: key=value, for a person and for `grep`. No names, no bytes, no full address."""

import logging
import time
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Response, g, request

logger = logging.getLogger(__name__)

PREFIX_LENGTHS = {4: 24, 6: 48}  # enough to see where a flood comes from, too little to recognise a visitor


def write_line(**facts: object) -> str:
    """Return the facts as `key=value`, in their order; None is `-`."""
    return " ".join(f"{name}={'-' if fact is None else fact}" for name, fact in facts.items())


def log_answer(response: Response) -> None:
    """Write the line of the current request. `route` is one of ours, never the path that was asked for."""
    # Health checks come every few seconds; those that succeed are not worth a line.
    went_well = request.method in ("GET", "HEAD") and response.status_code < 400
    line = write_line(
        id=g.facts.request_id,
        client=shortened_client(request.environ),
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        ms=round((time.monotonic() - g.facts.started_s) * 1000),
        bytes_in=request.environ.get("CONTENT_LENGTH") or None,
        bytes_out=response.content_length,
        problem=g.facts.problem,
        model=g.facts.model,
    )
    logger.log(logging.DEBUG if went_well else logging.INFO, line)


def shorten(address: str) -> str:
    """Return the network that an IP address belongs to, `-` for anything else."""
    try:
        known = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "-"
    return str(ip_network((known, PREFIX_LENGTHS[known.version]), strict=False).network_address)


def shortened_client(environ: Mapping[str, Any]) -> str:
    """Return the client's network. A proxy is believed only if it comes by a UNIX socket or from this machine."""
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
