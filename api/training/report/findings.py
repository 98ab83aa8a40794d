"""All that is found out about a run, once, for the page and for the terminal."""

from dataclasses import dataclass
from functools import lru_cache

from api.training.duplicates import Duplicate, near_duplicates
from api.training.report.figures import Figures, find_figures
from api.training.report.outlook import Outlook, look_ahead
from api.training.run import Run
from api.training.suspects import Suspect, likely_wrong


@dataclass(frozen=True, slots=True)
class Confusion:
    """One label that was taken for another, by their numbers: how often, of how many."""

    meant: int
    said: int
    count: int
    support: int


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """A run, and what there is to say of it."""

    run: Run
    figures: Figures
    suspects: tuple[Suspect, ...]  # the most doubtful first
    duplicates: tuple[Duplicate, ...]  # those across the split first
    across: int  # photographs that were asked about although a copy was learnt from
    learnt: int  # photographs that were learnt from
    confused: tuple[Confusion, ...]  # the most frequent first
    outlook: Outlook


@lru_cache(maxsize=1)  # the page and the terminal tell the same run
def look_into(run: Run) -> Findings:
    """Find out all of it, which takes seconds for some ten thousand photographs."""
    duplicates = near_duplicates(run)
    figures = find_figures(run, duplicates)
    return Findings(
        run=run,
        figures=figures,
        suspects=likely_wrong(run),
        duplicates=duplicates,
        across=sum(pair.across_split for pair in duplicates),
        learnt=int((~run.is_validation).sum()),
        confused=_confused(figures),
        outlook=look_ahead(run.learning_curve, figures.score),
    )


def _confused(figures: Figures) -> tuple[Confusion, ...]:
    counts = figures.confusion.tolist()
    found = [
        Confusion(meant, said, count, sum(row))
        for meant, row in enumerate(counts)
        for said, count in enumerate(row)
        if count and meant != said
    ]
    return tuple(sorted(found, key=lambda one: -one.count))
