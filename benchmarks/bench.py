"""`make bench`: Pagesight and its peers, in turns, on the same weights and photographs; writes CSV, tables and plots.

A part at a time, where all at once would take too long: `--parts turns --models yolov3`. Parts that are not measured
keep the figures of an earlier run in the same folder. What comes out is told by `benchmarks.report`.
"""

import argparse
import csv
import dataclasses
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.contestants import BARE_CONVOLUTIONS, CONTESTANTS, PAGESIGHT, Entry, Worker, WorkerError
from benchmarks.machine import describe_machine, versions
from benchmarks.photographs import write_photographs, write_sizes
from benchmarks.report import write_report
from benchmarks.resources import cost_by_image_size, cost_by_input_size, measure_resources
from benchmarks.turns import Task, take_turns

MODELS = ("yolov3", "yolov3-tiny")
PARTS = ("turns", "resources", "sizes")
ROUNDS = {"yolov3": 7, "yolov3-tiny": 11}
QUICK_ROUNDS = 3
STARTS = 2
NETWORK_ALONE = "network"


def main() -> int:
    """Measure what is asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="yolov3-tiny alone, with few rounds")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--rounds", type=int, help=f"undisturbed rounds of each task (default: {ROUNDS})")
    parser.add_argument("--work", type=Path, help="where the models are kept in all forms, for the next run")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"), help="where results are written")
    arguments = parser.parse_args()
    models = ("yolov3-tiny",) if arguments.quick else arguments.models
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.work or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "benchmarks.model_files", str(folder), *models], check=True)
        for model in models:
            rounds = arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS[model])
            if "turns" in arguments.parts:
                measure_turns(folder, model, rounds, arguments.out)
            if "resources" in arguments.parts:
                measure_starts(folder, model, 1 if arguments.quick else STARTS, arguments.out)
            if "sizes" in arguments.parts:
                measure_sizes(folder, model, arguments.out)
    machine = {"machine": describe_machine(), "python": platform.python_version(), "versions": versions()}
    (arguments.out / "machine.json").write_text(json.dumps(machine, indent=1) + "\n")
    print(write_report(arguments.out))
    return 0


def measure_turns(folder: Path, model: str, rounds: int, out: Path) -> None:
    """Let all contestants take turns: the bare network on a square, then each photograph."""
    workers, checks = start_all((*CONTESTANTS, *BARE_CONVOLUTIONS), folder, model)
    photographs = write_photographs(folder)
    tasks = [Task(NETWORK_ALONE), *(Task(name, path) for name, path in photographs.items())]
    turns = []
    try:
        with tqdm(total=rounds * len(tasks), desc=f"{model}, rounds", file=sys.stderr) as progress:
            for task in tasks:
                takes_part = [
                    worker for worker in workers if (worker.entry.detects if task.image else worker.entry.square)
                ]
                turns += take_turns(takes_part, task, rounds, progress)
    finally:
        for worker in workers:
            worker.close()
    write_csv(out / f"checks-{model}.csv", checks)
    write_csv(out / f"turns-{model}.csv", [dataclasses.asdict(turn) for turn in turns])


def start_all(entries: Sequence[Entry], folder: Path, model: str) -> tuple[list[Worker], list[dict[str, Any]]]:
    """Start every contestant and hold its raw output to torch's plain float32: who disagrees is not timed."""
    workers, checks = [], []
    for entry in tqdm(entries, desc=f"{model}, loading", file=sys.stderr):
        worker = Worker(entry, folder, model)
        try:
            if entry.detects:
                difference, correlation = worker.disagreement(folder / f"{model}.reference.npz")
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


def measure_starts(folder: Path, model: str, starts: int, out: Path) -> None:
    """Measure start-up and memory of each contestant."""
    image = write_photographs(folder)["4:3"]
    rows = []
    for entry in tqdm(CONTESTANTS, desc=f"{model}, starts", file=sys.stderr):
        try:
            rows.append(dataclasses.asdict(measure_resources(entry, folder, model, image, starts)))
        except WorkerError as error:
            tqdm.write(f"left out: {error}", sys.stderr)
    write_csv(out / f"resources-{model}.csv", rows)


def measure_sizes(folder: Path, model: str, out: Path) -> None:
    """Measure what Pagesight needs at other sizes of the photograph and of the input."""
    by_image, by_input = [], []
    images, photographs = write_sizes(folder), write_photographs(folder)
    ours = [entry for entry in PAGESIGHT if entry.options["canvas"] == "grid"]
    for entry in tqdm(ours, desc=f"{model}, sizes", file=sys.stderr):
        by_image += [dataclasses.asdict(cost) for cost in cost_by_image_size(entry, folder, model, images)]
        by_input += [dataclasses.asdict(cost) for cost in cost_by_input_size(entry, folder, model, photographs["4:3"])]
    write_csv(out / f"image-size-{model}.csv", by_image)
    write_csv(out / f"input-size-{model}.csv", by_input)


def write_csv(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows that all have the keys of the first."""
    rows = list(rows)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
