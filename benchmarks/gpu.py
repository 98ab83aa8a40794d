"""Holds the GPU against this machine's CPU: the same detections, and how long an image takes.

    python -m benchmarks.gpu

Needs an NVIDIA GPU. For yolov3-tiny, with its published weights, the table tells how far the GPU's detections in the
example photographs are from those of the CPU in float32; yolov3's weights are generated, so only its speed is told.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.models.options import EngineChoice, Precision, RunOptions
from api.tasks.detection.types import Detection, DetectionOptions
from benchmarks.model_files import BenchmarkFiles, write_darknet
from benchmarks.photographs import EXAMPLES

MODELS = ("yolov3-tiny", "yolov3")
PHOTOGRAPHS = ("dog", "eagle", "giraffe", "horses", "kite", "person")
TIMED, WARM_UP = 100, 20
OPTIONS = DetectionOptions()
THREADS = os.cpu_count() or 1
Pixels = NDArray[np.uint8]


def main() -> None:
    """Print a Markdown table, a row for each model and precision."""
    if not torch.cuda.is_available():
        sys.exit("There is no GPU here that torch can use.")
    images = [np.asarray(Image.open(EXAMPLES / f"{name}.jpg").convert("RGB")) for name in PHOTOGRAPHS]
    print(f"torch {torch.__version__}, {torch.cuda.get_device_name()}\n")
    print("| model | on | differs from the CPU's float32 | an image, ms | GPU memory, MB |")
    print("| --- | --- | --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for model in MODELS:
            write_darknet(BenchmarkFiles(model, Path(folder)))
            expected = detect_on_cpu(model, Path(folder), images)
            for precision in (Precision.FP32, Precision.AUTO):
                detector = load_model(
                    model, Path(folder), RunOptions(precision=precision, engine=EngineChoice.TORCH), Cores(THREADS)
                )
                found = [detector.run(image, OPTIONS).detections for image in images]
                differs = describe_difference(found, expected) if model == "yolov3-tiny" else "-"
                memory = torch.cuda.max_memory_reserved() / 1e6
                name = detector.engine.precision
                print(f"| {model} | {name} | {differs} | {time_detection(detector, images[0]):.1f} | {memory:.0f} |")
                del detector
                torch.cuda.empty_cache()
                torch.cuda.reset_peak_memory_stats()


def detect_on_cpu(name: str, folder: Path, images: list[Pixels]) -> list[list[Detection]]:
    """Return what the CPU finds in each image, in float32."""
    model = load_model(name, folder, RunOptions(precision=Precision.FP32, engine=EngineChoice.OPENVINO), Cores(THREADS))
    return [model.run(image, OPTIONS).detections for image in images]


def describe_difference(found: list[list[Detection]], expected: list[list[Detection]]) -> str:
    """Return the largest differences in words. Both have the same objects, or it says how many more or fewer."""
    counts = [(len(ours), len(theirs)) for ours, theirs in zip(found, expected, strict=True)]
    if any(ours != theirs for ours, theirs in counts):
        return f"found and expected: {counts}"
    confidence = side = 0.0
    for ours, theirs in zip(found, expected, strict=True):
        for one in ours:
            other = min(theirs, key=lambda other: (other.label != one.label, _distance(one, other)))
            if one.label != other.label:
                return f"{one.label} is new"
            confidence = max(confidence, abs(one.confidence - other.confidence))
            side = max(side, _distance(one, other))
    return f"confidence <= {confidence:.4f}, box <= {side:.2f} px"


def _distance(one: Detection, other: Detection) -> float:
    """Return by how many pixels the sides of two boxes differ at most."""
    return max(abs(getattr(one.box, side) - getattr(other.box, side)) for side in ("x1", "y1", "x2", "y2"))


def time_detection(model: Model, image: Pixels) -> float:
    """Return the median milliseconds from an image in memory to its detections."""
    seconds = []
    for _ in range(WARM_UP + TIMED):
        began = time.perf_counter()
        model.run(image, OPTIONS)
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds[WARM_UP:])) * 1000


if __name__ == "__main__":
    main()
