"""Sends each hostile image alone, and measures what it costs: CPU time and memory of the worker and its children.

    python -m benchmarks.robustness.corpus [--quick]

A good picture of 25 megapixels goes the same way in each kind of file. The server is gunicorn with yolov3-tiny; the
drawn picture is asked for. What takes more than half of what it may is sent three times: the least CPU time counts,
since whatever else a machine does can only add to it, and the most memory.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from benchmarks.robustness.large_pictures import large_pictures, phone_pictures
from benchmarks.robustness.process import cpu_with_children_s, resident_mb, watched_memory
from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import ALLOWED_ORIGIN, PROJECT, GunicornServer, running_server
from harness.hostile.corpus import make_corpus

DOG = PROJECT / "site" / "examples" / "dog.jpg"
WARM_UP = 10
QUICK_EVERY = 12
MAX_CPU_S = 1.0
TIMES = 3
MAX_REFUSAL_S = 0.1
MAX_MEMORY_MB = 250.0
MAX_PHONE_S = 1.5
MAX_ISOLATED_S = 2.0
READ = 200


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request took; `memory_mb` is the peak, with the decoder's process, above the resting worker."""

    name: str
    expected: int
    status: int
    seconds: float
    cpu_s: float
    memory_mb: float
    is_isolated: bool  # decoded in a process of its own

    @property
    def is_cheap(self) -> bool:
        """Whether it took at most a second of CPU, or was refused in a tenth of one."""
        return self.cpu_s <= MAX_CPU_S or (self.status != READ and self.seconds <= MAX_REFUSAL_S)


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"only every {QUICK_EVERY}th image")
    quick = parser.parse_args().quick
    with running_server() as server:
        for _ in range(WARM_UP):
            server.client.detect(DOG.read_bytes())
        before = server.worker_pids
        rest_mb = resident_mb(before[0])
        hostile = list(measure(server, rest_mb, islice(hostile_files(), 0, None, QUICK_EVERY if quick else 1)))
        good = list(measure(server, rest_mb, islice(good_files(), 2 if quick else None)))
        phone = list(measure(server, rest_mb, phone_files()))
        lives = server.worker_pids == before
    rows = make_rows(hostile, good, phone, lives=lives, rest_mb=rest_mb)
    save("corpus", f"python -m benchmarks.robustness.corpus{' --quick' if quick else ''}", rows)
    finish(rows)


def hostile_files() -> Iterator[tuple[str, bytes, int]]:
    """Give name, file and expected status."""
    return ((case.name, case.make(), case.status) for case in make_corpus())


def good_files() -> Iterator[tuple[str, bytes, int]]:
    """Give the same for large pictures, half of a request's limits."""
    return ((f"{name} of 25 megapixels", data, READ) for name, data in large_pictures(DOG))


def phone_files() -> Iterator[tuple[str, bytes, int]]:
    """Give the same for pictures of a phone in the kinds that are decoded apart."""
    return ((f"{name} of 12 megapixels", data, READ) for name, data in phone_pictures(DOG))


def measure(server: GunicornServer, rest_mb: float, files: Iterator[tuple[str, bytes, int]]) -> Iterator[Cost]:
    """Send one file after the other."""
    for name, data, expected in files:
        cost = send(server, rest_mb, name, data, expected)
        if cost.cpu_s > MAX_CPU_S / 2:
            costs = [cost, *(send(server, rest_mb, name, data, expected) for _ in range(TIMES - 1))]
            most_mb = max(cost.memory_mb for cost in costs)
            least_s = min(cost.seconds for cost in costs)
            cost = replace(min(costs, key=lambda cost: cost.cpu_s), memory_mb=most_mb, seconds=least_s)
        print(f"{cost.status} {cost.cpu_s:5.2f} s {cost.memory_mb:4.0f} MB  {name}", file=sys.stderr)
        yield cost


def send(server: GunicornServer, rest_mb: float, name: str, data: bytes, expected: int) -> Cost:
    """Send a file once."""
    (worker,) = server.worker_pids
    cpu, began = cpu_with_children_s(worker), time.monotonic()
    with watched_memory(worker) as peaks_mb:
        answer = server.client.detect(data, headers={"Origin": ALLOWED_ORIGIN})
        seconds = time.monotonic() - began
    cpu = cpu_with_children_s(worker) - cpu
    return Cost(name, expected, answer.status, seconds, cpu, peaks_mb[-1] - rest_mb, data[4:8] == b"ftyp")


def make_rows(hostile: list[Cost], good: list[Cost], phone: list[Cost], *, lives: bool, rest_mb: float) -> list[Row]:
    """Hold the costs against what is promised."""
    wrong = [cost for cost in (*hostile, *good, *phone) if cost.status != cost.expected]
    for cost in wrong:
        print(f"{cost.name}: {cost.status} in place of {cost.expected}", file=sys.stderr)
    slowest = max(hostile, key=lambda cost: cost.cpu_s)
    sent = len(hostile) + len(good) + len(phone)
    isolated = max((cost for cost in hostile if cost.is_isolated), key=lambda cost: cost.seconds)
    refusals = [cost for cost in hostile if cost.status != READ]
    slowest_refusal = max(refusals, key=lambda cost: cost.cpu_s)
    return [
        Row(
            f"{len(hostile)} hostile and {len(good) + len(phone)} large images: answered with the status that is right",
            "all, and the worker lives",
            f"{sent - len(wrong)} of {sent}" + (", the worker lives" if lives else ", the worker died"),
            not wrong and lives,
        ),
        Row(
            "the slowest hostile image, decoded, examined and drawn",
            f"{MAX_CPU_S:g} s of CPU, or refused in {MAX_REFUSAL_S:g} s",
            f"{slowest.cpu_s:.2f} s of CPU ({slowest.name}: {slowest.status})",
            all(cost.is_cheap for cost in hostile),
        ),
        Row(
            "the slowest refusal",
            f"{MAX_CPU_S:g} s of CPU",
            f"{slowest_refusal.cpu_s:.2f} s of CPU ({slowest_refusal.name})",
            slowest_refusal.cpu_s <= MAX_CPU_S,
        ),
        Row(
            "a HEIC and an AVIF of 12 megapixels: answered within",
            f"{MAX_PHONE_S:g} s",
            ", ".join(f"{cost.seconds:.2f} s ({cost.name})" for cost in phone),
            all(cost.seconds <= MAX_PHONE_S for cost in phone),
        ),
        Row(
            "the slowest hostile HEIC or AVIF: answered within",
            f"{MAX_ISOLATED_S:g} s",
            f"{isolated.seconds:.2f} s ({isolated.name}: {isolated.status})",
            isolated.seconds <= MAX_ISOLATED_S,
        ),
        _memory_row("hostile image", hostile, rest_mb),
        _memory_row("good image of 25 megapixels", good, rest_mb),
    ]


def _memory_row(kind: str, costs: list[Cost], rest_mb: float) -> Row:
    worst = max(costs, key=lambda cost: cost.memory_mb)
    return Row(
        f"memory for the worst {kind}, above the {rest_mb:.0f} MB of the resting worker",
        f"{MAX_MEMORY_MB:.0f} MB",
        f"{worst.memory_mb:.0f} MB ({worst.name})",
        worst.memory_mb <= MAX_MEMORY_MB,
    )


if __name__ == "__main__":
    main()
