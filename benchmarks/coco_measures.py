"""COCO's measures of boxes, masks and key points, by pycocotools.

AP is the mean over an IoU of 0.50 to 0.95, of key points over their likeness (OKS). Source: https://cocodataset.org,
"Detection Evaluation" and "Keypoint Evaluation". COCO's spreads of its 17 points are known; each of other points gets
1 / their number, as Ultralytics has it.
"""

import contextlib
import io
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from benchmarks.datasets import Dataset
from benchmarks.found import Found, Point, encode_mask

COCO_POINTS = 17
AllFound = Mapping[int, Sequence[Found]]  # image id -> what was found


class Kind(StrEnum):
    """What is compared, in pycocotools' words."""

    BOXES = "bbox"
    MASKS = "segm"
    POINTS = "keypoints"


WORDS = {Kind.BOXES: "boxes", Kind.MASKS: "masks", Kind.POINTS: "key points"}
OF_AREAS = ("AP", "AP50", "AP75", "AP small", "AP medium", "AP large", "AR1", "AR10", "AR100")
OF_POINTS = ("AP", "AP50", "AP75", "AP medium", "AP large", "AR", "AR50", "AR75", "AR medium", "AR large")
MEASURES = {Kind.BOXES: OF_AREAS, Kind.MASKS: OF_AREAS, Kind.POINTS: OF_POINTS}


def choose_kinds(dataset: Dataset, found: AllFound) -> list[Kind]:
    """Return what both the truth and the program have: boxes always."""
    annotations = dataset.truth["annotations"]
    every = [one for several in found.values() for one in several]
    kinds = [Kind.BOXES]
    if any(one.mask for one in every) and annotations and all(one.get("segmentation") for one in annotations):
        kinds.append(Kind.MASKS)
    if every and every[0].points and order_points(dataset, every[0].points):
        kinds.append(Kind.POINTS)
    return kinds


def order_points(dataset: Dataset, points: Sequence[Point]) -> list[int]:
    """Return the place, among a program's points, of each that the truth has: by name, else by order if as many.

    An empty list: the truth has no points, or others.
    """
    names = next((category["keypoints"] for category in dataset.truth["categories"] if "keypoints" in category), None)
    if not names or not any("keypoints" in one for one in dataset.truth["annotations"]):
        return []
    places = {point.name.replace(" ", "_"): place for place, point in enumerate(points)}
    wanted = [name.replace(" ", "_") for name in names]
    if all(name in places for name in wanted):
        return [places[name] for name in wanted]
    return list(range(len(points))) if len(points) == len(wanted) else []


def measure(kind: Kind, dataset: Dataset, found: AllFound) -> COCOeval:
    """Compare all that was found with the truth."""
    results = as_results(kind, dataset, found)
    with contextlib.redirect_stdout(io.StringIO()):  # pycocotools prints its progress
        truth = COCO()
        truth.dataset = _with_points(dataset.truth) if kind is Kind.POINTS else dataset.truth
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(results) if results else _nothing(truth), kind)
        if kind is Kind.POINTS and results and len(results[0]["keypoints"]) != 3 * COCO_POINTS:
            count = len(results[0]["keypoints"]) // 3
            evaluation.params.kpt_oks_sigmas = np.full(count, 1 / count)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def _nothing(truth: COCO) -> COCO:
    """Return results of a program that has found nothing: pycocotools reads no empty ones."""
    nothing = COCO()
    nothing.dataset = {**truth.dataset, "annotations": []}
    nothing.createIndex()
    return nothing


def as_results(kind: Kind, dataset: Dataset, found: AllFound) -> list[dict[str, Any]]:
    """Return all that was found in the form of COCO's results."""
    sizes = {image["id"]: (image.get("height", 0), image.get("width", 0)) for image in dataset.truth["images"]}
    return [
        {
            "image_id": image_id,
            "category_id": dataset.category_ids[one.class_id],
            "score": one.confidence,
            **_part(kind, dataset, one, sizes[image_id]),
        }
        for image_id, several in found.items()
        for one in several
    ]


def _part(kind: Kind, dataset: Dataset, one: Found, image_size: tuple[int, int]) -> dict[str, Any]:
    if kind is Kind.MASKS:
        return {"segmentation": one.mask or encode_mask(np.zeros(image_size, np.bool_))}
    if kind is Kind.POINTS:
        points = [one.points[place] for place in order_points(dataset, one.points)]
        return {"keypoints": [value for point in points for value in (point.x, point.y, 1.0)]}
    x1, y1, x2, y2 = one.box_xyxy
    return {"bbox": [x1, y1, x2 - x1, y2 - y1]}


def _with_points(truth: Mapping[str, Any]) -> dict[str, Any]:
    """Return a truth whose objects without key points have none that is seen: they count neither way."""
    count = next(len(category["keypoints"]) for category in truth["categories"] if "keypoints" in category)
    none = {"keypoints": [0] * 3 * count, "num_keypoints": 0}
    annotations = [{**none, **one} for one in truth["annotations"]]
    for one in annotations:
        one["num_keypoints"] = sum(seen > 0 for seen in one["keypoints"][2::3])
    return {**truth, "annotations": annotations}


def format_measures(kind: Kind, evaluations: Mapping[str, COCOeval]) -> str:
    """Return a table with a row for each program."""
    measures = MEASURES[kind]
    rows = ["| program | " + " | ".join(measures) + " |", "| --- " * (len(measures) + 1) + "|"]
    for name, evaluation in evaluations.items():
        values = " | ".join(f"{value:.4f}" for value in evaluation.stats[: len(measures)])
        rows.append(f"| {name} | {values} |")
    return "\n".join(rows) + "\n"
