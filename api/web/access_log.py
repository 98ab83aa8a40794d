"""The log's line for each request: key=value, for a person and for `grep`.

No file's name, no bytes, no full address. `key` is the name that the owner gave a key, never the key.
"""

import logging
from ipaddress import ip_address, ip_network

from api.web.request_facts import CALLER, Environ, RequestFacts

logger = logging.getLogger(__name__)

PREFIX_LENGTHS = {4: 24, 6: 48}  # enough to see where a flood comes from, too little to recognise a visitor


def write_line(**facts: object) -> str:
    """Return the facts as `key=value`, in their order; None is `-`."""
    return " ".join(f"{name}={'-' if fact is None else fact}" for name, fact in facts.items())


def log_answer(environ: Environ, facts: RequestFacts) -> None:
    """Write the line of a request that was answered."""
    # Health checks come every few seconds; those that succeed are not worth a line.
    went_well = environ["REQUEST_METHOD"] in ("GET", "HEAD") and facts.status < 400
    line = write_line(
        id=facts.request_id,
        client=shortened_client(environ),
        key=environ.get(CALLER),
        method=environ["REQUEST_METHOD"],
        route=facts.route,
        status=facts.status,
        ms=round(facts.seconds * 1000),
        bytes_in=environ.get("CONTENT_LENGTH") or None,
        bytes_out=facts.bytes_out,
        problem=facts.problem,
        model=facts.model,
    )
    logger.log(logging.DEBUG if went_well else logging.INFO, line)


def shorten(address: str) -> str:
    """Return the network that an IP address belongs to, `-` for anything else."""
    try:
        known = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "-"
    return str(ip_network((known, PREFIX_LENGTHS[known.version]), strict=False).network_address)


def shortened_client(environ: Environ) -> str:
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
