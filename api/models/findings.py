"""What a look at a model's files finds, for its owner."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from api.models.errors import ModelError


class Level(StrEnum):
    """How bad a finding is: only WRONG keeps a model from serving."""

    RIGHT = "ok"
    ODD = "odd"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    text: str


def look_at_files(find: Callable[[], Sequence[Path]]) -> Iterator[Finding]:
    """Yield what there is to say of the files that `find` returns, or of the ModelError that it raises."""
    try:
        sizes = ", ".join(f"{path.name} ({path.stat().st_size:,} bytes)" for path in find())
    except ModelError as error:
        yield Finding(Level.WRONG, str(error))
    else:
        yield Finding(Level.RIGHT, f"the files can be read: {sizes}")
