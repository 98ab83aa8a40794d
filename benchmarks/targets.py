"""What was aimed at, and what it is: ratios to the peers, and what the whole server needs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import BARE_CONVOLUTIONS
from benchmarks.figures import Times, best_bare_convolution, best_float_peer, ratio, share_of_peak
from benchmarks.model_files import WEIGHTS
from benchmarks.operations import bare_operations, network_operations
from benchmarks.tables import table

PHOTOGRAPHS = ("4:3", "16:9", "9:16")  # as people take them
BUSY_CLIENTS = 8


@dataclass(frozen=True)
class Target:
    """A bound, and the value that was measured."""

    what: str
    bound: float
    value: float
    at_least: bool = False
    form: str = ".2f"

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Return it as a row of the table."""
        met = self.value >= self.bound if self.at_least else self.value <= self.bound
        sign = ">=" if self.at_least else "<="
        finer = ".3f" if self.form == ".2f" else self.form
        return self.what, f"{sign} {self.bound:{self.form}}", f"{self.value:{finer}}", "yes" if met else "**no**"


def targets_table(tasks: dict[str, dict[str, Times]], server: Path) -> str:
    """Return all that were measured. `tasks`: model -> task -> times; `server`: what benchmarks.serve_load wrote."""
    targets = [*network_targets(tasks), *photograph_targets(tasks), *server_targets(server)]
    return table(("what", "target", "measured", "met"), [target.row for target in targets])


def network_targets(tasks: dict[str, dict[str, Times]]) -> Iterator[Target]:
    """Give those of the network alone, on a square."""
    times = tasks.get("yolov3", {}).get("network")
    if not times:
        return
    for precision in ("fp32", "bf16"):
        what = f"yolov3, square: ours {precision} / OpenVINO {precision}"
        yield Target(what, 1.05, ratio(times, f"Pagesight {precision} square", f"OpenVINO {precision}"))
    ours = "Pagesight bf16 square"
    yield Target("yolov3, square: OpenCV DNN / ours bf16", 3.8, ratio(times, "OpenCV DNN fp32", ours), at_least=True)
    bare = {entry.name: bare_operations(**entry.options) for entry in BARE_CONVOLUTIONS}
    name, _ = best_bare_convolution(times, "bf16", bare)
    operations = network_operations(WEIGHTS / "yolov3.cfg")
    share = share_of_peak(times, ours, name, operations=operations, bare_operations=bare[name])
    yield Target("yolov3, square: ours bf16, share of the bare convolution's speed", 0.85, share, at_least=True)


def photograph_targets(tasks: dict[str, dict[str, Times]]) -> Iterator[Target]:
    """Give those from JPEG bytes to detections."""
    for model, bound in (("yolov3", 0.8), ("yolov3-tiny", 1.0)):
        for shape in PHOTOGRAPHS:
            if times := tasks.get(model, {}).get(shape):
                peer = best_float_peer(times)
                value = ratio(times, "Pagesight bf16 grid", peer)
                yield Target(f"{model}, {shape} photograph: ours bf16 / {peer}", bound, value)


def server_targets(path: Path) -> Iterator[Target]:
    """Give those of the whole server."""
    if not path.exists():
        return
    found = json.loads(path.read_text())
    model, memory = found["model"], found["memory_mb"]
    busy = next(load for load in found["clients"] if load["clients"] == BUSY_CLIENTS)
    share = busy["per_second"] / found["bare_model"]["per_second"]
    yield Target(f"{model}, a request with its picture: what is not inference", 0.12, found["not_inference"])
    yield Target(f"{model}, 8 clients: throughput / the bare model's", 0.9, share, at_least=True)
    yield Target(f"{model}, 8 clients: p99 / p50", 1.4, busy["p99"] / busy["p50"])
    for when, which, bound in (("after 100 requests", "now", 700), ("the peak till then", "peak", 800)):
        yield Target(f"{model}, MB of the worker: {when}", bound, memory["served"][which], form=".0f")
    yield Target(f"{model}, start to ready, s", 5.0, found["start_to_ready_s"], form=".1f")
