"""From the CSV files of `benchmarks.bench` to the figures that are told: medians, quartiles, paired ratios, shares."""

import csv
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import BARE_CONVOLUTIONS, CONTESTANTS

OURS = "Pagesight bf16 grid"
ENTRIES = {entry.name: entry for entry in (*CONTESTANTS, *BARE_CONVOLUTIONS)}
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


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, none where it does not exist."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def read_turns(path: Path) -> tuple[dict[str, Times], dict[str, tuple[int, int]]]:
    """Return for each task the times of the undisturbed rounds, and how many those are of how many."""
    tasks: dict[str, Times] = defaultdict(lambda: defaultdict(dict))
    good, all_rounds = defaultdict(set), defaultdict(set)
    for row in read_rows(path):
        all_rounds[row["task"]].add(row["round"])
        if row["undisturbed"] == "True":
            good[row["task"]].add(row["round"])
            tasks[row["task"]][row["contestant"]][int(row["round"])] = float(row["seconds"])
    return tasks, {task: (len(good[task]), len(rounds)) for task, rounds in all_rounds.items()}


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


def best_float_peer(times: Times) -> str:
    """Return the quickest other program that computes in floating point."""
    peers = [name for name in times if ENTRIES[name].peer and ENTRIES[name].precision != "int8"]
    return min(peers, key=lambda name: statistics.median(times[name].values()), default="")


def best_bare_convolution(times: Times, precision: str, operations: dict[str, float]) -> tuple[str, float]:
    """Return the bare convolution with the most GFLOP/s, and them."""
    speeds = {
        name: operations[name] / statistics.median(times[name].values()) / 1e9
        for name in operations
        if name in times and ENTRIES[name].precision == precision
    }
    name = max(speeds, key=lambda name: speeds[name], default="")
    return name, speeds.get(name, float("nan"))


def share_of_peak(
    times: Times, contestant: str, bare: str, *, operations: float, bare_operations: float
) -> float:  # fmt: skip
    """Return the contestant's GFLOP/s by the bare convolution's in the same rounds."""
    return operations / bare_operations / ratio(times, contestant, bare)


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
