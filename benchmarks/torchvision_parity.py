"""How far torchvision's networks are from themselves when they are served here, with generated weights: a table.

python -m benchmarks.torchvision_parity [BUILDER ...]: each builder's network gets seeded weights (`harness`), and three
shapes of a photograph go through torchvision's own code and through a server's model (float32, by OpenVINO). Detectors
with a free size are built for 256 to 416 pixels rather than 800 to 1333, so that this takes minutes and not hours.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision.models import get_model_weights

from api.models.engines.cores import Cores
from api.models.input import prepare_input
from api.models.load import load_model
from api.models.model import Model
from api.models.options import EngineChoice, Precision, RunOptions
from api.tasks.detection.types import DetectionOptions
from harness.gunicorn_server import PROJECT
from harness.torchvision_models import Pixels, compare_detections, generate, run_original, save_model

BUILDERS = (
    *(
        "fasterrcnn_resnet50_fpn",
        "fasterrcnn_mobilenet_v3_large_320_fpn",
        "retinanet_resnet50_fpn",
        "fcos_resnet50_fpn",
    ),
    *("ssd300_vgg16", "ssdlite320_mobilenet_v3_large", "maskrcnn_resnet50_fpn", "keypointrcnn_resnet50_fpn"),
    *("fcn_resnet50", "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large"),
    *("vgg16", "resnet50", "mobilenet_v2"),
)
SIZE = (256, 416)
SHAPES = ((480, 640), (640, 427), (333, 500))  # (height, width)
CONFIDENCE = 0.25
MOST = 1000  # detections
CORES = 2


def main(builders: Sequence[str]) -> None:
    """Print a row for each builder."""
    torch.set_num_threads(CORES)
    print("| builder | found | by one alone | box, px | score | key point, px | ms here | ms torchvision | MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    photographs = [
        np.asarray(Image.open(path).convert("RGB")) for path in sorted((PROJECT / "site/examples").glob("*.jpg"))
    ]
    for builder in builders:
        print("| " + " | ".join((builder, *measure(builder, photographs))) + " |", flush=True)


def measure(builder: str, photographs: Sequence[Pixels]) -> Iterator[str]:
    """Yield the columns of a row after the first."""
    is_free = builder.endswith(("fpn", "fpn_v2"))
    options = {"min_size": SIZE[0], "max_size": SIZE[1]} if is_free else {}
    network = generate(builder, photographs, **options)
    toml = f'builder = "{builder}"\n' + (f"[input]\nsize = {list(SIZE)}\n" if is_free else "")
    with tempfile.TemporaryDirectory() as folder:
        save_model(network, Path(folder), "mine", toml)
        run = RunOptions(precision=Precision.FP32, engine=EngineChoice.OPENVINO)
        model = load_model("mine", Path(folder), run, Cores(CORES))
        pictures = [np.asarray(Image.fromarray(photographs[0]).resize(shape[::-1])) for shape in SHAPES]
        if model.card.task == "detection":
            yield from _compare_detector(model, network, pictures)
        else:
            yield from _compare_scores(model, network, builder, pictures)
        yield f"{model.memory_mb:.0f}"


def _compare_detector(model: Model, network: nn.Module, pictures: Sequence[Pixels]) -> Iterator[str]:
    thresholds: Any = getattr(network, "roi_heads", network)
    if thresholds is network:  # it selects after the network: then all that is found can be compared
        thresholds.detections_per_img = MOST
    options = DetectionOptions(
        confidence=CONFIDENCE, iou=thresholds.nms_thresh, max_detections=thresholds.detections_per_img
    )
    rows, times = [], []
    for picture in pictures:
        model.run(picture, options)
        found, ours = _timed(model.run, picture, options)
        original, theirs = _timed(run_original, network, picture)
        rows.append(compare_detections(found, original, CONFIDENCE))
        times.append((ours, theirs))
    yield str(sum(row.found for row in rows))
    yield str(sum(row.unmatched for row in rows))
    yield f"{max(row.box for row in rows):.4f}"
    yield f"{max(row.confidence for row in rows):.1e}"
    yield f"{max(row.points for row in rows):.3f}"
    yield from (f"{min(each) * 1000:.0f}" for each in zip(*times, strict=True))


def _compare_scores(model: Model, network: nn.Module, builder: str, pictures: Sequence[Pixels]) -> Iterator[str]:
    """Compare logits, from the picture on: of a class, or of each pixel's classes."""
    transforms = get_model_weights(builder).DEFAULT.transforms()
    off, others, places, times = 0.0, 0, 0, []
    for picture in pictures:
        spec = model.card.input
        x = prepare_input(picture, spec.place(picture.shape[:2]), spec)
        model.engine(x)
        found, ours = _timed(model.engine, x)
        with torch.inference_mode():
            answer, theirs = _timed(network, transforms(Image.fromarray(picture))[None])
        original = (answer["out"] if isinstance(answer, dict) else answer).numpy()
        off = max(off, float(np.abs(found["scores"] - original).max()))
        others += int((found["scores"].argmax(1) != original.argmax(1)).sum())
        places += original[:, 0].size
        times.append((ours, theirs))
    yield from (str(places), str(others), "", f"{off:.1e}", "")
    yield from (f"{min(each) * 1000:.0f}" for each in zip(*times, strict=True))


def _timed(function: Any, *arguments: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    return function(*arguments), time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1:] or BUILDERS)
