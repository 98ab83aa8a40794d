"""Who takes part, and the parent's end of the line to each one's process."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from api.models.engines.processor import has_bfloat16
from harness.allocator import ALLOCATOR

# Largest difference from plain float32 in standard deviations of the raw output, and the lowest correlation with it.
# `loose` is for pytorchyolo, which computes something slightly else: another epsilon in batch norm, zeros around
# max-pooling.
AGREEMENT = {"fp32": (0.02, 0.9999), "bf16": (1.0, 0.995), "int8": (10.0, 0.9), "loose": (2.0, 0.99)}
PRECISIONS = ("bf16", "int8", "fp32")
ANSWER_LIMIT_S = 180  # for a hang
SELDOM = 3  # every third round is enough for those that no target names


@dataclass(frozen=True)
class Entry:
    """A contestant. `square`: it is timed on the square, too; `every`: it takes part in each so-manyth round."""

    name: str
    module: str
    precision: str
    options: dict[str, Any] = field(default_factory=dict)
    square: bool = True
    every: int = 1
    agreement: str = ""  # a key of AGREEMENT; empty: the precision

    @property
    def ours(self) -> bool:
        """Whether it is Pagesight itself."""
        return self.module.endswith(".pagesight")


def _pagesight(precision: str, engine: str) -> Entry:
    name = f"Pagesight {precision}" if engine == "openvino" else f"Pagesight {precision} by {engine}"
    options = {"precision": precision, "engine": engine}
    every = _every(precision) if engine == "openvino" else SELDOM
    return Entry(name, "benchmarks.peers.pagesight", precision, options, every=every)


def _every(precision: str) -> int:
    """Return in which rounds it takes part; float32 in all where there is nothing quicker in floating point."""
    return SELDOM if precision == "fp32" and has_bfloat16() else 1


def _openvino(precision: str, canvas: str, graph: str = "") -> Entry:
    """`graph`: "pagesight", the int8 graph that `make quantize` wrote."""
    name = f"OpenVINO {precision} {canvas}" + (", Pagesight's graph" if graph else "")
    options = {"precision": precision, "canvas": canvas, "graph": graph}
    square, every = canvas == "square", _every(precision)
    return Entry(name, "benchmarks.peers.openvino_peer", precision, options, square=square, every=every)


def _peer(name: str, module: str, agreement: str = "") -> Entry:
    return Entry(f"{name} fp32", f"benchmarks.peers.{module}", "fp32", agreement=agreement, every=SELDOM)


PAGESIGHT = tuple(_pagesight(precision, "openvino") for precision in PRECISIONS)
CONTESTANTS = (
    *PAGESIGHT,
    *(_openvino(precision, canvas) for canvas in ("square", "grid") for precision in PRECISIONS),
    _openvino("int8", "grid", "pagesight"),
    *(_pagesight(precision, "torch") for precision in ("bf16", "fp32")),
    _peer("OpenCV DNN", "opencv"),
    _peer("ONNX Runtime", "onnx_runtime"),
    _peer("ncnn", "ncnn_peer"),
    _peer("pytorchyolo", "pytorchyolo_peer", "loose"),
)
ENTRIES = {entry.name: entry for entry in CONTESTANTS}


class WorkerError(RuntimeError):
    """A contestant's process ended; what it wrote last is the message."""


class Worker:
    """A contestant in a process of its own."""

    def __init__(self, entry: Entry, folder: Path, model: str) -> None:
        self.entry = entry
        self.started = time.perf_counter()
        spec = {"module": entry.module, "options": entry.options, "folder": str(folder), "model": model}
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115, `close` closes it
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", json.dumps(spec)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints, text=True,
            env={**os.environ, **ALLOCATOR},
        )  # fmt: skip

    def ask(self, do: str, **order: object) -> dict[str, float]:
        """Give an order and wait for the answer. Raises WorkerError."""
        limit = threading.Timer(ANSWER_LIMIT_S, self._process.kill)
        limit.start()
        try:
            self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError) as error:
            self._process.wait()
            self._complaints.seek(0)
            lines = self._complaints.read().decode(errors="replace").strip().splitlines()
            raise WorkerError(f"{self.entry.name}: {lines[-1] if lines else 'no answer'}") from error
        finally:
            limit.cancel()

    def disagreement(self, reference: Path) -> tuple[float, float]:
        """Return how the raw outputs differ at most from the reference, in its standard deviations; the correlation."""
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "raw.npz"
            self.ask("use", image=str(reference))
            self.ask("raw", to=str(target))
            with np.load(target) as found, np.load(reference) as expected:
                theirs = np.concatenate([found[name].ravel() for name in found.files])
                ours = np.concatenate([expected[name].ravel() for name in expected.files if name != "image"])
        if theirs.shape != ours.shape:
            raise WorkerError(f"{self.entry.name}: its raw outputs have another shape")
        return float(np.abs(theirs - ours).max() / ours.std()), float(np.corrcoef(theirs, ours)[0, 1])

    def agrees(self, difference: float, correlation: float) -> bool:
        """Whether that is what its precision allows."""
        most, least = AGREEMENT[self.entry.agreement or self.entry.precision]
        return difference <= most and correlation >= least

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._complaints.close()
