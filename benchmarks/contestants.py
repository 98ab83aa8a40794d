"""Who takes part, and the parent's end of the line to each one's process."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from harness.allocator import ALLOCATOR

# Largest difference from plain float32 in standard deviations of the raw output, and the lowest correlation with it.
# `loose` is for pytorchyolo, which computes something slightly else: another epsilon in batch norm, zeros around
# max-pooling.
AGREEMENT = {"fp32": (0.02, 0.9999), "bf16": (1.0, 0.995), "int8": (10.0, 0.9), "loose": (2.0, 0.99)}


@dataclass(frozen=True)
class Entry:
    """A contestant. `square`: the bare network on a square is timed too; `detects`: photographs are."""

    name: str
    module: str
    precision: str
    options: dict[str, Any] = field(default_factory=dict)
    square: bool = True
    detects: bool = True
    agreement: str = ""  # a key of AGREEMENT; empty: the precision

    @property
    def ours(self) -> bool:
        """Whether it is Pagesight itself."""
        return self.module.endswith(".pagesight")

    @property
    def peer(self) -> bool:
        """Whether it is another program."""
        return self.detects and not self.ours


def _pagesight(precision: str, canvas: str, how: str = "") -> Entry:
    """`how`: "plain", the convolutions that need no private operator."""
    options = {"precision": precision, "canvas": canvas, "how": how}
    name = " ".join(filter(None, ("Pagesight", how, precision, canvas)))
    return Entry(name, "benchmarks.peers.pagesight", precision, options, square=canvas == "square")


def _peer(name: str, module: str, agreement: str = "") -> Entry:
    return Entry(f"{name} fp32", f"benchmarks.peers.{module}", "fp32", agreement=agreement)


def _openvino(precision: str) -> Entry:
    return Entry(f"OpenVINO {precision}", "benchmarks.peers.openvino_peer", precision, {"precision": precision})


def _bare(precision: str, in_channels: int, filters: int, side: int) -> Entry:
    name = f"bare convolution {precision} {in_channels} to {filters} at {side}"
    options = {"precision": precision, "in_channels": in_channels, "filters": filters, "side": side}
    return Entry(name, "benchmarks.peers.bare_convolution", precision, options, detects=False)


PAGESIGHT = tuple(_pagesight(precision, canvas) for precision in ("bf16", "fp32") for canvas in ("grid", "square"))
CONTESTANTS = (
    *PAGESIGHT,
    _pagesight("fp32", "square", "plain"),
    _peer("OpenCV DNN", "opencv"),
    _peer("ONNX Runtime", "onnx_runtime"),
    *(_openvino(precision) for precision in ("fp32", "bf16", "int8")),
    _peer("ncnn", "ncnn_peer"),
    _peer("pytorchyolo", "pytorchyolo_peer", "loose"),
)
BARE_CONVOLUTIONS = tuple(
    _bare(precision, *shape) for precision in ("bf16", "fp32") for shape in ((256, 512, 26), (512, 1024, 13))
)


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
            env={**os.environ, **(ALLOCATOR if entry.ours else {})},
        )  # fmt: skip

    def ask(self, do: str, **order: object) -> dict[str, float]:
        """Give an order and wait for the answer. Raises WorkerError."""
        try:
            self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError) as error:
            self._process.wait()
            self._complaints.seek(0)
            lines = self._complaints.read().decode(errors="replace").strip().splitlines()
            raise WorkerError(f"{self.entry.name}: {lines[-1] if lines else 'no answer'}") from error

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
