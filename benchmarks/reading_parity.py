"""RapidOCR's own program and ours with the same networks, on the same pictures, in turns: lines, errors and time.

    python -m benchmarks.reading_parity FOLDER [--turns 5] [--truth truth.json]

FOLDER has pictures; RapidOCR runs as its package does by default, with onnxruntime. Both take the same decoded pixels
and all threads. A row says how many lines each found and how many of them are the same, how many characters of
RapidOCR's are others in ours, and the time of each: the first look at a picture, and the median of the turns after.
With a `truth` as `make evaluate` reads it, it also says the character error rate of each. Run it in `.venv-bench`.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.settings import Settings
from api.tasks.reading.types import ReadingOptions
from benchmarks.datasets import IMAGE_ENDINGS
from benchmarks.text_errors import Errors, count_errors

PAUSE_S = 0.05  # until the threads of the other have gone to sleep
Read = Callable[[NDArray[np.uint8]], list[str]]  # an image (HWC uint8 RGB) to its lines


@dataclass(slots=True)
class Row:
    """What both made of a picture: by program, its lines and its times in seconds, the first look first."""

    picture: str
    lines: dict[str, list[str]] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def usual_s(self, program: str) -> float:
        """Return the median of the looks after the first."""
        return statistics.median(self.seconds[program][1:])


def main() -> None:
    """Print a row for each picture, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--truth", type=Path, help="JSON with the lines of pictures: those alone are read")
    given = parser.parse_args()
    truth: Mapping[str, Sequence[str]] = json.loads(given.truth.read_text(encoding="utf-8")) if given.truth else {}
    paths = sorted(path for path in given.folder.iterdir() if path.suffix.lower() in IMAGE_ENDINGS)
    chosen = [path for path in paths if not truth or path.name in truth]
    programs: dict[str, Read] = {"RapidOCR": rapidocr(), "Pagesight": pagesight()}
    rows = [look(path, programs, given.turns) for path in tqdm(chosen, unit="picture", file=sys.stderr)]
    print(format_rows(rows))
    if truth:
        print(format_truth(rows, truth))


def pagesight() -> Read:
    """Return how the first model of the settings reads."""
    settings = Settings.from_environment()
    model: Model = load_model(settings.served[0], settings.weights_dir, settings.run_options, Cores(settings.threads))
    print(f"Pagesight: {model.describe()}")
    return lambda image: [line.text for line in model.run(image, ReadingOptions()).lines]


def rapidocr() -> Read:
    """Return how RapidOCR reads, as it comes."""
    from rapidocr import RapidOCR

    program: Any = RapidOCR(params={"Global.log_level": "error"})
    return lambda image: list(program(np.ascontiguousarray(image[..., ::-1])).txts or ())


def look(path: Path, programs: Mapping[str, Read], turns: int) -> Row:
    """Let each program look at a picture, in turns, once more than `turns`."""
    image = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels
    row = Row(path.name, seconds={name: [] for name in programs})
    for _ in range(turns + 1):
        for name, read in programs.items():
            time.sleep(PAUSE_S)
            began = time.perf_counter()
            row.lines[name] = read(image)
            row.seconds[name].append(time.perf_counter() - began)
    return row


def format_rows(rows: Sequence[Row]) -> str:
    """Return the table of lines and times."""
    text = [
        "| picture | RapidOCR's lines | ours | the same | characters | others | first, ms | ours | then, ms | ours |",
        "|" + " --- |" * 10,
    ]
    total, lines, sums = Errors(0, 0), [0, 0, 0], [0.0] * 4
    for row in rows:
        theirs, ours = row.lines.values()
        rest = list(ours)
        same = sum(line in rest and rest.remove(line) is None for line in theirs)
        errors = count_errors(ours, theirs)
        times = [1000 * of[0] for of in row.seconds.values()] + [1000 * row.usual_s(name) for name in row.seconds]
        total += errors
        lines = [sum(pair) for pair in zip(lines, (len(theirs), len(ours), same), strict=True)]
        sums = [sum(pair) for pair in zip(sums, times, strict=True)]
        text.append(_row(row.picture, (len(theirs), len(ours), same), errors, times))
    return "\n".join((*text, _row("all", lines, total, sums), f"\nOthers: {total.rate:.2%} of the characters.\n"))


def _row(name: str, lines: Sequence[int], errors: Errors, times: Sequence[float]) -> str:
    cells = (name, *lines, errors.characters, errors.wrong, *(f"{each:.0f}" for each in times))
    return f"| {' | '.join(map(str, cells))} |"


def format_truth(rows: Sequence[Row], truth: Mapping[str, Sequence[str]]) -> str:
    """Return the table of errors against the truth."""
    text = ["| picture | characters | RapidOCR wrong | Pagesight wrong |", "|" + " --- |" * 4]
    totals = {name: Errors(0, 0) for name in rows[0].lines}
    for row in rows:
        errors = {name: count_errors(lines, truth[row.picture]) for name, lines in row.lines.items()}
        totals = {name: total + errors[name] for name, total in totals.items()}
        first = next(iter(errors.values()))
        text.append(f"| {row.picture} | {first.characters} | {' | '.join(str(one.wrong) for one in errors.values())} |")
    rates = ", ".join(f"{name} {total.rate:.2%}" for name, total in totals.items())
    return "\n".join((*text, f"\nCharacter error rate of {next(iter(totals.values())).characters} characters: {rates}"))


if __name__ == "__main__":
    main()
