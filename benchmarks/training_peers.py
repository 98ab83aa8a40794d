"""The same folders through `make train`, through fastai and through torchvision's way, in turns: a table.

    scripts/setup_fastai.sh                      once: an environment of its own
    python -m benchmarks.training_peers --digits digits.png --faces lfw_subset.npy [--rounds 1] [--most-minutes 15]
                                        [--write-docs]

`scripts/training_example.py` cuts the folders and says where the files are: 5,000 digits; 100 faces and 100 others. All
begin with torchvision's MobileNetV2, learn from the same four fifths, and are measured with the same fifth, at the side
of the input that `make train` chooses. Time is that of a whole command, from its start to its end, and the CPU time of
all its threads, on which other programs of the machine have less effect. A folder that is not named keeps what was
measured of it before.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from api.settings import available_cores
from api.training.dataset import read_dataset
from api.training.run import Run
from api.training.split import is_validation
from benchmarks.machine import describe_machine
from benchmarks.training.plan import Plan
from harness.gunicorn_server import PROJECT
from harness.real_models import real_model

FOLDERS = ("digits", "faces")
NAMES = {"pagesight": "`make train`", "fastai": "fastai", "torchvision": "torchvision's way"}
DOCUMENT = PROJECT / "docs" / "train.md"
BEGIN, END = "<!-- python -m benchmarks.training_peers --write-docs -->\n", "<!-- until here -->\n"
SEED = 0
Z = 1.96  # of an interval of 95 %


@dataclass(frozen=True)
class Outcome:
    """What came of a program on a folder in one round. `epochs` as the program counts them."""

    folder: str
    program: str
    round: int
    right: int
    of: int
    seconds: float
    cpu_seconds: float
    epochs: int

    @property
    def accuracy(self) -> float:
        """The share that is right."""
        return self.right / self.of


def main() -> None:
    """Train, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    for name in FOLDERS:
        parser.add_argument(f"--{name}", type=Path, help="what the folder is cut of; left out: not this one")
    parser.add_argument("--programs", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--most-minutes", type=float, default=15, help="after which a peer begins no further epoch")
    parser.add_argument("--no-mirror", action="store_true", help="peers mirror no pictures, as suits digits")
    parser.add_argument("--threads", type=int, default=available_cores(), help="for each of them")
    parser.add_argument("--fastai", type=Path, default=PROJECT / ".venv-fastai" / "bin" / "python")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/training-peers.json"))
    parser.add_argument("--write-docs", action="store_true", help="the table in docs/train.md, too")
    asked = parser.parse_args()
    outcomes = [] if not asked.out.is_file() else [Outcome(**one) for one in json.loads(asked.out.read_text())]
    outcomes = [one for one in outcomes if not getattr(asked, one.folder)]  # what is measured now takes their place
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in filter(lambda name: getattr(asked, name), FOLDERS):
            data = Path(folder) / name
            cut = [sys.executable, "scripts/training_example.py", str(getattr(asked, name)), str(data)]
            subprocess.run(cut, check=True, cwd=PROJECT)
            for number in range(asked.rounds):
                turn = asked.programs[number % len(asked.programs) :] + asked.programs[: number % len(asked.programs)]
                for program in turn:
                    outcome = run_program(program, name, data, number, asked)
                    print(f"{outcome.accuracy:.4f} in {outcome.seconds:.0f} s: {program}, {name}", flush=True)
                    outcomes.append(outcome)
                    asked.out.write_text(json.dumps([asdict(one) for one in outcomes], indent=1) + "\n")
    section = (
        f"{make_table(outcomes)}\nOn {describe_machine()}, {asked.rounds} round(s), {asked.threads} thread(s) each.\n"
    )
    print(f"\n{section}")
    if asked.write_docs:
        write_section(section)


def run_program(program: str, name: str, data: Path, number: int, asked: argparse.Namespace) -> Outcome:
    """Let one program learn."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        ours = _train_here if program == "pagesight" else _train_peer
        said, epochs, times = ours(program, data, work, asked)
    meant = [label for _, label in split(data)[1]]
    right = sum(one == label for one, label in zip(said, meant, strict=True))
    return Outcome(name, program, number, right, len(meant), *times, epochs)


def split(data: Path) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Return (path, label) of the photographs that are learnt from, and of those held out, as `make train` does."""
    photographs = read_dataset(data).photographs
    held_out = is_validation(np.array([one.label for one in photographs], np.int64), seed=SEED)
    pairs = [(str(one.path), one.label) for one in photographs]
    learnt, measured = (
        [pair for pair, out in zip(pairs, held_out, strict=True) if out == side] for side in (False, True)
    )
    return learnt, measured


def _train_here(
    _program: str, data: Path, work: Path, asked: argparse.Namespace
) -> tuple[list[int], int, tuple[float, float]]:
    """Run `make train`'s command; returns what it says of the photographs held out, its epochs and its times."""
    _link_weights(work)
    command = [sys.executable, "-m", "api.commands.train", str(data), "mine", "--seed", str(SEED)]
    times = measure(command, PAGESIGHT_WEIGHTS_DIR=str(work), PAGESIGHT_THREADS=str(asked.threads))
    run = Run.load(work / "mine.training")
    by_name = dict(zip(run.photographs, run.logits.argmax(axis=1), strict=True))
    held_out = {name for name, out in zip(run.photographs, run.is_validation, strict=True) if out}
    names = [Path(path).relative_to(data).as_posix() for path, _ in split(data)[1]]
    if held_out != set(names):
        raise SystemExit("make train has held out other photographs: some could not be read, or the split has changed")
    return [int(by_name[name]) for name in names], len(run.epochs), times


def _link_weights(work: Path) -> None:
    for path in real_model("mobilenet_v2").iterdir():
        if path.is_file():
            (work / path.name).symlink_to(path)


def _train_peer(
    program: str, data: Path, work: Path, asked: argparse.Namespace
) -> tuple[list[int], int, tuple[float, float]]:
    """Run a peer; see _train_here."""
    learnt, held_out = split(data)
    dataset = read_dataset(data)
    plan = Plan(
        learnt=tuple(learnt),
        held_out=tuple(held_out),
        labels=dataset.labels,
        side=_side(data),
        weights=str(real_model("mobilenet_v2") / "mobilenet_v2.pth"),
        threads=asked.threads,
        seed=SEED,
        most_seconds=60 * asked.most_minutes,
        mirrors=not asked.no_mirror,
    )
    (work / "plan.json").write_text(json.dumps(asdict(plan)))
    python = str(asked.fastai) if program == "fastai" else sys.executable
    command = [python, "-m", f"benchmarks.training.{program}_peer", str(work / "plan.json"), str(work / "result.json")]
    times = measure(command)
    result = json.loads((work / "result.json").read_text())
    return result["said"], len(result["epochs"]), times


def _side(data: Path) -> int:
    """Return the side of the input that `make train` chooses."""
    from api.images.limits import ImageLimits
    from api.training.pictures import choose_side

    return choose_side(read_dataset(data), ImageLimits())


def measure(command: Sequence[str], **environment: str) -> tuple[float, float]:
    """Run a program to its end; returns its seconds, and those of CPU. Raises CalledProcessError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, cwd=PROJECT, env=os.environ | environment, stdout=sys.stderr)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def make_table(outcomes: Sequence[Outcome]) -> str:
    """Return a row for each program on each folder: the medians of its rounds, and times as ratios to ours."""
    rows = [
        "| photographs | program | right | of | 95 % | epochs | s | of ours | CPU s | of ours |",
        "| --- " * 10 + "|",
    ]
    for folder in dict.fromkeys(one.folder for one in outcomes):
        several = {
            program: [one for one in outcomes if (one.folder, one.program) == (folder, program)] for program in NAMES
        }
        ours = several["pagesight"]
        for program, rounds in several.items():
            if not rounds:
                continue
            right, of = float(np.median([one.right for one in rounds])), rounds[0].of
            low, high = interval(right / of, of)
            times = median_times(rounds)
            base = median_times(ours or rounds)
            sure = f"{100 * low:.1f} to {100 * high:.1f}"
            ratios = [f"{one:.0f} | {one / own:.2f}" for one, own in zip(times, base, strict=True)]
            rows.append(
                f"| {folder} | {NAMES[program]} | {100 * right / of:.1f} % | {of} | {sure} |"
                f" {rounds[0].epochs} | {' | '.join(ratios)} |"
            )
    return "\n".join(rows) + "\n"


def median_times(rounds: Sequence[Outcome]) -> tuple[float, float]:
    """Return the median seconds, and those of CPU."""
    return float(np.median([one.seconds for one in rounds])), float(np.median([one.cpu_seconds for one in rounds]))


def interval(share: float, count: int) -> tuple[float, float]:
    """Return Wilson's interval of a share."""
    middle = share + Z**2 / (2 * count)
    spread = Z * (share * (1 - share) / count + Z**2 / (4 * count**2)) ** 0.5
    low, high = ((middle + sign * spread) / (1 + Z**2 / count) for sign in (-1, 1))
    return low, high


def write_section(section: str) -> None:
    """Put the table into its place in the document."""
    head, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    DOCUMENT.write_text(f"{head}{BEGIN}{section}{END}{tail}", encoding="utf-8")
    print(f"Written: {DOCUMENT.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
