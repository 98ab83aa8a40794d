"""The doctor at the bedside of one of the sites."""

from pathlib import Path
from typing import Any

from deploy.doctor.address import Address
from deploy.doctor.checks import CHECKS
from deploy.doctor.diagnosis import Result, diagnose
from deploy.doctor.finding import Status
from deploy.doctor.network import Endpoint, Limits, Network
from deploy.doctor.server import Server
from harness.gunicorn_server import ALLOWED_ORIGIN
from tests.deploy.doctor_sites import HOST, PAGE_HOST, RunningSites

LIMITS = Limits(connect_s=5, answer_s=30, slow_sender_s=20)
LONG = ("photograph", "detection", "slow-senders")
QUICK = tuple(check for check in CHECKS if check.name not in LONG)


def server_at(sites: RunningSites, site: str = "good", *, port_80: str = "redirect", **changes: Any) -> Server:
    """Return a site as the server of detector.test."""
    given = {
        (HOST, 443): (Endpoint("127.0.0.1", sites.ports[site]),),
        (HOST, 80): (Endpoint("127.0.0.1", sites.ports[port_80]),),
        (PAGE_HOST, 443): (Endpoint("127.0.0.1", sites.ports["page"]),),
    }
    network = Network(
        given=given | changes.pop("given", {}), cacert=sites.authority, limits=changes.pop("limits", LIMITS)
    )
    usual: dict[str, Any] = {
        "address": Address.parse(f"https://{HOST}"),
        "given_origin": ALLOWED_ORIGIN,
        "page": Address.parse(ALLOWED_ORIGIN),
        "network": network,
        "letsencrypt": Path("/nowhere"),
    }
    return Server(**(usual | changes))


def complaints(results: list[Result]) -> dict[str, Status]:
    """Return what is not as it should be, by the name of the check."""
    bad = (Status.WARNING, Status.WRONG)
    return {result.check: result.finding.status for result in results if result.finding.status in bad}


def examine(server: Server, *also: str) -> list[Result]:
    """Run the quick checks, and those of the long ones that are named."""
    return list(diagnose(server, [check for check in CHECKS if check in QUICK or check.name in also]))


def told(results: list[Result], check: str) -> str:
    """Return what a check says, its remedy too."""
    finding = next(result.finding for result in results if result.check == check)
    return f"{finding.found} {finding.remedy}"
