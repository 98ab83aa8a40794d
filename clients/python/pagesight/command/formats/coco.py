"""COCO's form (https://cocodataset.org/#format-data), as the page writes it, for a whole folder.

Ids of categories are one more than the model's class ids, and images and annotations count from 1: some readers take
a 0 for "background" or for "no match".
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pagesight.answers import Box, Detection, DetectionAnswer, Keypoint, Point
from pagesight.command.formats.answered import Answered
from pagesight.command.whole_file import whole_file

SEEN_CONFIDENCE = 0.5  # a key point below it counts as not seen


def write_coco(target: Path, answered: Answered) -> None:
    """Write a data set. An object without an outline has that of its box."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    points: dict[int, tuple[str, ...]] = {}
    for answer in answered.answers():
        images.append({"id": len(images) + 1, "file_name": answer.name, "width": answer.width, "height": answer.height})
        for one in _detections(answer):
            annotations.append({"id": len(annotations) + 1, "image_id": len(images), **_annotation(one)})
            if one.keypoints:
                points.setdefault(one.class_id, tuple(point.name for point in one.keypoints))
    dataset = {
        "info": {"description": "Objects found by Pagesight", **answered.about},
        "licenses": [],
        "images": images,
        "annotations": annotations,
        "categories": list(_categories(answered, points)),
    }
    with whole_file(target) as file:
        json.dump(dataset, file, ensure_ascii=False)
        file.write("\n")


def _detections(answer: object) -> tuple[Detection, ...]:
    return answer.detections if isinstance(answer, DetectionAnswer) else ()


def _annotation(one: Detection) -> dict[str, Any]:
    box = one.box
    bbox = [round(value, 3) for value in (box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1)]
    outline = [(round(x, 3), round(y, 3)) for x, y in one.polygon or _corners(box)]
    return {
        "category_id": one.class_id + 1,
        "bbox": bbox,
        "area": round(_area(outline) if one.polygon else bbox[2] * bbox[3], 3),
        "segmentation": [[value for point in outline for value in point]],
        "iscrowd": 0,
        "score": round(one.confidence, 6),
        **(_keypoints(one.keypoints) if one.keypoints else {}),
        **({"attributes": {key: said.text for key, said in one.attributes.items()}} if one.attributes else {}),
    }


def _keypoints(points: Sequence[Keypoint]) -> dict[str, Any]:
    """Each as x, y and 2 if it is seen, 1 if it is only believed to be there."""
    written = [(round(p.x, 3), round(p.y, 3), 2 if p.confidence >= SEEN_CONFIDENCE else 1) for p in points]
    return {"keypoints": [value for point in written for value in point], "num_keypoints": len(points)}


def _categories(answered: Answered, points: dict[int, tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    for class_id, label in enumerate(answered.labels):
        category: dict[str, Any] = {"id": class_id + 1, "name": label, "supercategory": ""}
        if names := points.get(class_id):
            lines = [line for line in answered.skeleton if set(line) <= set(names)]
            category |= {"keypoints": names, "skeleton": [[names.index(end) + 1 for end in line] for line in lines]}
        yield category


def _corners(box: Box) -> list[Point]:
    return [(box.x1, box.y1), (box.x2, box.y1), (box.x2, box.y2), (box.x1, box.y2)]


def _area(outline: Sequence[Point]) -> float:
    pairs = zip(outline, [*outline[1:], outline[0]], strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)) / 2
