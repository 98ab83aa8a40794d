"""Restarts, reloads, new certificates and killed workers, while visitors keep coming.

    python -m benchmarks.robustness.lifecycle [--times 20] [--quick]

nginx with HTTPS in front of gunicorn, whose socket outlives it as systemd's do; clients that send photographs one after
the other and look at what was found.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import PROJECT, running_server
from harness.life.deployment import Deployment, deployed
from harness.life.steady_load import SteadyLoad, labels_of

PHOTOGRAPH = PROJECT / "site" / "examples" / "dog.jpg"
OF_NOTHING = "background"  # a label that any photograph may have
CLIENTS = 4
MARGIN_S = 2.0  # one of them is the pause before a worker that follows another


def main() -> None:
    """Measure and save the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20, help="of each thing that is done to the server")
    parser.add_argument("--quick", action="store_true", help="two of each, to try this program")
    arguments = parser.parse_args()
    times = 2 if arguments.quick else arguments.times
    with deployed() as deployment:
        rows = [
            lose_none(deployment, times, "restarts (SIGTERM, systemd's socket)", deployment.restart),
            lose_none(deployment, times, "reloads by SIGHUP", deployment.hang_up),
            lose_none(deployment, times, "new certificates", deployment.change_certificate),
            *kill_workers(deployment, times),
        ]
    save("lifecycle", f"python -m benchmarks.robustness.lifecycle --times {times}", rows)
    finish(rows)


def lose_none(deployment: Deployment, times: int, what: str, change: Callable[[], None]) -> Row:
    """Do it so many times under load; no request may fail."""
    with loaded(deployment) as load:
        for _ in progress(times, what):
            change()
            load.wait_for_answers(CLIENTS)
    longest = max(outcome.ended - outcome.began for outcome in load.outcomes)
    for failure in load.failures[:5]:
        print(failure, file=sys.stderr)
    return Row(
        measure=f"{times} {what}: failed requests",
        target="0",
        measured=f"{len(load.failures)} of {len(load.outcomes):,}; the longest took {longest:.1f} s",
        met=not load.failures,
    )


def kill_workers(deployment: Deployment, times: int) -> Iterator[Row]:
    """Kill the worker so many times under load; only what it had may fail, and the next one is soon there."""
    recoveries, kills = [], []
    with loaded(deployment) as load:
        for _ in progress(times, "killed workers"):
            kills.append(time.monotonic())
            recoveries.append(deployment.kill_worker())
            load.wait_for_answers(CLIENTS)
    lost = [outcome for outcome in load.outcomes if outcome.failure]
    in_flight = [outcome for outcome in lost if any(outcome.began < kill < outcome.ended for kill in kills)]
    yield Row(
        measure=f"{times} killed workers (SIGKILL): failed requests",
        target="only those that the worker had",
        measured=f"{len(lost)} of {len(load.outcomes):,}, of which it had {len(in_flight)}",
        met=len(lost) == len(in_flight),
    )
    starting_s = start_s()
    yield Row(
        measure="from SIGKILL to ready again, the slowest, under load",
        target=f"a start ({starting_s:.1f} s, with nobody there) + {MARGIN_S:.0f} s",
        measured=f"{max(recoveries):.1f} s",
        met=max(recoveries) <= starting_s + MARGIN_S,
    )


@contextmanager
def loaded(deployment: Deployment) -> Iterator[SteadyLoad]:
    """Give clients that ask all the time and have had answers."""
    photograph = PHOTOGRAPH.read_bytes()
    labels = labels_of(deployment.api.client.detect(photograph, annotate="false").json)
    expected = next(label for label in labels if label != OF_NOTHING)
    with deployment.load(photograph, expected=expected, clients=CLIENTS) as load:
        load.wait_for_answers(CLIENTS)
        yield load


def start_s() -> float:
    """Return the seconds from nothing to a server that is ready, with nobody there."""
    began = time.monotonic()
    with running_server():
        return time.monotonic() - began


def progress(times: int, what: str) -> Iterator[int]:
    """Count on stderr."""
    for number in range(1, times + 1):
        print(f"\r{what}: {number} of {times} ", end="", file=sys.stderr, flush=True)
        yield number
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
