"""Five models of three tasks in one server: how soon it is ready, what it holds, and whether each gets its turn.

    python -m benchmarks.robustness.many_models [--rounds 10] [--seconds 10] [--quick]

The models are the small ones of weights/catalogue.toml, fetched if they are not in weights/. The server is started by
`make run`, once with nothing converted and once with all. Then, in every round and in shuffled order, eight clients ask
for one model at a time and for all by turns; and at last two clients ask for each model alone, all ten at once.
"""

import argparse
import asyncio
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from statistics import harmonic_mean, median

from api.tasks.registry import TASKS
from benchmarks.robustness.connections import Connections
from benchmarks.robustness.overload import DOG, closed_loop, make_request, show
from benchmarks.robustness.process import resident_mb
from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import PROJECT, GunicornServer, running_server
from harness.http_client import Client
from harness.nginx_server import free_ports
from harness.waiting import wait_until

MODELS = {
    "yolov3-tiny": "detection",
    "yolox-nano": "detection",
    "faces": "detection",
    "mobilenet_v2": "classification",
    "deeplabv3": "segmentation",
}
ALL = ",".join(MODELS)
CLIENTS = 8
OF_EACH = 2
MOST_START_S, MOST_MEMORY_MB = 20.0, 1200.0
START_LIMIT_S = 600.0
SHARE_OF_ALONE = 0.9
LEAST_SHARE = 0.5  # of the answers that a model had if all had as many
QUICK_ROUNDS, QUICK_SECONDS = 2, 3.0

Rates = Mapping[str, float]  # model, or ALL -> answers a second


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=10.0, help="for each turn")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds of {QUICK_SECONDS:g} seconds")
    given = parser.parse_args()
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if given.quick else (given.rounds, given.seconds)
    for name in MODELS:
        subprocess.run([PROJECT / "scripts" / "download_weights.sh", name], check=True)
    with tempfile.TemporaryDirectory() as converted:
        starts_s = [time_start(converted) for _ in range(2)]
        served = {"PAGESIGHT_MODEL": "", "PAGESIGHT_MODELS": ALL, "PAGESIGHT_CONVERTED_DIR": converted}
        with running_server(**served) as server:
            tasks = {name: answered_by(server, name) for name in MODELS}
            rates = measure(server, rounds, seconds)
            answers = asyncio.run(ask_all_at_once(server, max(seconds, 5.0)))
            memory_mb = resident_mb(server.pid) + resident_mb(server.worker_pids[0])
    rows = [*start_rows(starts_s, memory_mb), *turn_rows(tasks, rates), starved_row(answers)]
    save(
        "many_models",
        f"python -m benchmarks.robustness.many_models --rounds {rounds} --seconds {seconds:g}",
        rows,
        model="",
    )
    finish(rows)


def time_start(converted: str) -> float:
    """Return the seconds from `make run` to a server whose models are all ready, and end it."""
    (port,) = free_ports(1)
    began = time.monotonic()
    environment = {**os.environ, "PAGESIGHT_CONVERTED_DIR": converted}
    command = ["make", "run", f"MODEL={ALL}", f"PORT={port}"]
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as make:  # fmt: skip
        try:
            wait_until(
                lambda: make.poll() is not None or is_ready(port), lambda: "it is not ready", limit_s=START_LIMIT_S
            )
            if make.poll() is not None:
                raise RuntimeError(f"`{' '.join(command)}` ended with {make.returncode}")
            return time.monotonic() - began
        finally:
            with suppress(ProcessLookupError):
                os.killpg(make.pid, signal.SIGINT)


def is_ready(port: int) -> bool:
    """Whether a server is there and has all its models."""
    try:
        return Client(port).get("/readyz").status == 200
    except OSError:
        return False


def answered_by(server: GunicornServer, name: str) -> tuple[str, str]:
    """Ask for a model; return the name and the task in its answer."""
    answer = server.client.detect(DOG.read_bytes(), model=name, annotate="false").json
    return answer["model"], answer["task"]


def measure(server: GunicornServer, rounds: int, seconds: float) -> list[Rates]:
    """Return for each round how many answers a second clients have of each model alone, and of all by turns."""
    requests = {name: [make_request(model=name)] for name in MODELS}
    requests[ALL] = [request for (request,) in requests.values()]
    for sent in requests.values():
        asyncio.run(closed_loop(server, sent, 2.0, clients=CLIENTS))  # to warm up
    found = []
    for number in range(rounds):
        order = random.sample(list(requests), len(requests))
        rates = {
            name: asyncio.run(closed_loop(server, requests[name], seconds, clients=CLIENTS)).rate for name in order
        }
        found.append(rates)
        show(f"round {number + 1}: " + ", ".join(f"{name} {rates[name]:.1f}" for name in requests))
    return found


async def ask_all_at_once(server: GunicornServer, seconds: float) -> Counter[str]:
    """Let clients of their own ask for each model again and again; return how many answers each model gave."""
    connections = Connections(server.port, OF_EACH * len(MODELS))
    answers: Counter[str] = Counter()
    end = time.monotonic() + seconds

    async def client(name: str) -> None:
        request = make_request(model=name)
        while time.monotonic() < end:
            status, _ = await connections.ask(request)
            answers[name] += status == 200

    await asyncio.gather(*(client(name) for name in MODELS for _ in range(OF_EACH)))
    connections.close()
    return answers


def start_rows(starts_s: Sequence[float], memory_mb: float) -> Iterator[Row]:
    """Hold the starts and the memory against what is promised."""
    first_s, second_s = starts_s
    what = f"{len(MODELS)} models of {len(TASKS)} tasks"
    yield Row(
        f"{what}: the first `make run` to ready, with the conversions", "for comparison", f"{first_s:.1f} s", True
    )
    yield Row(f"{what}: `make run` to ready", f"{MOST_START_S:.0f} s", f"{second_s:.1f} s", second_s <= MOST_START_S)
    yield Row(
        f"{what}: memory of gunicorn's master and worker, after all of the rows below",
        f"{MOST_MEMORY_MB:.0f} MB",
        f"{memory_mb:.0f} MB",
        memory_mb <= MOST_MEMORY_MB,
    )


def turn_rows(tasks: Mapping[str, tuple[str, str]], rates: Sequence[Rates]) -> Iterator[Row]:
    """Hold the turns against what is promised."""
    wanted = {name: (name, task) for name, task in MODELS.items()}
    words = ", ".join(f"{name} ({task})" for name, task in tasks.values())
    yield Row("... each answers for itself", "all", words, tasks == wanted)
    # As many requests of each: the mean of the times, and so the harmonic one of the rates.
    share = median(of_round[ALL] / harmonic_mean([of_round[name] for name in MODELS]) for of_round in rates)
    together, *alone = (median(of_round[name] for of_round in rates) for name in (ALL, *MODELS))
    each = ", ".join(f"{name} {rate:.1f}" for name, rate in zip(MODELS, alone, strict=True))
    yield Row(
        f"... by turns, {CLIENTS} clients: requests a second, beside one model at a time",
        f"{SHARE_OF_ALONE:.0%}",
        f"{share:.1%} ({together:.1f}; alone {each})",
        share >= SHARE_OF_ALONE,
    )


def starved_row(answers: Mapping[str, int]) -> Row:
    """Hold the model with the fewest answers against the others."""
    total = sum(answers.values())
    counts = {name: answers.get(name, 0) for name in MODELS}
    share = min(counts.values()) * len(MODELS) / total if total else 0.0
    return Row(
        f"... {OF_EACH} clients for each, all at once: answers of the model that has the fewest",
        f"{LEAST_SHARE:.0%} of a fair share",
        f"{share:.0%} ({', '.join(f'{name} {count:,}' for name, count in counts.items())})",
        share >= LEAST_SHARE,
    )


if __name__ == "__main__":
    main()
