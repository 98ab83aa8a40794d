"""Boxes that a folder has in other files: those of the page, CVAT, Label Studio and Roboflow, and YOLO's texts.

Training reads all of them, but of one photograph only the first: so all that they say goes into one file.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from api.cleaning.pictures import read_size
from api.errors import ApiError
from api.training.detection import coco, yolo
from api.training.detection.described import SHARES, Described, Places

DIGITS = 3


def read_other_boxes(folder: Path, document: dict[str, Any]) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Return the document with what other files say, and those of them that it then stands for: COCO's.

    YOLO's texts count for nothing where there is a COCO file. What is wrong in any of them is left out. Raises
    DataError, OSError.
    """
    places = Places(folder)
    files, texts = coco.find_files(places), yolo.find_files(places)
    described: Iterable[Described] = ()
    if files:
        described = coco.read_files(files, places, _pass_over)
    elif texts:
        described = yolo.read_files(texts, places, _pass_over)
    found: dict[Path, Described] = {}
    for one in described:
        found.setdefault(one.path, one)
    categories = list(document["categories"])
    images, annotations = list(document["images"]), list(document["annotations"])
    ids = {one["name"]: one["id"] for one in categories}
    for path, one in found.items():
        try:
            height, width = one.size if one.size != SHARES else read_size(path.read_bytes())
        except (ApiError, OSError):
            continue
        image = {"id": len(images) + 1, "file_name": path.relative_to(folder).as_posix()}
        images.append({**image, "width": int(width), "height": int(height)})
        scale = (width, height) if one.size == SHARES else (1.0, 1.0)
        for label, corners in one.objects:
            if label not in ids:
                ids[label] = max(ids.values(), default=0) + 1
                categories.append({"id": ids[label], "name": label, "supercategory": ""})
            x1, y1, x2, y2 = (round(side * scale[place % 2], DIGITS) for place, side in enumerate(corners))
            box = [x1, y1, round(x2 - x1, DIGITS), round(y2 - y1, DIGITS)]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image["id"],
                    "category_id": ids[label],
                    "bbox": box,
                    "area": round(box[2] * box[3], DIGITS),
                    "iscrowd": 0,
                }
            )
    merged = {**document, "images": images, "annotations": annotations, "categories": categories}
    return merged, tuple(files)


def _pass_over(_path: Path, _reason: str) -> None:
    """Leave it out: the photograph is one that nobody has looked at."""
