"""`make bench`: Pagesight and its peers, in turns, on the same weights and photographs; writes CSV, tables and plots.

A part at a time, where all at once would take too long: `--parts turns --models yolov3`. Parts that are not measured
keep the figures of an earlier run in the same folder. What comes out is told by `benchmarks.report`.

    turns       time of the network alone, and from JPEG bytes to detections
    resources   start and memory of each contestant
    sizes       ours at other sizes of the photograph and of the input
    server      what the whole server carries and adds
    worker      memory and starts of the whole server
    accuracy    what int8 costs, with --data
    others      other programs' whole servers, with --others
"""

import argparse
import dataclasses
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from api.models.engines.processor import has_bfloat16
from benchmarks.contestants import CONTESTANTS, PAGESIGHT, Entry, Worker, WorkerError
from benchmarks.csv_files import write_csv
from benchmarks.machine import describe_machine, versions
from benchmarks.model_files import TRAINED, BenchmarkFiles
from benchmarks.photographs import write_photographs, write_sizes
from benchmarks.report import write_report
from benchmarks.resources import cost_by_image_size, cost_by_input_size, measure_resources
from benchmarks.turns import Task, take_turns

MODELS = ("yolov3", "yolov3-tiny")
ROUNDS = {"yolov3": 7, "yolov3-tiny": 11}
QUICK_ROUNDS = 3
QUICK_PARTS = ("turns", "server", "worker", "accuracy")
NETWORK_ALONE = "network"


@dataclass(frozen=True)
class Run:
    """What is measured, and with what."""

    model: str
    folder: Path
    out: Path
    rounds: int
    quick: bool
    data: Path | None
    others: Path | None


def main() -> int:
    """Measure what is asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="yolov3-tiny alone, with few rounds")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument(
        "--parts", nargs="+", choices=PARTS, help="default: all; with --quick: " + " ".join(QUICK_PARTS)
    )
    parser.add_argument("--rounds", type=int, help=f"undisturbed rounds of each task (default: {ROUNDS})")
    parser.add_argument("--data", type=Path, help="photographs with known boxes: half calibrates int8, half judges it")
    parser.add_argument("--others", type=Path, help="the environments that scripts/setup_other_servers.sh makes")
    parser.add_argument("--work", type=Path, help="where the models are kept in all forms, for the next run")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"), help="where results are written")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.work or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for model in (TRAINED,) if arguments.quick else arguments.models:
            run_module("model_files", folder, model, *(("--data", arguments.data) if arguments.data else ()))
            rounds = arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS[model])
            run = Run(model, folder, arguments.out, rounds, arguments.quick, arguments.data, arguments.others)
            for part in arguments.parts or (QUICK_PARTS if arguments.quick else PARTS):
                PARTS[part](run)
    machine = {"machine": describe_machine(), "python": platform.python_version(), "versions": versions()}
    (arguments.out / "machine.json").write_text(json.dumps(machine, indent=1) + "\n")
    print(write_report(arguments.out))
    return 0


def run_module(name: str, *arguments: object) -> None:
    """Run one of the benchmarks' programs in a process of its own. Raises CalledProcessError."""
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)], check=True)


def measure_turns(run: Run) -> None:
    """Let all contestants take turns: the bare network on a square, then each photograph."""
    workers, checks = start_all(CONTESTANTS, run.folder, run.model)
    photographs = write_photographs(run.folder)
    tasks = [Task(NETWORK_ALONE), *(Task(name, path) for name, path in photographs.items())]
    turns = []
    try:
        with tqdm(total=run.rounds * len(tasks), desc=f"{run.model}, rounds", file=sys.stderr) as progress:
            for task in tasks:
                takes_part = [worker for worker in workers if task.image or worker.entry.square]
                turns += take_turns(takes_part, task, run.rounds, progress)
    finally:
        for worker in workers:
            worker.close()
    write_csv(run.out / f"checks-{run.model}.csv", checks)
    write_csv(run.out / f"turns-{run.model}.csv", [dataclasses.asdict(turn) for turn in turns])


def start_all(entries: Sequence[Entry], folder: Path, model: str) -> tuple[list[Worker], list[dict[str, Any]]]:
    """Start every contestant and hold its raw output to torch's plain float32: who disagrees is not timed."""
    workers, checks = [], []
    for entry in tqdm(entries, desc=f"{model}, loading", file=sys.stderr):
        worker = Worker(entry, folder, model)
        try:
            difference, correlation = worker.disagreement(BenchmarkFiles(model, folder).reference)
            agrees = worker.agrees(difference, correlation)
            checks.append({"contestant": entry.name, "difference": difference, "correlation": correlation,
                           "agrees": agrees})  # fmt: skip
            tqdm.write(f"{entry.name}: differs by at most {difference:.5f} standard deviations", sys.stderr)
            if not agrees:
                raise WorkerError(f"{entry.name}: its raw outputs are others, so it is not timed")
            workers.append(worker)
        except WorkerError as error:
            worker.close()
            tqdm.write(f"left out: {error}", sys.stderr)
    return workers, checks


def measure_starts(run: Run) -> None:
    """Measure start-up and memory of each contestant."""
    image = write_photographs(run.folder)["4:3"]
    rows = []
    for entry in tqdm(CONTESTANTS, desc=f"{run.model}, starts", file=sys.stderr):
        try:
            rows.append(dataclasses.asdict(measure_resources(entry, run.folder, run.model, image, starts=1)))
        except WorkerError as error:
            tqdm.write(f"left out: {error}", sys.stderr)
    write_csv(run.out / f"resources-{run.model}.csv", rows)


def measure_sizes(run: Run) -> None:
    """Measure what Pagesight needs at other sizes of the photograph and of the input."""
    by_image, by_input = [], []
    images, photographs = write_sizes(run.folder), write_photographs(run.folder)
    ours = [entry for entry in PAGESIGHT if entry.precision != "fp32"]
    for entry in tqdm(ours, desc=f"{run.model}, sizes", file=sys.stderr):
        try:
            by_image += map(dataclasses.asdict, cost_by_image_size(entry, run.folder, run.model, images))
            by_input += map(dataclasses.asdict, cost_by_input_size(entry, run.folder, run.model, photographs["4:3"]))
        except WorkerError as error:
            tqdm.write(f"left out: {error}", sys.stderr)
    write_csv(run.out / f"image-size-{run.model}.csv", by_image)
    write_csv(run.out / f"input-size-{run.model}.csv", by_input)


def measure_server(run: Run) -> None:
    """Measure what the whole server carries and adds."""
    shorter = ("--seconds", 2, "--rounds", 3) if run.quick else ()
    for precision in run_precisions(run):
        run_module("serve_load", run.folder, run.model, "--precision", precision, "--out", run.out, *shorter)


def measure_worker(run: Run) -> None:
    """Measure memory and starts of the whole server."""
    precisions = ("--precisions", *run_precisions(run))
    shorter = ("--requests", 50, "--starts", 1) if run.quick else ()
    run_module("whole_worker", run.folder, run.model, *precisions, "--out", run.out, *shorter)


def run_precisions(run: Run) -> tuple[str, ...]:
    """Return the precisions that a server is measured in: what is quickest in floating point here, and int8."""
    quick = "bf16" if has_bfloat16() else "fp32"
    return (quick, "int8") if BenchmarkFiles(run.model, run.folder).quantized.exists() else (quick,)


def measure_accuracy(run: Run) -> None:
    """Measure what int8 costs; only of a model with trained weights."""
    if run.data and run.model == TRAINED:
        run_module("int8_accuracy", run.folder, run.model, run.data, "--out", run.out)


def measure_others(run: Run) -> None:
    """Measure other programs' servers, where their environments are."""
    if run.others:
        run_module("other_servers", run.folder, run.model, run.others, "--out", run.out)


PARTS: dict[str, Callable[[Run], None]] = {
    "turns": measure_turns,
    "resources": measure_starts,
    "sizes": measure_sizes,
    "server": measure_server,
    "worker": measure_worker,
    "accuracy": measure_accuracy,
    "others": measure_others,
}

if __name__ == "__main__":
    sys.exit(main())
