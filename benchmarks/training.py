"""How good and how quick `make train` is: digits and faces that others ship, each with its fixed split.

`python -m benchmarks.training digits.png lfw_subset.npy` (scripts/training_example.py says where these are from) trains
one model after the other and prints a table. PAGESIGHT_MIRROR may name a folder with the backbone's weights.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from api.training.run import Run, training_folder
from benchmarks.machine import describe_machine

PROJECT = Path(__file__).resolve().parents[1]
LEAST_ACCURACY = {"digits": 0.98, "lfw_subset": 0.97}
MOST_MINUTES = 5.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A training: what came of it, and the seconds from its start to its end."""

    run: Run
    head: float  # the accuracy of the head alone


def main() -> int:
    """Train on each source, print the table; returns 0 if all are as good and as quick as they are to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path, nargs="+", help="digits.png, lfw_subset.npy")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--backbone", default="mobilenet_v2")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measured = {source.stem: measure(source, Path(scratch), asked) for source in asked.sources}
    print(f"{describe_machine()}, {asked.threads} threads, {asked.backbone}\n")
    print("| data | learnt from | validated on | head alone | all layers | pixels | minutes |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, each in measured.items():
        print(row(name, each))
    missed = [name for name, each in measured.items() if is_missed(name, each.run)]
    print(f"\n{'Missed: ' + ', '.join(missed) if missed else 'All as good and as quick as they are to be.'}")
    return 1 if missed else 0


def measure(source: Path, scratch: Path, asked: argparse.Namespace) -> Measured:
    """Train on a source's photographs."""
    data, weights = scratch / source.stem, scratch / "weights"
    weights.mkdir(exist_ok=True)
    environment = os.environ | {
        "PAGESIGHT_WEIGHTS_DIR": str(weights),
        "PAGESIGHT_THREADS": str(asked.threads),
        "PYTHON": sys.executable,
    }
    train = ["-m", "api.commands.train", data, source.stem, "--backbone", asked.backbone]
    for command in (
        [sys.executable, PROJECT / "scripts" / "training_example.py", source, data],
        [PROJECT / "scripts" / "download_weights.sh", asked.backbone],
        [sys.executable, *train],
    ):
        subprocess.run(command, check=True, cwd=PROJECT, env=environment)
    run = Run.load(training_folder(source.stem, weights))
    head = [epoch.validation_accuracy for epoch in run.epochs if epoch.phase == "head"]
    return Measured(run, head[-1])


def row(name: str, measured: Measured) -> str:
    """Return a line of the table."""
    run, validated = measured.run, int(measured.run.is_validation.sum())
    cells = (
        name,
        len(run.photographs) - validated,
        validated,
        f"{100 * measured.head:.1f} %",
        f"{100 * run.accuracy:.1f} %",
        run.image_size[0],
        f"{run.seconds / 60:.1f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def is_missed(name: str, run: Run) -> bool:
    """Return whether a training is worse or slower than it is to be."""
    return run.accuracy < LEAST_ACCURACY.get(name, 0.0) or run.seconds > 60 * MOST_MINUTES


if __name__ == "__main__":
    sys.exit(main())
