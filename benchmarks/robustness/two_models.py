"""Two models in one server, asked by turns: what they carry together, beside what a server with one of them carries.

    python -m benchmarks.robustness.two_models [--rounds 10] [--seconds 10] [--quick]

The second model is yolov3-tiny once more, for 60 classes and with generated weights. Three servers run, one with both
models and one with each; in every round each of them has a turn, in shuffled order, of the same eight clients. Those of
the first ask for one model and then for the other, half of them the other way round.
"""

import argparse
import asyncio
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import harmonic_mean, median

from benchmarks.model_files import BenchmarkFiles, write_darknet, write_generated
from benchmarks.robustness.overload import DOG, Peak, closed_loop, make_request, show
from benchmarks.robustness.rows import Row, finish, save
from harness.darknet_models import yolov3_tiny
from harness.gunicorn_server import GunicornServer, running_server

FIRST, SECOND = "yolov3-tiny", "yolov3-tiny-60"
BOTH = f"{FIRST},{SECOND}"
CLASSES = 60
CLIENTS = 8
SHARE_OF_ONE = 0.9
QUICK_ROUNDS, QUICK_SECONDS = 2, 3.0


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=10.0, help="for each turn")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds of {QUICK_SECONDS:g} seconds")
    given = parser.parse_args()
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if given.quick else (given.rounds, given.seconds)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        write_models(Path(folder))
        servers = {
            models: stack.enter_context(running_server(PAGESIGHT_WEIGHTS_DIR=folder, **named(models)))
            for models in (FIRST, SECOND, BOTH)
        }
        answers = {name: answered_by(servers[BOTH], name) for name in (FIRST, SECOND)}
        rates = measure(servers, rounds, seconds)
    rows = list(make_rows(answers, rates))
    save(
        "two_models",
        f"python -m benchmarks.robustness.two_models --rounds {rounds} --seconds {seconds:g}",
        rows,
        model="",
    )
    finish(rows)


def write_models(folder: Path) -> None:
    """Write both models' files."""
    write_darknet(BenchmarkFiles(FIRST, folder))
    write_generated(BenchmarkFiles(SECOND, folder), yolov3_tiny(CLASSES))


def named(models: str) -> dict[str, str]:
    """Return the setting that has these served."""
    return {"PAGESIGHT_MODELS": models, "PAGESIGHT_MODEL": ""} if "," in models else {"PAGESIGHT_MODEL": models}


def answered_by(server: GunicornServer, name: str) -> tuple[str, int]:
    """Ask for a model; return the name of the one that answers, and how many labels it has."""
    labels = server.client.get(f"/v1/labels?model={name}").json["labels"]
    return server.client.detect(DOG.read_bytes(), model=name, annotate="false").json["model"], len(labels)


def measure(servers: Mapping[str, GunicornServer], rounds: int, seconds: float) -> list[dict[str, float]]:
    """Return for each round what each of the servers carried, in answers a second."""
    for models in servers:
        turn(servers[models], models, 2.0)  # to warm up
    found = []
    for number in range(rounds):
        order = random.sample(list(servers), len(servers))
        found.append({models: turn(servers[models], models, seconds).rate for models in order})
        show(f"round {number + 1}: " + ", ".join(f"{models} {found[-1][models]:.1f}" for models in servers))
    return found


def turn(server: GunicornServer, models: str, seconds: float) -> Peak:
    """Let the clients ask a server by turns for each of the models that it has."""
    names = models.split(",")
    requests = [make_request(model=name) for name in names] if len(names) > 1 else [make_request()]
    return asyncio.run(closed_loop(server, requests, seconds, clients=CLIENTS))


def make_rows(answers: Mapping[str, tuple[str, int]], rates: Sequence[Mapping[str, float]]) -> Iterator[Row]:
    """Hold what was measured against what is promised."""
    wanted = {FIRST: (FIRST, 80), SECOND: (SECOND, CLASSES)}
    words = ", ".join(f"{name} with {count} labels" for name, count in answers.values())
    yield Row("two models in one server: each answers for itself", "both", words, answers == wanted)
    # Of half the requests each: the mean of the times, and so the harmonic one of the rates.
    share = median(of_round[BOTH] / harmonic_mean([of_round[FIRST], of_round[SECOND]]) for of_round in rates)
    first, second, both = (median(of_round[models] for of_round in rates) for models in (FIRST, SECOND, BOTH))
    yield Row(
        f"two models by turns, {CLIENTS} clients: requests a second, beside one model alone",
        f"{SHARE_OF_ONE:.0%}",
        f"{share:.1%} ({both:.1f}; alone {first:.1f} and {second:.1f})",
        share >= SHARE_OF_ONE,
    )


if __name__ == "__main__":
    main()
