"""From the CSV files of `benchmarks.bench` to the figures that are told: medians, quartiles, paired ratios."""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.csv_files import read_rows

OURS = ("Pagesight bf16", "Pagesight fp32")  # the first that takes part is what others are compared with
Times = dict[str, dict[int, float]]  # contestant -> round -> seconds


@dataclass(frozen=True)
class Summary:
    """A contestant in one task: milliseconds, and its time by ours in the same rounds."""

    contestant: str
    low: float  # quartiles of the milliseconds
    median: float
    high: float
    ratio: float  # to the contestant it is compared with; median of the rounds, then their quartiles
    ratio_low: float
    ratio_high: float


def ours_in(times: Times) -> str:
    """Return which of ours the others are compared with."""
    return next((name for name in OURS if name in times), OURS[-1])


def read_turns(path: Path) -> tuple[dict[str, Times], dict[str, tuple[int, int]]]:
    """Return for each task the times of the undisturbed turns, and how many those are of how many."""
    tasks: dict[str, Times] = defaultdict(lambda: defaultdict(dict))
    counts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in read_rows(path):
        is_good = row["undisturbed"] == "True"
        good, every = counts[row["task"]]
        counts[row["task"]] = (good + is_good, every + 1)
        if is_good:
            tasks[row["task"]][row["contestant"]][int(row["round"])] = float(row["seconds"])
    return tasks, counts


def summarize(times: Times, against: str) -> list[Summary]:
    """Return a row for each contestant, the quickest first."""
    rows = []
    for contestant, by_round in times.items():
        low, median, high = quartiles(1000 * seconds for seconds in by_round.values())
        rows.append(Summary(contestant, low, median, high, *_spread_of_ratio(times, contestant, against)))
    return sorted(rows, key=lambda row: row.median)


def ratio(times: Times, one: str, other: str) -> float:
    """Return the median over the rounds of one contestant's time by the other's; NaN where one is missing."""
    return _spread_of_ratio(times, one, other)[0]


def quartiles(values: Iterable[float]) -> tuple[float, float, float]:
    """Return the quartiles; three times NaN of nothing."""
    values = list(values)
    if len(values) < 2:
        return tuple((values or [float("nan")]) * 3)
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))


def _spread_of_ratio(times: Times, one: str, other: str) -> tuple[float, float, float]:
    """Return median and quartiles of the ratio in the rounds that both took part in."""
    both = times.get(one, {}).keys() & times.get(other, {}).keys()
    low, median, high = quartiles(times[one][number] / times[other][number] for number in both)
    return median, low, high
