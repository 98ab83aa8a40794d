"""By how much two programs that run one model find otherwise in an image, thing by thing."""

from collections.abc import Sequence
from dataclasses import astuple, replace

from api.tasks.detection.types import Detection, DetectionOptions, Detections
from api.tasks.task import Differences, Run

SAME_OBJECT_IOU = 0.5
LIMITS = {"box (px)": 2.0, "confidence": 0.01, "found by one alone": 0.0}


def measure(
    one: Run[DetectionOptions, Detections], other: Run[DetectionOptions, Detections], options: DetectionOptions
) -> dict[str, float]:
    """Return the largest differences of the objects that either finds.

    What one finds at just the lowest confidence the other may find just below it: it is asked for that, too.
    """
    lower = replace(options, confidence=max(0.0, options.confidence - LIMITS["confidence"]), max_detections=1000)
    far = dict.fromkeys(LIMITS, 0.0)
    for asked, answers in ((one, other), (other, one)):
        found = answers(lower).detections
        for detection in asked(options).detections:
            for name, difference in _compare(detection, found).items():
                far[name] = max(far[name], difference) if name != "found by one alone" else far[name] + difference
    return far


def _compare(detection: Detection, found: Sequence[Detection]) -> dict[str, float]:
    """Return how far a detection is from the nearest of the same object."""
    same = [one for one in found if one.class_id == detection.class_id and _iou(one, detection) >= SAME_OBJECT_IOU]
    if not same:
        return {"found by one alone": 1.0}
    apart = [
        {"box (px)": _distance(one, detection), "confidence": abs(one.confidence - detection.confidence)}
        for one in same
    ]
    return min(apart, key=lambda each: max(each[name] / LIMITS[name] for name in each))


def _distance(one: Detection, other: Detection) -> float:
    """Return by how many pixels the farthest edges, or key points, of two detections differ."""
    sides = zip(astuple(one.box), astuple(other.box), strict=True)
    points = zip(one.keypoints, other.keypoints, strict=True)
    apart: list[float] = [abs(first - second) for first, second in sides]
    return max(*apart, *(max(abs(first.x - second.x), abs(first.y - second.y)) for first, second in points))


def _iou(one: Detection, other: Detection) -> float:
    """Return the overlap of two boxes."""
    width = min(one.box.x2, other.box.x2) - max(one.box.x1, other.box.x1)
    height = min(one.box.y2, other.box.y2) - max(one.box.y1, other.box.y1)
    common = max(0.0, width) * max(0.0, height)
    areas: float = sum((box.x2 - box.x1) * (box.y2 - box.y1) for box in (one.box, other.box))
    return common / (areas - common)


DIFFERENCES = Differences(LIMITS, measure)
