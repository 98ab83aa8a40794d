"""`python -m benchmarks.int8_accuracy FOLDER MODEL DATA`: what int8 costs.

It is judged by the photographs of DATA that it was not calibrated on. FOLDER is what `benchmarks.model_files` wrote.
OpenVINO's int8, by the defaults of its tool, is run with Pagesight's canvas and boxes, so that the graph alone differs.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray

from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.models.options import Precision, RunOptions
from benchmarks.calibration import leave_out
from benchmarks.contestants import PRECISIONS
from benchmarks.csv_files import write_csv
from benchmarks.datasets import read_dataset
from benchmarks.evaluate_detection import evaluate_boxes
from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import THREADS
from benchmarks.peers.openvino_peer import ANY_SIZE


def main() -> int:
    """Evaluate, print, write `accuracy-MODEL.csv`; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("model")
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    arguments = parser.parse_args()
    files = BenchmarkFiles(arguments.model, arguments.folder)
    rows = []
    for name, model in models(files):
        dataset = leave_out(read_dataset(arguments.data, model.card.labels), arguments.folder / "calibration")
        stats = evaluate_boxes(model, dataset, name).stats
        rows.append({"contestant": name, "AP": stats[0], "AP50": stats[1], "photographs": len(dataset.paths)})
        print(f"{name}: AP {stats[0]:.4f}, AP50 {stats[1]:.4f} on {len(dataset.paths)} photographs")
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_csv(arguments.out / f"accuracy-{arguments.model}.csv", rows)
    return 0


def models(files: BenchmarkFiles) -> Iterator[tuple[str, Model]]:
    """Give each contestant's name and a model that detects as it does."""
    for precision in PRECISIONS:
        if precision != "int8":
            yield f"Pagesight {precision}", load(files.name, files, Precision(precision))
    if files.quantized.exists():
        yield "Pagesight int8", load(files.quantized.stem, files, Precision.INT8)
    if files.peer("int8.xml").exists():
        plain = load(files.name, files, Precision.FP32)
        yield "OpenVINO int8", replace(plain, engine=Graph(files.peer("int8.xml"), plain))


def load(name: str, files: BenchmarkFiles, precision: Precision) -> Model:
    """Return one of Pagesight's models."""
    return load_model(
        name, files.folder, RunOptions(precision=precision, converted_dir=files.converted), Cores(THREADS)
    )


class Graph:
    """A graph of OpenVINO's as it is, with the names of a model's outputs. See Engine."""

    precision = "int8"
    description = "int8 by OpenVINO"

    def __init__(self, path: Path, model: Model) -> None:
        graph = openvino.Core().read_model(path)
        graph.reshape(ANY_SIZE)
        self._request = openvino.Core().compile_model(graph, "CPU").create_infer_request()
        self._names = tuple(model.engine(np.zeros((1, 3, *model.card.input.size), np.float32)))

    def __call__(self, x: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """See Engine."""
        outputs = self._request.infer([x]).values()
        return {name: np.array(output) for name, output in zip(self._names, outputs, strict=True)}


if __name__ == "__main__":
    sys.exit(main())
