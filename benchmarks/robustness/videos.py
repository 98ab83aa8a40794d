"""Reads each hostile video alone, and measures what it costs: CPU time and memory of the process and its children.

    python -m benchmarks.robustness.videos [--quick]

Each lies in a folder beside a good one, which none may lead to. Videos at the limits go the same way.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from api.video.limits import VideoLimits
from benchmarks.robustness.process import cpu_with_children_s, resident_mb, watched_memory
from benchmarks.robustness.rows import Row, finish, save
from harness.hostile.video_outcome import find_outcome
from harness.hostile.videos import NEIGHBOUR, VideoCase, make_corpus
from harness.videos import quadrants

QUICK_EVERY = 10
MAX_S = 10.0
MAX_MEMORY_MB = 900.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What one video took; `memory_mb` is the peak above the resting process."""

    case: VideoCase
    outcome: str
    words: str
    seconds: float
    cpu_s: float
    memory_mb: float


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"only every {QUICK_EVERY}th video")
    quick = parser.parse_args().quick
    cases = islice(make_corpus(), 0, None, QUICK_EVERY if quick else 1)
    with tempfile.TemporaryDirectory() as folder:
        costs = list(measure(cases, Path(folder)))
    rows = make_rows(costs)
    save("videos", f"python -m benchmarks.robustness.videos{' --quick' if quick else ''}", rows)
    finish(rows)


def measure(cases: Iterator[VideoCase], folder: Path) -> Iterator[Cost]:
    """Read one after the other."""
    (folder / NEIGHBOUR).write_bytes(quadrants())
    path, own = folder / "hostile.mp4", os.getpid()
    for number, case in enumerate(cases, 1):
        path.write_bytes(case.make())
        rest_mb, cpu, began = resident_mb(own), cpu_with_children_s(own), time.monotonic()
        with watched_memory(own) as peaks_mb:
            outcome, words = find_outcome(path, VideoLimits())
            seconds = time.monotonic() - began
        cost = Cost(case, outcome, words, seconds, cpu_with_children_s(own) - cpu, peaks_mb[-1] - rest_mb)
        wrong = "" if outcome in case.outcomes else f" IN PLACE OF {' or '.join(case.outcomes)}"
        print(
            f"{number:3} {cost.cpu_s:5.2f} s {cost.memory_mb:4.0f} MB  {case.name}: {outcome}{wrong} ({words})",
            file=sys.stderr,
        )
        yield cost


def make_rows(costs: list[Cost]) -> list[Row]:
    """Hold the costs against what is promised."""
    right = [cost for cost in costs if cost.outcome in cost.case.outcomes]
    slowest = max(costs, key=lambda cost: cost.cpu_s)
    largest = max(costs, key=lambda cost: cost.memory_mb)
    return [
        Row(
            f"{len(costs)} hostile videos: refused in words, or read as far as they go",
            "all",
            f"{len(right)} of {len(costs)}",
            len(right) == len(costs),
        ),
        Row(
            "the slowest hostile video, probed and read to its end",
            f"{MAX_S:g} s of CPU",
            f"{slowest.cpu_s:.1f} s ({slowest.case.name})",
            slowest.cpu_s <= MAX_S,
        ),
        Row(
            "memory for the worst hostile video, with its decoder",
            f"{MAX_MEMORY_MB:.0f} MB",
            f"{largest.memory_mb:.0f} MB ({largest.case.name})",
            largest.memory_mb <= MAX_MEMORY_MB,
        ),
    ]


if __name__ == "__main__":
    main()
