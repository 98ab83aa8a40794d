"""Our AP against pycocotools' own."""

import contextlib
import io

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from api.training.detection.average_precision import Boxes, measure, overlaps

LABELS = 3


def draw_boxes(random: np.random.Generator, count: int) -> np.ndarray:
    corners = random.uniform(0, 80, (count, 2))
    return np.concatenate([corners, corners + random.uniform(5, 40, (count, 2))], axis=1).astype(np.float32)


def draw_pictures(seed: int) -> tuple[list[Boxes], list[Boxes]]:
    """What is there, and what is found: the same boxes, moved, some of another label, some missing, some of nothing."""
    random = np.random.default_rng(seed)
    truth, found = [], []
    for _ in range(25):
        count = int(random.integers(0, 6))
        boxes, labels = draw_boxes(random, count), random.integers(0, LABELS, count)
        truth.append(Boxes(boxes, labels))
        kept = random.random(count) < 0.8
        moved = boxes[kept] + random.normal(0, 2, (int(kept.sum()), 4)).astype(np.float32)
        said = np.where(random.random(int(kept.sum())) < 0.9, labels[kept], random.integers(0, LABELS, int(kept.sum())))
        extra = draw_boxes(random, int(random.integers(0, 120)))
        boxes = np.concatenate([moved, extra])
        said = np.concatenate([said, random.integers(0, LABELS, len(extra))])
        sure = random.random(len(said)) + (np.arange(len(said)) < len(moved))
        found.append(Boxes(boxes, said, sure.astype(np.float32)))
    return truth, found


def as_xywh(box: np.ndarray) -> list[float]:
    x1, y1, x2, y2 = map(float, box)
    return [x1, y1, x2 - x1, y2 - y1]


def by_pycocotools(truth: list[Boxes], found: list[Boxes]) -> COCOeval:
    annotations, results = [], []
    for image_id, (there, seen) in enumerate(zip(truth, found, strict=True)):
        for box, label in zip(there.boxes, there.labels, strict=True):
            bbox = as_xywh(box)
            annotations.append(
                {"id": len(annotations) + 1, "image_id": image_id, "category_id": int(label), "bbox": bbox,
                 "area": bbox[2] * bbox[3], "iscrowd": 0}
            )  # fmt: skip
        results += [
            {"image_id": image_id, "category_id": int(label), "bbox": as_xywh(box), "score": float(score)}
            for box, label, score in zip(seen.boxes, seen.labels, seen.confidences, strict=True)
        ]
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": image_id} for image_id in range(len(truth))],
            "annotations": annotations,
            "categories": [{"id": label} for label in range(LABELS)],
        }
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


@pytest.mark.parametrize("seed", range(4))
def test_is_that_of_pycocotools(seed: int):
    truth, found = draw_pictures(seed)
    evaluation, ours = by_pycocotools(truth, found), measure(truth, found)
    assert 0.05 < ours.ap < 0.95
    assert ours.ap == pytest.approx(evaluation.stats[0], abs=1e-6)
    assert ours.ap50 == pytest.approx(evaluation.stats[1], abs=1e-6)
    for label, one in ours.labels.items():
        assert one.ap == pytest.approx(evaluation.eval["precision"][:, :, label, 0, -1].mean(), abs=1e-6)


def test_knows_the_best_and_the_worst():
    boxes = np.array([[0, 0, 10, 10]], np.float32)
    one = np.zeros(1, np.int64)
    sure = np.ones(1, np.float32)
    nothing = Boxes(np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros(0, np.float32))
    assert measure([Boxes(boxes, one)], [Boxes(boxes, one, sure)]).ap == pytest.approx(1)
    assert measure([Boxes(boxes, one)], [nothing]).ap == 0
    assert measure([Boxes(boxes, one)], [Boxes(boxes, one + 1, sure)]).ap == 0
    assert measure([nothing], [nothing]).ap == 0


def test_overlap_is_intersection_over_union():
    ious = overlaps(np.float32([[0, 0, 2, 2]]), np.float32([[1, 0, 3, 2], [5, 5, 6, 6]]))
    assert ious.tolist() == [pytest.approx([1 / 3, 0])]
