"""What a check says: well, a warning, wrong, or that it could not look."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How one thing is."""

    WELL = "well"
    WARNING = "warning"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen, in words, and the remedy if there is something to do."""

    status: Status
    found: str
    remedy: str = ""


def well(found: str) -> Finding:
    """Return that all is as it should be."""
    return Finding(Status.WELL, found)


def warning(found: str, remedy: str) -> Finding:
    """Return that it works, but should be otherwise."""
    return Finding(Status.WARNING, found, remedy)


def wrong(found: str, remedy: str) -> Finding:
    """Return that it does not work."""
    return Finding(Status.WRONG, found, remedy)


def unseen(why: str) -> Finding:
    """Return that it could not be looked at from here, or is of no concern."""
    return Finding(Status.SKIPPED, why)
