"""Sends ten times more requests than the server can carry, for minutes, and looks at who is answered, and when.

    python -m benchmarks.robustness.overload [--model yolov3] [--seconds 300] [--quick]

The weights of yolov3 are generated, as those of `benchmarks.model_files` are. First as many clients as the server has
places work in turn: that gives the peak and the time of service. Then requests arrive at a steady ten times that rate,
whatever becomes of those before them, each over a connection that is kept open. All clients live in one thread: they
share the machine's cores with the server.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from benchmarks.model_files import BenchmarkFiles, write_darknet
from benchmarks.robustness.connections import Connections
from benchmarks.robustness.rows import LARGE_MODEL, USUAL_MODEL, Row, finish, save
from harness.gunicorn_server import MODEL, PROJECT, GunicornServer, running_server
from harness.http_client import encode_form

DOG = PROJECT / "site" / "examples" / "dog.jpg"
SLOTS, QUEUE = 3, 8  # the product's defaults
OVERLOAD = 10
QUICK_SECONDS = 10.0
STATUS_EVERY_S = 0.25
MOST_AT_ONCE = 100  # requests under way; without a limit a pause of this program would become a burst
MOST_UNSENT = 0.01  # of those that were to arrive: more, and it is this program that was overloaded
SHARE_OF_PEAK = 0.9
ALLOWANCE = 1.5
REFUSED_WITHIN_S = STATUS_WITHIN_S = 0.1
TIMEOUT_S = 60.0


@dataclass(slots=True)
class Outcome:
    """What became of the requests of `lasted_s` seconds: how long each waited for its answer, by kind."""

    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    status: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0
    unsent: int = 0  # every connection was in use
    served_in_time: int = 0  # while requests still arrived
    lasted_s: float = 0.0


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300.0, help="of overload")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS:g} seconds")
    parser.add_argument("--model", default=LARGE_MODEL if MODEL == USUAL_MODEL else MODEL, help="or one in weights/")
    parser.add_argument("--times", type=float, default=OVERLOAD, help="as many requests as the model can carry")
    options = parser.parse_args()
    seconds = QUICK_SECONDS if options.quick else options.seconds
    with tempfile.TemporaryDirectory() as folder:
        is_generated = options.model in ("yolov3", "yolov3-tiny")
        if is_generated:
            write_darknet(BenchmarkFiles(options.model, Path(folder)))
        with running_server(
            PAGESIGHT_MODEL=options.model,
            PAGESIGHT_WEIGHTS_DIR=folder if is_generated else str(PROJECT / "weights"),
            PAGESIGHT_SLOTS=str(SLOTS),
            PAGESIGHT_QUEUE=str(QUEUE),
        ) as server:
            rows = asyncio.run(measure(server, seconds, options.model, options.times))
    command = f"python -m benchmarks.robustness.overload --model {options.model} --seconds {seconds:g}"
    command += f" --times {options.times:g}" if options.times != OVERLOAD else ""
    save(f"overload-{options.model}", command, rows, model=options.model, says_model=True)
    finish(rows)


async def measure(server: GunicornServer, seconds: float, model: str, times: float = OVERLOAD) -> list[Row]:
    """Measure the peak, the overload, and the peak again: the machine may have changed meanwhile."""
    request = make_request()
    await closed_loop(server, [request], max(2.0, seconds / 20))  # to warm up
    peaks = [await closed_loop(server, [request], max(5.0, seconds / 10))]
    rate = times * peaks[0].rate
    show(f"peak {peaks[0].rate:.1f} a second, {peaks[0].service_s * 1000:.0f} ms each; now {rate:.0f} a second arrive")
    outcome = await open_loop(server, request, rate, seconds)
    peaks.append(await closed_loop(server, [request], max(5.0, seconds / 10)))
    show(f"peak afterwards {peaks[1].rate:.1f} a second")
    return make_rows(outcome, peaks, model)


@dataclass(frozen=True, slots=True)
class Peak:
    """What the server carries: answers a second, and the mean of the time that each took."""

    rate: float
    service_s: float


async def closed_loop(
    server: GunicornServer, requests: Sequence[bytes], seconds: float, *, clients: int = SLOTS
) -> Peak:
    """Let clients, as many as there are places, each send these requests in turn and wait for every answer."""
    connections = Connections(server.port, clients)
    times: list[float] = []
    began = time.monotonic()

    async def client(number: int) -> None:
        for request in islice(cycle(requests), number % len(requests), None):
            if time.monotonic() > began + seconds:
                return
            asked = time.monotonic()
            status, _ = await connections.ask(request)
            if status != 200:
                raise RuntimeError(f"{status} without overload")
            times.append(time.monotonic() - asked)

    await asyncio.gather(*(client(number) for number in range(clients)))
    connections.close()
    return Peak(len(times) / (time.monotonic() - began), float(np.mean(times)))


async def open_loop(server: GunicornServer, request: bytes, rate: float, seconds: float) -> Outcome:
    """Let requests arrive at a rate, and ask for the status meanwhile."""
    outcome = Outcome()
    visitors = Connections(server.port, MOST_AT_ONCE)
    watchers = Connections(server.port, 1_000)
    status_check = b"GET /status_check HTTP/1.1\r\nHost: localhost\r\n\r\n"
    under_way: set[asyncio.Task[None]] = set()

    async def visit() -> None:
        asked = time.monotonic()
        try:
            status, may_retry = await asyncio.wait_for(visitors.ask(request), TIMEOUT_S)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            outcome.wrong.append(repr(error))
            return
        waited = time.monotonic() - asked
        if status == 200:
            outcome.accepted.append(waited)
        elif status == 503 and may_retry:
            outcome.refused.append(waited)
        else:
            outcome.wrong.append(f"status {status}")

    async def watch() -> None:
        asked = time.monotonic()
        status, _ = await asyncio.wait_for(watchers.ask(status_check), TIMEOUT_S)
        outcome.status.append(time.monotonic() - asked)
        if status != 200:
            outcome.wrong.append(f"/status_check {status}")

    def begin(work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.ensure_future(work())
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    began = next_visit = next_watch = time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        while next_visit <= now:
            next_visit += 1 / rate
            if visitors.are_used_up:
                outcome.unsent += 1
            else:
                outcome.sent += 1
                begin(visit)
        if next_watch <= now:
            next_watch += STATUS_EVERY_S
            begin(watch)
            show(f"{now - began:.0f} s: {len(outcome.accepted)} served, {len(outcome.refused)} refused", end="\r")
        await asyncio.sleep(max(0.0, min(next_visit, next_watch) - time.monotonic()))
    outcome.lasted_s = time.monotonic() - began
    outcome.served_in_time = len(outcome.accepted)
    while under_way:
        await asyncio.wait(under_way)
    visitors.close()
    watchers.close()
    show("")
    return outcome


def make_rows(outcome: Outcome, peaks: list[Peak], model: str) -> list[Row]:
    """Hold what was measured against what is promised."""
    peak_rate = max(peak.rate for peak in peaks)
    service_s = max(peak.service_s for peak in peaks)
    limit_s = (1 + QUEUE / SLOTS) * service_s * ALLOWANCE
    accepted_p99, refused_p99, status_p99 = (
        p99(times) for times in (outcome.accepted, outcome.refused, outcome.status)
    )
    goodput = outcome.served_in_time / outcome.lasted_s
    asked_rate = outcome.sent / outcome.lasted_s
    meant = outcome.sent + outcome.unsent
    return [
        Row(
            f"{model}: {asked_rate:.0f} requests a second, {asked_rate / peak_rate:.1f} x what is carried: answered",
            "all with 200, or with 503 and Retry-After",
            f"{len(outcome.accepted):,} with 200, {len(outcome.refused):,} with 503, {len(outcome.wrong)} otherwise"
            f" {set(outcome.wrong[:3]) or ''}".rstrip(),
            not outcome.wrong and bool(outcome.refused),
        ),
        Row(
            f"{model}: requests that were to arrive, and that the clients could not send",
            f"at most {MOST_UNSENT:.0%}",
            f"{outcome.unsent:,} of {meant:,}",
            outcome.unsent <= MOST_UNSENT * meant,
        ),
        Row(
            f"{model}: 99 % of the accepted are answered within",
            f"{limit_s * 1000:.0f} ms = (1 + {QUEUE}/{SLOTS}) x {service_s * 1000:.0f} ms of service x {ALLOWANCE}",
            f"{accepted_p99 * 1000:.0f} ms",
            accepted_p99 <= limit_s,
        ),
        Row(
            f"{model}: 99 % of the refused are answered within",
            f"{REFUSED_WITHIN_S * 1000:.0f} ms",
            f"{refused_p99 * 1000:.0f} ms",
            refused_p99 <= REFUSED_WITHIN_S,
        ),
        Row(
            f"{model}: images a second under overload",
            f"{SHARE_OF_PEAK:.0%} of the peak, {peak_rate:.1f}",
            f"{goodput:.1f}, {goodput / peak_rate:.1%} of the peak",
            goodput >= SHARE_OF_PEAK * peak_rate,
        ),
        Row(
            f"{model}: 99 % of `/status_check` meanwhile within",
            f"{STATUS_WITHIN_S * 1000:.0f} ms",
            f"{status_p99 * 1000:.0f} ms",
            status_p99 <= STATUS_WITHIN_S,
        ),
    ]


def p99(times: list[float]) -> float:
    """Return the 99th percentile."""
    return float(np.percentile(times, 99)) if times else 0.0


def make_request(**fields: str) -> bytes:
    """Return a whole POST of a photograph with these fields, the drawn picture asked for."""
    body, headers = encode_form(DOG.read_bytes(), **fields)
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: {headers['Content-Type']}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def show(text: str, end: str = "\n") -> None:
    """Tell how far it is."""
    print(text, end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
