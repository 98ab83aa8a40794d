"""What was aimed at, and what it is: ratios to OpenVINO's own programs, and what the whole server needs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from pathlib import Path

from benchmarks.csv_files import read_rows
from benchmarks.figures import Times, ratio
from benchmarks.serve_load import added_ms, throughput_share
from benchmarks.tables import read_accuracies, table

MODELS = ("yolov3", "yolov3-tiny")
PRECISIONS = ("bf16", "int8")
PHOTOGRAPHS = ("4:3", "16:9", "9:16")  # as people take them
MOST_RATIO = {("yolov3", "square"): 0.95, ("yolov3", "grid"): 1.05,
              ("yolov3-tiny", "square"): 1.0, ("yolov3-tiny", "grid"): 1.1}  # fmt: skip
MOST_AP_LOST = 0.005
MOST_ADDED_MS = 6.0
LEAST_THROUGHPUT = 0.95
MOST_MB = {("yolov3-tiny", "bf16"): 280, ("yolov3-tiny", "int8"): 280, ("yolov3", "bf16"): 650, ("yolov3", "int8"): 400}
MOST_START_S = {"yolov3-tiny": 1.5, "yolov3": 3.0}
MOST_FIRST_START_S = 20.0


@dataclass(frozen=True)
class Target:
    """A bound, and the values that were measured: all have to keep it."""

    what: str
    bound: float
    values: tuple[float, ...]
    at_least: bool = False
    form: str = ".2f"

    @property
    def is_met(self) -> bool:
        """Whether each value keeps the bound."""
        return all(value >= self.bound if self.at_least else value <= self.bound for value in self.values)

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Return it as a row of the table."""
        sign = ">=" if self.at_least else "<="
        finer = {".2f": ".3f", ".3f": ".4f"}.get(self.form, self.form)
        measured = ", ".join(format(value, finer) for value in self.values)
        return self.what, f"{sign} {self.bound:{self.form}}", measured, "yes" if self.is_met else "**no**"


def targets_table(results: Path, tasks: dict[str, dict[str, Times]]) -> str:
    """Return all that were measured. `tasks`: model -> task -> times."""
    every = (*photograph_targets(tasks), *accuracy_targets(results), *server_targets(results), *worker_targets(results))
    measured = [target for target in every if target.values and not any(map(isnan, target.values))]
    return table(("what", "target", "measured", "met"), [target.row for target in measured])


def photograph_targets(tasks: dict[str, dict[str, Times]]) -> Iterator[Target]:
    """Give those from JPEG bytes to detections, a value for each shape."""
    for (model, canvas), bound in MOST_RATIO.items():
        for precision in PRECISIONS:
            peer = f"OpenVINO {precision} {canvas}"
            times = [tasks[model][shape] for shape in PHOTOGRAPHS if shape in tasks.get(model, {})]
            values = tuple(ratio(each, f"Pagesight {precision}", peer) for each in times)
            yield Target(f"{model}, {', '.join(PHOTOGRAPHS)} photographs: ours {precision} / {peer}", bound, values)


def accuracy_targets(results: Path) -> Iterator[Target]:
    """Give what int8 may cost."""
    for model in MODELS:
        found = read_accuracies(results / f"accuracy-{model}.csv")
        if "Pagesight int8" in found:
            exact = max(value for name, value in found.items() if name in ("Pagesight bf16", "Pagesight fp32"))
            what = f"{model}: AP that int8 loses on photographs that it was not calibrated on"
            yield Target(what, MOST_AP_LOST, (exact - found["Pagesight int8"],), form=".3f")


def server_targets(results: Path) -> Iterator[Target]:
    """Give those of the whole server at work."""
    for model in MODELS:
        for path in sorted(results.glob(f"server-{model}-*.json")):
            found = json.loads(path.read_text())
            if found["model"] != model:
                continue
            name = f"{model} {found['precision']}"
            yield Target(f"{name}: ms that a lone request without a picture is longer than its work", MOST_ADDED_MS,
                         (added_ms(found),), form=".1f")  # fmt: skip
            yield Target(f"{name}, 8 clients: images a second / those of OpenVINO's THROUGHPUT setting",
                         LEAST_THROUGHPUT, (throughput_share(found),), at_least=True)  # fmt: skip


def worker_targets(results: Path) -> Iterator[Target]:
    """Give those of the whole server's memory and starts."""
    for model in MODELS:
        for row in read_rows(results / f"worker-{model}.csv"):
            name, precision = f"{model} {row['precision']}", row["precision"]
            memory = tuple(float(row[key]) for key in ("ready_mb", "one_mb", "two_mb"))
            if bound := MOST_MB.get((model, precision)):
                what = f"{name}, MB of the worker: ready, after 200 photographs one at a time, and two at a time"
                yield Target(what, bound, memory, form=".0f")
            yield Target(f"{name}, start to ready, s", MOST_START_S[model], (float(row["start_s"]),), form=".1f")
            yield Target(f"{name}, first start to ready, with the conversion, s", MOST_FIRST_START_S,
                         (float(row["first_start_s"]),), form=".1f")  # fmt: skip
