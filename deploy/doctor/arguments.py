"""What a person or a monitor may say to the doctor."""

import argparse
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.doctor.address import Address
from deploy.doctor.network import Endpoint, Network
from deploy.doctor.server import Server

DESCRIPTION = "Look at a Pagesight server from outside and say what is wrong and what to do."
EXIT_STATUSES = (
    "Exit status: 0 nothing is wrong, 1 something is wrong, 2 these arguments make no sense,"
    " 3 the server cannot be reached."
)
RESOLVE = re.compile(r"(?P<host>[^:]+):(?P<port>\d+):(?P<addresses>.+)")
ONE_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<v4>[0-9.]+))(?::(?P<port>\d+))?")
Given = tuple[tuple[str, int], tuple[Endpoint, ...]]


@dataclass(frozen=True, slots=True)
class Order:
    """What to look at, and how to report it."""

    server: Server
    as_json: bool
    strict: bool


def read_arguments(arguments: Sequence[str]) -> Order:
    """Read the command line; ends the process with status 2 if it makes no sense."""
    parser = argparse.ArgumentParser(prog="python3 -m deploy.doctor", description=DESCRIPTION, epilog=EXIT_STATUSES)
    parser.add_argument(
        "url", type=_address, metavar="URL", help="where the API is, such as https://detector.example.org"
    )
    parser.add_argument(
        "origin", nargs="?", type=_origin, metavar="ORIGIN", help="whose page asks it: https://you.github.io"
    )
    parser.add_argument("--page", type=_address, metavar="URL", help="where that page is (default: ORIGIN/)")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of lines")
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")
    parser.add_argument("--cacert", type=_file, metavar="FILE", help="the one authority to trust, as in curl")
    parser.add_argument(
        "--resolve",
        type=_resolve,
        action="append",
        default=[],
        metavar="HOST:PORT:ADDRESS[:PORT][,...]",
        help="addresses in place of those in DNS, as in curl; a port after one is used there",
    )
    given = parser.parse_args(arguments)
    server = Server(
        address=given.url,
        given_origin=given.origin,
        page=given.page or (Address.parse(given.origin) if given.origin else None),
        network=Network(given=dict(given.resolve), cacert=given.cacert),
    )
    return Order(server, as_json=given.json, strict=given.strict)


def _address(text: str) -> Address:
    try:
        return Address.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _origin(text: str) -> str:
    _address(text)
    return text


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is not a file")
    return path


def _resolve(text: str) -> Given:
    whole = RESOLVE.fullmatch(text)
    if not whole:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT:ADDRESS")
    port = int(whole["port"])
    return (whole["host"].lower(), port), tuple(_endpoint(one, port) for one in whole["addresses"].split(","))


def _endpoint(text: str, port: int) -> Endpoint:
    parts = ONE_ADDRESS.fullmatch(text)
    try:
        if not parts:
            raise ValueError(text)
        return Endpoint(str(ipaddress.ip_address(parts["v6"] or parts["v4"])), int(parts["port"] or port))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not an IP address; IPv6 goes into [ ]") from error
