"""How far two runs of a detector find the same, without a known truth: to hold a quantized network to its original."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.types import CANDIDATE_CONFIDENCE, Detection, DetectionOptions, Detections
from api.tasks.task import Agreement, Comparison

SAME_OBJECT_IOU = 0.5  # boxes of one class that overlap by as much show the same object


def measure_agreement(pairs: Iterable[tuple[Detections, Detections]]) -> Agreement:
    """Return how far the second result of each pair agrees with the first, over all images together.

    Each object found by both counts with the lower of its two confidences times the overlap (IoU) of its two boxes. The
    share is twice the sum of these, divided by the sum of all confidences of both runs: the Dice coefficient. So an
    object that only one run finds, a confidence that falls and a box that moves all lower it, each by its weight.
    """
    common = total = 0.0
    found = 0
    for first, second in pairs:
        common += _common_confidence(first.detections, second.detections)
        total += sum(one.confidence for one in (*first.detections, *second.detections))
        found += len(first.detections)
    return Agreement(2 * common / total if total else 1.0, found)


def _common_confidence(first: Sequence[Detection], second: Sequence[Detection]) -> float:
    """Return the sum, over the objects that both found, of the lower confidence x IoU."""
    if not first or not second:
        return 0.0
    same_class = np.array([one.class_id for one in first])[:, None] == np.array([one.class_id for one in second])
    iou = _overlaps(_boxes_xyxy(first), _boxes_xyxy(second)) * same_class
    common = 0.0
    while iou.max() >= SAME_OBJECT_IOU:  # the largest overlap first; each detection is in one pair at most
        row, column = np.unravel_index(iou.argmax(), iou.shape)
        common += min(first[row].confidence, second[column].confidence) * float(iou[row, column])
        iou[row], iou[:, column] = 0, 0
    return common


def _boxes_xyxy(detections: Sequence[Detection]) -> NDArray[np.float64]:
    return np.array([(one.box.x1, one.box.y1, one.box.x2, one.box.y2) for one in detections])


def _overlaps(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the IoU of each of N boxes with each of M, (N, M)."""
    low = np.maximum(first[:, None, :2], second[:, :2])
    high = np.minimum(first[:, None, 2:], second[:, 2:])
    common = (high - low).clip(0).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (first, second)]
    iou: NDArray[np.float64] = common / (areas[0][:, None] + areas[1] - common)
    return iou


COMPARISON = Comparison(DetectionOptions(confidence=CANDIDATE_CONFIDENCE), measure_agreement)
