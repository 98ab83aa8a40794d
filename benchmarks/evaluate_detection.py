"""The accuracy of a detector on photographs with known boxes, and of the masks and key points that both have."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from pycocotools.cocoeval import COCOeval
from tqdm import tqdm

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.darknet.files import ModelFiles
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.models.options import AS_DARKNET
from api.settings import Settings
from api.tasks.detection.types import DetectionOptions
from benchmarks.canvas import FITTED, advise, fitted, measure_gain, other_fit
from benchmarks.coco_measures import MEASURES, WORDS, Kind, choose_kinds, format_measures, measure
from benchmarks.datasets import Dataset, read_dataset
from benchmarks.found import Found, from_detections
from benchmarks.opencv_peer import OpenCvDetector
from benchmarks.references.reference import find_reference

OPTIONS = DetectionOptions(confidence=0.005, iou=0.45, max_detections=100)
OWN = "Pagesight"
Detect = Callable[[NDArray[np.uint8]], Sequence[Found]]


def run(model: Model, settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    """Evaluate, print the tables, draw the picture; returns what is to be written as JSON. Raises DatasetError."""
    dataset = read_dataset(asked.data, model.card.labels)
    runs = choose_runs(model, settings, is_compared=asked.compare, both_ways=asked.canvas == "both")
    found = {name: find_all(detect, dataset, name) for name, detect in runs.items()}
    kinds = choose_kinds(dataset, next(iter(found.values())))
    evaluations = {kind: {name: measure(kind, dataset, each) for name, each in found.items()} for kind in kinds}

    print(f"\n{model.card.name}, {model.describe()}, {len(dataset.paths)} photographs of {dataset.name}\n")
    for kind, programs in evaluations.items():
        print(f"{WORDS[kind].capitalize()}:\n\n{format_measures(kind, programs)}")
    own, *others = evaluations[Kind.BOXES].values()
    if asked.canvas == "both":
        print(advise(model.card, measure_gain(own, others[0])) + "\n")
    print(format_classes(own, dataset))
    picture = asked.out / f"accuracy-{model.card.name}.png"
    plot_precision_recall(evaluations[Kind.BOXES], picture, f"{model.card.name} on {dataset.name}")
    print(f"Written: {picture}")
    return as_json(evaluations, model, dataset)


def choose_runs(model: Model, settings: Settings, *, is_compared: bool, both_ways: bool) -> dict[str, Detect]:
    """Return what is to be evaluated, by name: first the model as it would serve, then, if asked for, the others."""
    runs: dict[str, Detect] = {OWN: finds(model)}
    if both_ways:
        ways = (model.card.input.resize, other_fit(model.card))
        runs = {f"{OWN}, {FITTED[fit]}": finds(fitted(model, fit)) for fit in ways}
    if is_compared and model.card.source_format == "Darknet":
        as_darknet = load_model(model.card.name, settings.weights_dir, AS_DARKNET, Cores(settings.threads))
        runs[f"{OWN} as Darknet"] = finds(as_darknet)
        files, fit = ModelFiles(model.card.name, settings.weights_dir), model.card.input.resize
        peer = OpenCvDetector(files.cfg, files.weights, model.card.labels, confidence=OPTIONS.confidence, fit=fit)
        runs[peer.name] = lambda image: from_detections(peer.detect(image, OPTIONS), image.shape[:2])
    elif is_compared:
        reference = find_reference(model, settings.weights_dir, OPTIONS)
        runs[reference.name] = reference.run
    return runs


def finds(model: Model) -> Detect:
    """Return what a model finds in an image, as a function."""
    return lambda image: from_detections(model.run(image, OPTIONS).detections, image.shape[:2])


def evaluate_boxes(model: Model, dataset: Dataset, name: str) -> COCOeval:
    """Compare the boxes that a model finds with the truth."""
    return measure(Kind.BOXES, dataset, find_all(finds(model), dataset, name))


def find_all(detect: Detect, dataset: Dataset, name: str) -> dict[int, Sequence[Found]]:
    """Return what is found in every photograph, by its id."""
    found = {}
    for image_id, path in tqdm(dataset.paths.items(), desc=name, unit="photo", file=sys.stderr):
        image = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels
        found[image_id] = detect(image)
    return found


def class_measures(evaluation: COCOeval, dataset: Dataset) -> list[tuple[str, int, float, float]]:
    """Return (label, boxes in the truth, AP, AP50) for each class that the truth has boxes of, best first."""
    names = {category["id"]: category["name"] for category in dataset.truth["categories"]}
    precision = evaluation.eval["precision"][..., 0, -1]  # IoU x recall x class, all areas, 100 detections
    rows = []
    for index, category_id in enumerate(evaluation.params.catIds):
        boxes = len(evaluation.cocoGt.getAnnIds(catIds=[category_id], iscrowd=False))
        if boxes:
            rows.append(
                (names[category_id], boxes, *(float(p.mean()) for p in (precision[..., index], precision[0, :, index])))
            )
    return sorted(rows, key=lambda row: -row[2])


def format_classes(evaluation: COCOeval, dataset: Dataset) -> str:
    """Return the table of the classes."""
    rows = ["| class | boxes | AP | AP50 |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {name} | {boxes} | {ap:.3f} | {ap50:.3f} |" for name, boxes, ap, ap50 in class_measures(evaluation, dataset)
    ]
    return "\n".join(rows) + "\n"


def as_json(evaluations: Mapping[Kind, Mapping[str, COCOeval]], model: Model, dataset: Dataset) -> dict[str, Any]:
    """Return everything that was measured, for programs: of boxes as `results`, of other kinds beside it."""
    boxes = evaluations[Kind.BOXES]
    return {
        "model": model.card.name,
        "configuration": model.describe(),
        "data": dataset.name,
        "photographs": len(dataset.paths),
        "confidence": OPTIONS.confidence,
        "iou": OPTIONS.iou,
        "max_detections": OPTIONS.max_detections,
        "results": {
            name: {
                **_measured(Kind.BOXES, evaluation),
                "classes": [
                    {"label": label, "boxes": boxes, "AP": ap, "AP50": ap50}
                    for label, boxes, ap, ap50 in class_measures(evaluation, dataset)
                ],
            }
            for name, evaluation in boxes.items()
        },
        **{
            WORDS[kind].replace(" ", "_"): {name: _measured(kind, one) for name, one in programs.items()}
            for kind, programs in evaluations.items()
            if kind is not Kind.BOXES
        },
    }


def _measured(kind: Kind, evaluation: COCOeval) -> dict[str, float]:
    return dict(zip(MEASURES[kind], evaluation.stats.tolist(), strict=False))


def plot_precision_recall(evaluations: Mapping[str, COCOeval], target: Path, title: str) -> None:
    """Draw the mean precision of all classes against recall, at three overlaps, a line style for each program."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 5), layout="constrained")
    for (name, evaluation), style in zip(evaluations.items(), ("-", "--", ":"), strict=False):
        precision = evaluation.eval["precision"][..., 0, -1]
        for index, colour in ((0, "C0"), (5, "C1"), (8, "C2")):
            curve = precision[index]
            mean = curve[:, (curve > -1).all(axis=0)].mean(axis=1)
            iou = evaluation.params.iouThrs[index]
            axes.plot(evaluation.params.recThrs, mean, style, color=colour, label=f"{name}, IoU {iou:.2f}")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1), title=title)
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(target, dpi=120)
    plt.close(figure)
