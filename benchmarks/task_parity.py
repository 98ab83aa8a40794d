"""How far models of every task are from their references, on photographs whose truth nobody needs to know: a table.

    python -m benchmarks.task_parity FOLDER [--photographs 100] [--models MODEL ...] [--iou 0.45]

FOLDER has photographs, in itself or in images/. Each model of weights/ computes in float32, and its reference is that
of `make evaluate COMPARE=1`: torchvision's own network and transforms, OpenCV's FaceDetectorYN, onnxruntime, or
OpenVINO alone. Whole results are compared, from the pixels of the photograph to its own pixels. With `--iou 1` boxes
are compared as they are before any is suppressed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.models.options import Precision, RunOptions
from api.settings import Settings
from api.tasks.classification.types import ClassificationOptions
from api.tasks.detection.types import DetectionOptions
from api.tasks.segmentation.types import SegmentationOptions
from benchmarks.datasets import IMAGE_ENDINGS
from benchmarks.found import Found, from_detections
from benchmarks.references.reference import Reference, find_reference

MODELS = ("mobilenet_v2", "deeplabv3", "faces")
CONFIDENCE = 0.25  # what is at least as confident for one of both has to be found by the other
SURE = 0.01  # by so much more: at the threshold itself, rounding decides
OPTIONS = DetectionOptions(confidence=0.1, iou=0.45, max_detections=1000)
SAME_PIXELS, SAME_BOX = 0.999, 0.9  # a share of a photograph; an IoU

Images = Sequence[NDArray[np.uint8]]


def main() -> None:
    """Print a row for each model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", nargs="+", default=MODELS)
    parser.add_argument("--photographs", type=int, default=100)
    parser.add_argument("--iou", type=float, default=OPTIONS.iou, help="of detectors, for both programs")
    given = parser.parse_args()
    images = read_images(given.folder, given.photographs)
    settings = Settings.from_environment()
    print("| model | reference | photographs | the same | largest difference |")
    print("| --- | --- | --- | --- | --- |")
    for name in given.models:
        exact = RunOptions(precision=Precision.FP32, converted_dir=settings.run_options.converted_dir)
        model = load_model(name, settings.weights_dir, exact, Cores(settings.threads))
        options = replace(OPTIONS, iou=given.iou)
        reference = find_reference(model, settings.weights_dir, options)
        if model.card.task == "detection":
            same, largest = compare_detections(model, reference, images, options)
        else:
            same, largest = COMPARISONS[model.card.task](model, reference, images)
        print(f"| {name} | {reference.name} | {len(images)} | {same} | {largest} |", flush=True)


def read_images(folder: Path, count: int) -> Images:
    """Return the first photographs of a folder, as upright pixels."""
    within = folder / "images" if (folder / "images").is_dir() else folder
    paths = sorted(path for path in within.iterdir() if path.suffix.lower() in IMAGE_ENDINGS)[:count]
    return [decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels for path in paths]


def compare_classes(model: Model, reference: Reference, images: Images) -> tuple[str, str]:
    """Return on how many photographs the first label is the same, and how far any probability is off."""
    same, off = 0, 0.0
    for image in _progress(model, images):
        classes = model.run(image, ClassificationOptions(top=len(model.card.labels))).classes
        found = np.array([one.confidence for one in sorted(classes, key=lambda one: one.class_id)])
        expected = reference.run(image)
        same += bool(found.argmax() == expected.argmax())
        off = max(off, float(np.abs(found - expected).max()))
    return f"the first label on {same}", f"{off:.1e} of a probability"


def compare_maps(model: Model, reference: Reference, images: Images) -> tuple[str, str]:
    """Return on how many photographs nearly all pixels have the same class, and the share that differs at most."""
    shares = [
        float((model.run(image, SegmentationOptions()).class_map == reference.run(image)).mean())
        for image in _progress(model, images)
    ]
    enough = sum(share >= SAME_PIXELS for share in shares)
    same = f"{np.mean(shares):.4%} of the pixels, {SAME_PIXELS:.1%} or more on {enough}"
    return same, f"{1 - min(shares):.3%} of a photograph's pixels"


def compare_detections(
    model: Model, reference: Reference, images: Images, options: DetectionOptions = OPTIONS
) -> tuple[str, str]:
    """Return how many objects both find, and how far their boxes, scores and points are apart."""
    pairs: list[tuple[Found, Found]] = []
    alone = 0
    for image in _progress(model, images):
        found = from_detections(model.run(image, options).detections, image.shape[:2])
        expected = [one for one in reference.run(image) if one.confidence >= options.confidence]
        matched = match(found, [clipped(one, image.shape[:2]) for one in expected])
        pairs += [pair for pair in matched if max(one.confidence for one in pair) >= CONFIDENCE]
        alone += count_alone(found, expected, matched)
    overlap = min((iou(one, other) for one, other in pairs), default=1.0)
    score = max((abs(one.confidence - other.confidence) for one, other in pairs), default=0.0)
    points = max((points_apart(one, other) for one, other in pairs), default=0.0)
    words = f"IoU {overlap:.4f}, score {score:.4f}" + (f", points {points:.2f} px" if points else "")
    return f"{len(pairs)} objects, {alone} by one alone", words


def clipped(one: Found, image_size: tuple[int, int]) -> Found:
    """Return the same with its box cut off at the borders of the image, as ours are."""
    height, width = image_size
    x1, y1, x2, y2 = np.clip(one.box_xyxy, 0, (width, height, width, height)).tolist()
    return Found(one.class_id, one.confidence, (x1, y1, x2, y2), one.mask, one.points)


def match(found: Sequence[Found], expected: Sequence[Found]) -> list[tuple[Found, Found]]:
    """Return the objects of both that are the same, the most confident first."""
    rest, pairs = list(expected), []
    for one in found:
        same = [other for other in rest if other.class_id == one.class_id and iou(one, other) >= SAME_BOX]
        if same:
            best = max(same, key=lambda other: iou(one, other))
            rest = [other for other in rest if other is not best]
            pairs.append((one, best))
    return pairs


def count_alone(found: Sequence[Found], expected: Sequence[Found], pairs: Sequence[tuple[Found, Found]]) -> int:
    """Return how many objects only one of both has found, and surely."""
    surely = sum(one.confidence >= CONFIDENCE + SURE for one in (*found, *expected))
    return surely - sum(one.confidence >= CONFIDENCE + SURE for pair in pairs for one in pair)


def iou(one: Found, other: Found) -> float:
    """Return the overlap of two boxes."""
    (left, top, right, bottom), (x1, y1, x2, y2) = one.box_xyxy, other.box_xyxy
    common = max(0.0, min(right, x2) - max(left, x1)) * max(0.0, min(bottom, y2) - max(top, y1))
    return common / max((right - left) * (bottom - top) + (x2 - x1) * (y2 - y1) - common, 1e-9)


def points_apart(one: Found, other: Found) -> float:
    """Return by how many pixels a coordinate of a point differs at most."""
    apart = [
        max(abs(first.x - second.x), abs(first.y - second.y))
        for first, second in zip(one.points, other.points, strict=True)
    ]
    return max(apart, default=0.0)


def _progress(model: Model, images: Images) -> Images:
    shown: Images = tqdm(images, desc=model.card.name, unit="photo", file=sys.stderr)
    return shown


COMPARISONS: dict[str, Callable[[Model, Reference, Images], tuple[str, str]]] = {
    "classification": compare_classes,
    "segmentation": compare_maps,
}

if __name__ == "__main__":
    main()
