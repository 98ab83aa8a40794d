"""What the doctor writes: lines for a person, one JSON object for a program, and the exit status for a monitor."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from enum import IntEnum

from deploy.doctor.checks import REACHING
from deploy.doctor.diagnosis import Result
from deploy.doctor.finding import Status
from deploy.doctor.server import Server

MARKS = {Status.WELL: "✓", Status.WARNING: "!", Status.WRONG: "✗", Status.SKIPPED: "-"}
COLOURS = {Status.WELL: "32", Status.WARNING: "33", Status.WRONG: "31", Status.SKIPPED: "2"}
WORDS = {Status.WELL: "well", Status.WARNING: "to watch", Status.WRONG: "wrong", Status.SKIPPED: "not looked at"}
NAME_WIDTH = 18
TEXT_MAX = 400


class ExitStatus(IntEnum):
    """What a monitor gets. 2 is for arguments that make no sense, as in every program with argparse."""

    WELL = 0
    WRONG = 1
    UNREACHABLE = 3


def exit_status(results: Sequence[Result], *, strict: bool = False) -> ExitStatus:
    """Return 3 if the server cannot be reached, 1 if something is wrong (`strict`: or to watch), else 0."""
    bad = {Status.WRONG, Status.WARNING} if strict else {Status.WRONG}
    if any(result.check in REACHING and result.finding.status is Status.WRONG for result in results):
        return ExitStatus.UNREACHABLE
    return ExitStatus.WRONG if any(result.finding.status in bad for result in results) else ExitStatus.WELL


def format_line(result: Result, *, coloured: bool = False) -> str:
    """Return a line for a person, and under it the remedy if there is one."""
    finding = result.finding
    mark = MARKS[finding.status]
    if coloured:
        mark = f"\x1b[{COLOURS[finding.status]}m{mark}\x1b[0m"
    line = f"{mark} {result.check:<{NAME_WIDTH}} {_harmless(finding.found)}\n"
    return line + (f"  {'':<{NAME_WIDTH}} → {_harmless(finding.remedy)}\n" if finding.remedy else "")


def format_summary(results: Sequence[Result]) -> str:
    """Return the last line for a person."""
    counts = Counter(result.finding.status for result in results)
    return ", ".join(f"{counts[status]} {WORDS[status]}" for status in Status if counts[status]) + "\n"


def format_json(server: Server, results: Sequence[Result], status: ExitStatus) -> str:
    """Return all of it as one JSON object."""
    return json.dumps(
        {
            "url": str(server.address),
            "origin": server.origin,
            "exit_status": status,
            "checks": [{"check": result.check, **asdict(result.finding)} for result in results],
        },
        indent=2,
        ensure_ascii=False,
    )


def _harmless(text: str) -> str:
    """Return one line without control characters: a part of it was sent by the server."""
    return "".join(char if char.isprintable() else " " for char in text)[:TEXT_MAX]
