"""Restarts, reloads, new certificates and killed workers, while visitors keep coming.

    python -m benchmarks.robustness.lifecycle [--times 20] [--quick]

nginx with HTTPS in front of gunicorn, whose socket outlives it as systemd's do; clients that send photographs one after
the other and look at what was found.
"""

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import PROJECT
from harness.life.deployment import Deployment, deployed
from harness.life.steady_load import SteadyLoad

PHOTOGRAPH, EXPECTED = PROJECT / "site" / "examples" / "dog.jpg", "dog"
CLIENTS = 4
MARGIN_S = 2.0
POLL_S = 0.02
LOADING = """
import time
from api.server.process import _load_detector
from api.settings import Settings
began = time.monotonic()
_load_detector(Settings.from_environment())
print(time.monotonic() - began)
"""


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
            lose_none(deployment, times, "reloads (SIGTTIN: a worker beside the old one)", deployment.reload),
            lose_none(deployment, times, "reloads by SIGHUP", deployment.hang_up),
            lose_none(deployment, times, "new certificates", deployment.change_certificate),
            *kill_workers(deployment, times),
            memory_while_reloading(deployment),
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
    loading_s = model_load_s()
    yield Row(
        measure="from SIGKILL to ready again, the slowest, under load",
        target=f"the model's load ({loading_s:.1f} s on the idle machine) + {MARGIN_S:.0f} s",
        measured=f"{max(recoveries):.1f} s",
        met=max(recoveries) <= loading_s + MARGIN_S,
    )


def memory_while_reloading(deployment: Deployment) -> Row:
    """Look at the memory of gunicorn's processes while two workers have a model."""
    before = peak = memory_mb(deployment)
    reloading = threading.Thread(target=deployment.reload)
    reloading.start()
    while reloading.is_alive():
        peak = max(peak, memory_mb(deployment))
        time.sleep(POLL_S)
    reloading.join()
    return Row(
        measure="memory of all processes while a reload holds two models",
        target="at most twice",
        measured=f"{before:,.0f} MB before, {peak:,.0f} MB at the peak",
        met=peak <= 2 * before,
    )


@contextmanager
def loaded(deployment: Deployment) -> Iterator[SteadyLoad]:
    """Give clients that ask all the time and have had answers."""
    with deployment.load(PHOTOGRAPH.read_bytes(), expected=EXPECTED, clients=CLIENTS) as load:
        load.wait_for_answers(CLIENTS)
        yield load


def model_load_s() -> float:
    """Return the seconds that loading the model takes, the libraries being there."""
    printed = subprocess.run(
        [sys.executable, "-c", LOADING],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "PAGESIGHT_MODEL": "yolov3-tiny"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return float(printed)


def memory_mb(deployment: Deployment) -> float:
    """Return what gunicorn's processes hold together, shared pages counted once."""
    total = 0
    for pid in (deployment.api.pid, *deployment.api.worker_pids):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue  # it has just ended
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1000


def progress(times: int, what: str) -> Iterator[int]:
    """Count on stderr."""
    for number in range(1, times + 1):
        print(f"\r{what}: {number} of {times} ", end="", file=sys.stderr, flush=True)
        yield number
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
