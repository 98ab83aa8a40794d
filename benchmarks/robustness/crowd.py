"""Thousands of visitors who do next to nothing, while others ask for the status and send photographs.

    python -m benchmarks.robustness.crowd [--idle 9000] [--slow 500] [--seconds 60] [--quick]

All come to a real nginx in front of a real gunicorn, from many addresses of this machine and then from one. A third of
the slow ones sends a header byte by byte, a third a body, a third reads a file so.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.robustness.rows import Row, finish, save
from harness.crowd import IDLE, SLOW_BODY, SLOW_HEADER, Crowd, Manner, slow_reader
from harness.gunicorn_server import PROJECT, running_server
from harness.http_client import Client
from harness.nginx_server import NginxServer, running_nginx

MANY_ADDRESSES = [f"127.0.0.{number}" for number in range(10, 74)]
ONE_ADDRESS = ["127.0.0.9"]
TARGET_MS = 50
STATUS_EVERY_S = 0.05
PHOTOGRAPH_EVERY_S = 1.0
SPARE_DESCRIPTORS = 500
LEAST_PRIORITY = 19
ARRIVAL_S = 10.0
GATHER_LIMIT_S = 120


@dataclass
class Seen:
    """What the ordinary visitors saw, and how large the crowd was meanwhile."""

    status_ms: list[float] = field(default_factory=list)
    photograph_ms: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    crowd: list[int] = field(default_factory=list)


def main() -> None:
    """Measure and save the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--idle", type=int, default=9_000)
    parser.add_argument("--slow", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60, help="for each of the three turns")
    parser.add_argument("--quick", action="store_true", help="a small crowd for some seconds, to try this program")
    given = parser.parse_args()
    idle, slow, seconds = (900, 60, 6.0) if given.quick else (given.idle, given.slow, given.seconds)
    allow_descriptors(idle + slow + SPARE_DESCRIPTORS)
    with running_server() as server, running_nginx(server.host) as nginx:
        alone = watch(nginx, None, seconds, "nobody else")
        rows = [Row("status p99 without a crowd", "for comparison", f"{percentile(alone.status_ms):.1f} ms", met=True)]
        for addresses, words in ((MANY_ADDRESSES, f"{len(MANY_ADDRESSES)} addresses"), (ONE_ADDRESS, "one address")):
            with crowd_at(nginx, idle, slow, addresses) as there:
                seen = watch(nginx, there, seconds, words)
            rows += make_rows(f"{idle:,} idle and {slow} slow visitors from {words}", idle + slow, seen)
    command = f"python -m benchmarks.robustness.crowd --idle {idle} --slow {slow} --seconds {seconds:g}"
    save("crowd", command, rows)
    finish(rows)


def allow_descriptors(wanted: int) -> None:
    """Let this process and its children open so many files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (resource.RLIM_INFINITY, -1) and hard < wanted:
        sys.exit(f"{wanted} open files are needed, and this machine allows {hard}: ulimit -Hn {wanted}")
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextmanager
def crowd_at(nginx: NginxServer, idle: int, slow: int, addresses: Sequence[str]) -> Iterator[Any]:
    """Keep a crowd at the door, in a process of its own; gives how many there are, when most have come."""
    context = multiprocessing.get_context("spawn")
    there, is_over = context.Value("i", 0), context.Event()
    kinds = [SLOW_HEADER, SLOW_BODY, slow_reader(large_file())]
    manners = [kinds[number % len(kinds)] for number in range(slow)] + [IDLE] * idle
    process = context.Process(target=send_crowd, args=(nginx.port, manners, addresses, is_over, there))
    process.start()
    try:
        deadline = time.monotonic() + GATHER_LIMIT_S
        while there.value < 0.9 * len(manners) and time.monotonic() < deadline:
            time.sleep(0.1)
        yield there
    finally:
        is_over.set()
        process.join()


def send_crowd(port: int, manners: Sequence[Manner], addresses: Sequence[str], is_over: Any, there: Any) -> None:
    """Be the crowd until it is over. A real one uses its own machines' cores, so this one gives way to the server."""
    os.nice(LEAST_PRIORITY)

    def tell(count: int) -> None:
        there.value = count

    Crowd(port, manners, addresses).stay(is_over.is_set, tell, arrive_within_s=ARRIVAL_S)


def large_file() -> str:
    """Return the address of the largest file of the built page."""
    files = (PROJECT / "site" / "dist" / "assets").iterdir()
    return f"/assets/{max(files, key=lambda path: path.stat().st_size).name}"


def watch(nginx: NginxServer, there: Any, seconds: float, words: str) -> Seen:
    """Ask for the status and send photographs, each on a thread of its own, and tell what became of it."""
    seen, photograph = Seen(), (PROJECT / "site" / "examples" / "dog.jpg").read_bytes()
    until = time.monotonic() + seconds

    def ask() -> None:
        repeat(until, STATUS_EVERY_S, seen.status_ms, seen, lambda client: client.get("/status_check"))

    def send() -> None:
        repeat(until, PHOTOGRAPH_EVERY_S, seen.photograph_ms, seen, lambda client: client.detect(photograph))

    def repeat(end: float, every_s: float, times_ms: list[float], seen: Seen, request: Any) -> None:
        while (began := time.monotonic()) < end:
            try:
                status = request(Client(nginx.port)).status
                if status != 200:
                    seen.failures.append(str(status))
            except OSError as error:
                seen.failures.append(type(error).__name__)
            times_ms.append((time.monotonic() - began) * 1000)
            time.sleep(max(0.0, every_s - (time.monotonic() - began)))

    threads = [threading.Thread(target=work) for work in (ask, send)]
    for thread in threads:
        thread.start()
    while (left := until - time.monotonic()) > 0:
        if there is not None:
            seen.crowd.append(there.value)
        print(f"\r{words}: {left:3.0f} s left, {seen.crowd[-1] if seen.crowd else 0} there ", end="", file=sys.stderr)
        time.sleep(min(0.5, left))
    for thread in threads:
        thread.join()
    print(file=sys.stderr)
    return seen


def make_rows(words: str, wanted: int, seen: Seen) -> list[Row]:
    """Return what was seen beside such a crowd."""
    asked = len(seen.status_ms) + len(seen.photograph_ms)
    p99 = percentile(seen.status_ms)
    there = int(np.median(seen.crowd))
    failed = ", ".join(sorted(set(seen.failures)))
    return [
        Row(f"{words}: connections held", f"{0.9 * wanted:,.0f}", f"{there:,}", there >= 0.9 * wanted),
        Row(f"{words}: status p99", f"<= {TARGET_MS} ms", f"{p99:.1f} ms of {len(seen.status_ms)}", p99 <= TARGET_MS),
        Row(
            f"{words}: real requests answered",
            "all",
            f"{asked - len(seen.failures)} of {asked}, photographs in {np.median(seen.photograph_ms):.0f} ms"
            + (f"; {failed}" if failed else ""),
            not seen.failures,
        ),
    ]


def percentile(times_ms: Sequence[float]) -> float:
    """Return the 99th."""
    return float(np.percentile(times_ms, 99))


if __name__ == "__main__":
    main()
