"""What a contestant costs besides time for an image: its start, its memory; and ours at other sizes."""

import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.contestants import Entry, Worker, WorkerError

INPUT_SIZES = (320, 416, 512, 608)
DETECTIONS = 3  # before memory is read
CALLS = 5  # of which the median is taken
SECONDS = 0.1


@dataclass(frozen=True)
class Resources:
    """Start-up: from the start of the process to the first detections. Memory: what the process holds, its peak."""

    contestant: str
    start_s: float
    now_mb: float
    peak_mb: float


@dataclass(frozen=True)
class Cost:
    """JPEG bytes to detections at a size: megapixels of the photograph, or pixels of the input's side."""

    contestant: str
    size: float
    seconds: float


def measure_resources(entry: Entry, folder: Path, model: str, image: Path, starts: int) -> Resources:
    """Start the contestant a few times, files in the cache; return medians. Raises WorkerError."""
    seconds, now, peaks = [], [], []
    for _ in range(starts):
        worker = Worker(entry, folder, model)
        try:
            worker.ask("first", image=str(image))
            seconds.append(time.perf_counter() - worker.started)
            for _ in range(DETECTIONS - 1):
                worker.ask("first", image=str(image))
            memory = worker.ask("memory")
        finally:
            worker.close()
        now.append(memory["now_mb"])
        peaks.append(memory["peak_mb"])
    return Resources(entry.name, *map(statistics.median, (seconds, now, peaks)))


def cost_by_image_size(entry: Entry, folder: Path, model: str, images: Mapping[float, Path]) -> Iterator[Cost]:
    """Time the same photograph at each number of megapixels."""
    worker = Worker(entry, folder, model)
    try:
        for megapixels, image in images.items():
            yield Cost(entry.name, megapixels, _median(worker, image))
    finally:
        worker.close()


def cost_by_input_size(entry: Entry, folder: Path, model: str, image: Path) -> Iterator[Cost]:
    """Time a photograph at each size of the network's input."""
    for side in INPUT_SIZES:
        worker = Worker(replace(entry, options={**entry.options, "input_size": side}), folder, model)
        try:
            yield Cost(entry.name, side, _median(worker, image))
        except WorkerError:
            continue
        finally:
            worker.close()


def _median(worker: Worker, image: Path) -> float:
    return statistics.median(worker.ask("detect", image=str(image), seconds=SECONDS)["seconds"] for _ in range(CALLS))
