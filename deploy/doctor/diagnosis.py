"""Runs the checks one after the other, each within its time."""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from deploy.doctor.checks import CHECKS, Check
from deploy.doctor.finding import Finding, Status, unseen, wrong
from deploy.doctor.network import tell
from deploy.doctor.server import Server


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found."""

    check: str
    finding: Finding


def diagnose(server: Server, checks: Sequence[Check] = CHECKS) -> Iterator[Result]:
    """Yield the result of each check as it is known; skip those that depend on something wrong."""
    limits = server.network.limits
    deadline = time.monotonic() + limits.total_s
    begun: dict[str, Future[Finding]] = {}
    settled: set[str] = set()
    causes: dict[str, str] = {}  # of what is wrong or skipped: the check that found it wrong
    for check in checks:
        cause = next((causes[name] for name in check.needs if name in causes), None)
        if cause:
            finding = unseen(f"not looked at, because of: {cause}")
        else:
            if check.name not in begun:
                begun[check.name] = _begin(check, server)
            finding = _await(begun[check.name], min(limits.check_s, deadline - time.monotonic()))
        settled.add(check.name)
        if cause or finding.status is Status.WRONG:
            causes[check.name] = cause or check.name
        yield Result(check.name, finding)
        for other in checks:
            if other.takes_long and other.name not in begun and settled.difference(causes).issuperset(other.needs):
                begun[other.name] = _begin(other, server)


def _begin(check: Check, server: Server) -> Future[Finding]:
    """Run a check in a thread of its own, which is left behind if it does not end: DNS, for one, has no time limit."""
    future: Future[Finding] = Future()

    def run() -> None:
        try:
            future.set_result(_look(check, server))
        except Exception as error:  # noqa: BLE001, the result raises it again
            future.set_exception(error)

    threading.Thread(target=run, name=check.name, daemon=True).start()
    return future


def _look(check: Check, server: Server) -> Finding:
    try:
        return check.look(server)
    except (OSError, http.client.HTTPException) as error:
        return wrong(
            f"the server does not answer as it should: {tell(error)}", "Run the doctor again; then see nginx's log."
        )


def _await(future: Future[Finding], limit_s: float) -> Finding:
    try:
        return future.result(timeout=max(limit_s, 0))
    except TimeoutError:
        return wrong("no answer within the time of this check", "Is the server overloaded, or the way to it very slow?")
