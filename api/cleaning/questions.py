"""What a person should look at, by what a training has found: likely wrong labels, and copies of photographs."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.cleaning.corrections import Corrections, Item
from api.training.duplicates import near_duplicates
from api.training.run import Run
from api.training.suspects import likely_wrong


@dataclass(frozen=True, slots=True)
class Doubt:
    """A photograph whose label may be wrong: the model says `said`. `score` is 0..1, 1 for surely wrong."""

    number: int
    said: str
    score: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photographs that are nearly the same. `is_across`: one is learnt from, and the other is what is tested on."""

    one: int
    other: int
    is_across: bool


@dataclass(frozen=True, slots=True)
class Questions:
    """Those of the training `name`, made at an ISO date; `known` is how many of its photographs are still there."""

    name: str
    made: str
    known: int
    doubts: tuple[Doubt, ...]
    pairs: tuple[Pair, ...]


def ask(run: Run, corrections: Corrections) -> Questions:
    """Return what is to be asked about the photographs that are there."""
    items = {item.name: item for item in corrections.items}
    known = sum(corrections.follow(name) in items for name in run.photographs)
    return Questions(run.name, run.made, known, tuple(_doubts(run, items)), tuple(_pairs(run, items, corrections)))


def _doubts(run: Run, items: dict[str, Item]) -> Iterator[Doubt]:
    """Yield the worst first; what has another label since is decided."""
    for suspect in likely_wrong(run):
        item = items.get(run.photographs[suspect.index])
        if item and item.label == run.labels[suspect.meant]:
            yield Doubt(item.number, run.labels[suspect.said], float(suspect.score))


def _pairs(run: Run, items: dict[str, Item], corrections: Corrections) -> Iterator[Pair]:
    """Yield pairs of which both are still there, whatever they are called now."""
    for pair in near_duplicates(run):
        names = (corrections.follow(run.photographs[pair.one]), corrections.follow(run.photographs[pair.other]))
        one, other = (items.get(name) for name in names)
        if one and other and one.number != other.number:
            yield Pair(one.number, other.number, bool(pair.across_split))
