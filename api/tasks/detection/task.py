"""Object detection as a task: its options, its drawing, its JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.tasks.detection import boxes, detr, rcnn, scored_boxes, ultralytics, yolo, yolox, yunet
from api.tasks.detection.agreement import COMPARISON
from api.tasks.detection.blur import check_blur, without_blurred
from api.tasks.detection.chaining import CHAINING, attribute_as_json, text_of
from api.tasks.detection.differences import DIFFERENCES
from api.tasks.detection.draw import draw_detections
from api.tasks.detection.keypoints import tell_keypoints
from api.tasks.detection.types import Detection, DetectionOptions, Detections, Keypoint
from api.tasks.task import Pixels, Task


def draw(image: Pixels, result: Detections, *, display_width: int | None = None) -> Pixels:
    """Return a copy of the image with boxes and labels; what is blurred has neither."""
    if result.blur is None:
        return draw_detections(image, result.detections, display_width=display_width)
    shown = without_blurred(result.detections, result.blur.class_ids)
    return draw_detections(image, shown, blurred=result.blur.regions, display_width=display_width)


def to_json(result: Detections, options: DetectionOptions) -> dict[str, Any]:
    """Return `detections`, and `candidates` and the `blurred` regions if they were asked for."""
    answer: dict[str, Any] = {"detections": _as_json(result.detections)}
    if options.candidates:
        answer["candidates"] = _as_json(result.candidates)
    if result.blur:
        answer["blurred"] = [asdict(region) for region in result.blur.regions]
    return answer


def to_text(result: Detections) -> str:
    """Return a line for each detection: confidence, label, the box's corners in pixels, and what is attached to it."""
    lines = []
    for one in result.detections:
        corners = " ".join(f"{edge:7.1f}" for edge in (one.box.x1, one.box.y1, one.box.x2, one.box.y2))
        notes = "".join(f"  {attribute.name}: {text_of(attribute) or '-'}" for attribute in one.attributes)
        lines.append(f"{one.confidence:6.1%}  {one.label:<16}{corners}{notes}\n")
    return "".join(lines)


def _as_json(detections: Sequence[Detection]) -> list[dict[str, Any]]:
    return [_one_as_json(one) for one in detections]


def _one_as_json(one: Detection) -> dict[str, Any]:
    """Return a detection; `polygon`, `keypoints` and `attributes` only if it has them."""
    answer: dict[str, Any] = {
        "label": one.label,
        "class_id": one.class_id,
        "confidence": round(one.confidence, 6),
        "box": {side: round(value, 3) for side, value in asdict(one.box).items()},
    }
    if one.polygon:
        answer["polygon"] = [[round(x, 1), round(y, 1)] for x, y in one.polygon]
    if one.keypoints:
        answer["keypoints"] = [_point_as_json(point) for point in one.keypoints]
    if one.attributes:
        answer["attributes"] = {attribute.name: attribute_as_json(attribute) for attribute in one.attributes}
    return answer


def _point_as_json(point: Keypoint) -> dict[str, Any]:
    x, y = round(point.x, 2), round(point.y, 2)
    return {"name": point.name, "x": x, "y": y, "confidence": round(point.confidence, 6)}


FAMILIES = (yolo, yolox, yunet, detr, ultralytics, boxes, scored_boxes, rcnn)
DETECTION: Task[DetectionOptions, Detections] = Task(
    name="detection",
    verb="detect",
    options=DetectionOptions,
    draw=draw,
    to_json=to_json,
    to_text=to_text,
    families={family.FAMILY: family.make_decode for family in FAMILIES},
    openapi=Path(__file__).with_name("openapi.yaml"),
    comparison=COMPARISON,
    differences=DIFFERENCES,
    check=check_blur,
    tell=tell_keypoints,
    chaining=CHAINING,
)
