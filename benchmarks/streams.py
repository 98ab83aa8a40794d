"""`python -m benchmarks.streams FOLDER MODEL`: how a graph is compiled, and what that gives one image and several.

FOLDER is what `benchmarks.model_files` wrote. The bare network on the canvas of a 4:3 photograph: milliseconds of one
image alone, images a second of two threads that each ask again and again, and memory. Each way has its own process.
"""

import argparse
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray

from api.models.engines.cores import Cores
from api.models.engines.openvino import OpenVinoEngine
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from benchmarks import load
from benchmarks.memory import NOW, megabytes
from benchmarks.tables import table
from harness.gunicorn_server import PROJECT

WAYS: dict[str, dict[str, Any]] = {
    "one stream with all threads": {"NUM_STREAMS": 1},
    "a stream for each of two images": {"NUM_STREAMS": 2},
    "OpenVINO's hint LATENCY": {"PERFORMANCE_HINT": "LATENCY"},
    "OpenVINO's hint THROUGHPUT": {"PERFORMANCE_HINT": "THROUGHPUT"},
    "both, chosen by how many are at work (ours)": {},
}
ROUNDS, LONE, SECONDS = 5, 20, 2.0
PAUSE_S = 0.03  # longer than `cores` remembers that others were at work
SIZE = (320, 416)  # the canvas of a 4:3 photograph, as (height, width)
THREADS, IMAGES = 2, 2


def main() -> int:
    """Measure each way in turns and print the table; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("model")
    parser.add_argument("--precision", type=Precision, default=Precision.BF16)
    arguments = parser.parse_args()
    load_model(arguments.model, arguments.folder, RunOptions(precision=arguments.precision))  # which converts it
    (graph,) = (arguments.folder / "converted" / arguments.model).glob("*/*.xml")
    found: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    for number in range(ROUNDS):
        for way, measured in found.items():
            words = (str(graph), str(arguments.precision), way)
            program = f"from benchmarks.streams import measure; measure(*{words!r})"
            done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE, check=True)
            measured.append(json.loads(done.stdout))
            print(f"round {number + 1} of {ROUNDS}: {way}", file=sys.stderr)
    columns = {way: [median(values) for values in zip(*measured, strict=True)] for way, measured in found.items()}
    rows = [(way, f"{alone:.1f}", f"{rate:.1f}", f"{memory:.0f}") for way, (alone, rate, memory) in columns.items()]
    print(table(("compiled with", "one image alone, ms", "two at once, images a second", "memory, MB"), rows))
    return 0


def measure(graph: str, precision: str, way: str) -> None:
    """Print as JSON: milliseconds of an image alone, images a second of two at once, the process's memory in MB."""
    cores = Cores(THREADS, IMAGES)
    engine = (
        Hinted(graph, precision, WAYS[way]) if WAYS[way] else OpenVinoEngine(Path(graph), Precision(precision), cores)
    )
    engine.warm_up([SIZE])
    if isinstance(engine, OpenVinoEngine):
        engine.complete([SIZE])
    x = np.random.default_rng(0).random((1, 3, *SIZE), np.float32)

    def run() -> bool:
        with cores.taken():
            engine(x)
        return True

    times = []
    for _ in range(LONE):
        time.sleep(PAUSE_S)
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    rate = load.measure(IMAGES, SECONDS, run).per_second
    print(json.dumps([median(times) * 1000, rate, megabytes(NOW)]))


class Hinted:
    """The graph compiled once, with settings of OpenVINO's own."""

    def __init__(self, graph: str, precision: str, settings: dict[str, Any]) -> None:
        """Compile it; `precision` is bf16 or fp32."""
        kind = openvino.Type.bf16 if precision == "bf16" else openvino.Type.f32
        settings = {"INFERENCE_PRECISION_HINT": kind, "INFERENCE_NUM_THREADS": THREADS, **settings}
        self._compiled = openvino.Core().compile_model(graph, "CPU", settings)
        self._own = threading.local()

    def warm_up(self, sizes: list[tuple[int, int]]) -> None:
        """Run each size once."""
        for size in sizes:
            self(np.zeros((1, 3, *size), np.float32))

    def __call__(self, x: NDArray[np.float32]) -> None:
        """Run it, with a request of the calling thread's own."""
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        self._own.request.infer([x], share_inputs=True, share_outputs=True)


if __name__ == "__main__":
    sys.exit(main())
