"""One hostile file, and the status that it must get."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

READ = 200
TOO_LARGE = 413
NOT_AN_IMAGE = 415
REFUSED = 422


@dataclass(frozen=True, slots=True)
class Case:
    """A file that is made when it is asked for: some are large. `name` says what is wrong with it."""

    name: str
    make: Callable[[], bytes]
    status: int


def cut_at(shares: tuple[float, ...], kind: str, whole: Callable[[], bytes], status: int = REFUSED) -> Iterator[Case]:
    """Give the file cut off after each share of its bytes."""
    for share in shares:
        yield Case(f"{kind} cut at {share:.0%}", lambda share=share: whole()[: int(len(whole()) * share)], status)
