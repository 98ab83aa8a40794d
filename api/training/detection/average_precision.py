"""COCO's average precision (AP) of boxes: what tells during a training how good it is.

Source: https://cocodataset.org, "Detection Evaluation", and its definition in pycocotools (cocoeval.py), to whose
numbers a test holds this: the mean over ten overlaps from 0.50 to 0.95 and 101 recalls, of at most 100 boxes a picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IOUS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)
MOST_BOXES = 100  # of a picture, the most confident

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """N boxes in one picture: (N, 4) xyxy, the label of each, and how confident it is (of the truth: nothing)."""

    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    confidences: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class LabelPrecision:
    """How well one label is found, 0 to 1, and how many boxes of it there are."""

    boxes: int
    ap: float
    ap50: float


@dataclass(frozen=True, slots=True)
class Precision:
    """The means over the labels that the truth has; `labels` has those by their number."""

    ap: float
    ap50: float
    labels: dict[int, LabelPrecision]


def measure(truth: Sequence[Boxes], found: Sequence[Boxes]) -> Precision:
    """Compare what was found in each picture with what is there."""
    labels = {}
    for label in sorted({int(one) for each in truth for one in each.labels}):
        pairs = [(_of_label(there, label), _of_label(seen, label)) for there, seen in zip(truth, found, strict=True)]
        labels[label] = _measure_label(pairs)
    means = [(one.ap, one.ap50) for one in labels.values()]
    ap, ap50 = np.mean(means, axis=0).tolist() if means else (0.0, 0.0)
    return Precision(ap, ap50, labels)


def _of_label(several: Boxes, label: int) -> Boxes:
    """Return those of a label, the most confident first."""
    places = np.flatnonzero(several.labels == label)
    if several.confidences is None:
        return Boxes(several.boxes[places], several.labels[places])
    order = np.argsort(-several.confidences[places], kind="stable")
    places = places[order][:MOST_BOXES]
    return Boxes(several.boxes[places], several.labels[places], several.confidences[places])


def _measure_label(pairs: Sequence[tuple[Boxes, Boxes]]) -> LabelPrecision:
    confidences = np.concatenate([seen.confidences for _, seen in pairs if seen.confidences is not None])
    right = np.concatenate([_match(overlaps(seen.boxes, there.boxes)) for there, seen in pairs], axis=1)
    order = np.argsort(-confidences, kind="stable")
    count = sum(len(there.boxes) for there, _ in pairs)
    by_iou = [_area(hits[order], count) for hits in right]
    return LabelPrecision(count, float(np.mean(by_iou)), by_iou[0])


def _match(ious: Floats) -> NDArray[np.bool_]:
    """Return (10 overlaps, found): whether each box, the most confident first, is the best left over for one there."""
    found, there = ious.shape
    right = np.zeros((len(IOUS), found), bool)
    for row, least in enumerate(IOUS):
        free = np.ones(there, bool)
        for number in range(found if there else 0):
            candidates = np.where(free, ious[number], -1.0)
            best = there - 1 - int(candidates[::-1].argmax())  # of equal ones the last, as pycocotools has it
            if candidates[best] >= min(least, 1 - 1e-10):
                free[best], right[row, number] = False, True
    return right


def _area(hits: NDArray[np.bool_], count: int) -> float:
    """Return the mean precision at 101 recalls; `hits` in the order of confidence, `count` boxes are there."""
    rights = np.cumsum(hits)
    precision = rights / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]  # the best at this recall or a higher one
    places = np.searchsorted(rights / count, RECALLS, side="left")
    return float(np.append(precision, 0.0)[np.minimum(places, len(hits))].mean())


def overlaps(found: NDArray[np.float32], there: NDArray[np.float32]) -> Floats:
    """Return the intersection over union of each pair, (found, there)."""
    one, other = found.astype(np.float64)[:, None], there.astype(np.float64)[None]
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    common = sides.clip(min=0).prod(axis=-1)
    areas = (one[..., 2:] - one[..., :2]).prod(axis=-1) + (other[..., 2:] - other[..., :2]).prod(axis=-1)
    ious: Floats = common / np.maximum(areas - common, 1e-12)
    return ious
