"""The rows of docs/robustness.md: what was measured, what was aimed at, and the command that measures it again."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from harness.gunicorn_server import MODEL

USUAL_MODEL = "yolov3-tiny"
LARGE_MODEL = "yolov3"  # which is overloaded in the first table
RESULTS = Path(__file__).parents[1] / "results" / "robustness"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. All but `met` is text for a person."""

    measure: str
    target: str
    measured: str
    met: bool


def save(program: str, command: str, rows: Sequence[Row], *, model: str = MODEL, says_model: bool = False) -> None:
    """Print the rows and keep them in RESULTS for `report`. `command` is what a reader types to get them again.

    `model` is the one that served, "" if the program has models of its own. `says_model`: so do `program` and the rows.
    """
    if model not in ("", USUAL_MODEL) and not says_model:
        program, command = f"{program}-{model}", f"SOAK_MODEL={model} {command}"
        rows = [replace(row, measure=f"{model}: {row.measure}") for row in rows]
    for row in rows:
        print(f"{'met    ' if row.met else 'NOT MET'} {row.measure}: {row.measured} (target: {row.target})")
    RESULTS.mkdir(parents=True, exist_ok=True)
    document = {"command": command, "model": model, "rows": [asdict(row) for row in rows]}
    (RESULTS / f"{program}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def finish(rows: Sequence[Row]) -> None:
    """End the program, with status 1 where a row was not met."""
    sys.exit(0 if all(row.met for row in rows) else 1)
