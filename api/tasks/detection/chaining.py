"""Detection in a chain: what is kept, what hangs under a detection, and how all of it is moved."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from math import ceil, floor
from typing import Any

from api.tasks.chaining import Attached, Chaining, Gate
from api.tasks.detection.types import Attribute, Blur, Box, Detection, DetectionOptions, Detections, Keypoint
from api.tasks.part import Part, Point

MOST_DETECTIONS = 1000  # what may be asked for


def asked_before_keeping(options: DetectionOptions) -> DetectionOptions:
    """Return what a detector is asked if only some labels are kept: those of others must not take up the places."""
    return replace(options, max_detections=MOST_DETECTIONS)


def keep_labels(result: Detections, labels: Collection[str], most: int) -> Detections:
    """Return the result without the detections and candidates of other labels, and with at most so many detections."""
    kept = [one for one in result.detections if one.label in labels]
    candidates = [one for one in result.candidates if one.label in labels]
    return replace(result, detections=kept[:most], candidates=candidates)


def attach(result: Detections, attributes: Sequence[Attribute]) -> Detections:
    """Return the result with an attribute under each of the first detections."""
    first = [
        replace(one, attributes=(*one.attributes, attribute))
        for one, attribute in zip(result.detections, attributes, strict=False)
    ]
    return replace(result, detections=[*first, *result.detections[len(first) :]])


def attribute_as_json(attribute: Attribute) -> dict[str, Any]:
    """Return the JSON part of the attribute's own task, with the task, the model and what it says in a few words."""
    task = attribute.task
    words = {"task": task.name, "model": attribute.model, "text": text_of(attribute)}
    answer = {**words, **task.to_json(attribute.result, task.options())}
    if attribute.stopped:
        answer["stopped"] = asdict(attribute.stopped)
    return answer


def text_of(attribute: Attribute) -> str:
    """Return what the attribute says, in a few words; nothing if it found nothing."""
    return attribute.attached.text(attribute.result)


def move_detections(result: Detections, part: Part) -> Detections:
    """Return what was found in a part of an image in pixels of the whole."""
    blur = result.blur and Blur(result.blur.class_ids, [_whole_pixels(_box(one, part)) for one in result.blur.regions])
    return Detections(
        [_detection(one, part) for one in result.detections],
        [_detection(one, part) for one in result.candidates],
        blur,
    )


def _detection(one: Detection, part: Part) -> Detection:
    return replace(
        one,
        box=_box(one.box, part),
        polygon=part.points(one.polygon),
        keypoints=tuple(_keypoint(point, part) for point in one.keypoints),
        attributes=tuple(
            replace(attribute, result=attribute.attached.moved(attribute.result, part)) for attribute in one.attributes
        ),
    )


def _box(box: Box, part: Part) -> Box:
    return Box(*part.point(box.x1, box.y1), *part.point(box.x2, box.y2))


def _whole_pixels(box: Box) -> Box:
    return Box(floor(box.x1), floor(box.y1), ceil(box.x2), ceil(box.y2))


def _keypoint(point: Keypoint, part: Part) -> Keypoint:
    x, y = part.point(point.x, point.y)
    return replace(point, x=x, y=y)


def _count(result: Detections) -> str:
    """Return how many there are of each label: "face, 2 x hand"."""
    counts = Counter(one.label for one in result.detections)
    return ", ".join(label if count == 1 else f"{count} x {label}" for label, count in counts.items())


def _outlines(result: Detections) -> list[tuple[Point, ...]]:
    boxes = [one.box for one in result.detections]
    return [((box.x1, box.y1), (box.x2, box.y1), (box.x2, box.y2), (box.x1, box.y2)) for box in boxes]


CHAINING: Chaining[DetectionOptions, Detections] = Chaining(
    nothing=lambda _size: Detections([]),
    gate=Gate(
        options=lambda at_least, _labels: DetectionOptions(confidence=at_least, max_detections=MOST_DETECTIONS),
        scores=lambda result: [(one.label, one.confidence) for one in result.detections],
    ),
    attached=Attached(moved=move_detections, text=_count, outlines=_outlines),
)
