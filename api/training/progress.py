"""What a training tells its owner while it works, and whether it is to stop."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from api.training.errors import TrainingError

Item = TypeVar("Item")


class Stopped(TrainingError):
    """The owner has stopped it; what is done so far is kept."""


class Progress(Protocol):
    """Where a training is. `must_stop` is asked between two steps."""

    def begin(self, what: str, steps: int) -> None:
        """Begin a stage of this many steps; the one before it is over."""

    def advance(self, note: str = "") -> None:
        """Count one more step as done; `note` says how it stands."""

    def say(self, text: str) -> None:
        """Tell something that is to stay."""

    @property
    def must_stop(self) -> bool:
        """Whether the owner wants it to stop."""


def steps_of(items: Iterable[Item], what: str, count: int, progress: Progress) -> Iterator[Item]:
    """Yield the items, each a step of a stage. Raises Stopped."""
    progress.begin(what, count)
    for item in items:
        yield item
        progress.advance()
        if progress.must_stop:
            raise Stopped(f"Stopped while {what}.")
