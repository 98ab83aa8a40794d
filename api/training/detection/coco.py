"""Boxes in COCO's form, as the page, CVAT, Label Studio and Roboflow write it: https://cocodataset.org/#format-data.

A folder may have many such files, as the page writes one for each photograph. Labels go by their names: ids may differ
from file to file.
"""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from api.training.detection.described import Box, Described, Fault, Places, Refuse
from api.training.forms import normal

FILE = re.compile(r"(.*coco|instances.*|annotations|result)\.json")  # Label Studio's is result.json


def find_files(places: Places) -> list[Path]:
    """Return the files that are in COCO's form, by their names."""
    return sorted(path for path in places if FILE.fullmatch(path.name))


def read_files(files: list[Path], places: Places, refuse: Refuse) -> Iterator[Described]:
    """Yield what the files describe; what is wrong with one of them or one photograph is told to `refuse`."""
    for file in files:
        try:
            document = json.loads(file.read_text(encoding="utf-8-sig"))
            images, labels, objects = _parts(document)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            refuse(file, "It is not in COCO's form: `images`, `annotations` and `categories` are expected.")
            continue
        unknown = sum(len(several) for image_id, several in objects.items() if image_id not in images)
        if unknown:
            refuse(file, f"{unknown} of its boxes are of images that it does not list.")
        for image_id, image in images.items():
            name = image.get("file_name")
            try:
                path = places.find(name, file)
            except Fault as fault:
                refuse(places.folder / str(name).rpartition("/")[2], str(fault))
                continue
            try:
                boxes = tuple(_read_object(one, labels, file) for one in objects[image_id] if not one.get("iscrowd"))
                yield Described(path, file, _size(image, file), boxes)
            except Fault as fault:
                refuse(path, str(fault))


def _parts(document: Any) -> tuple[dict[Any, Any], dict[Any, str], Mapping[Any, list[Any]]]:
    """Return the images and the labels by their ids, and the objects of each image."""
    images = {one["id"]: {**one} for one in document["images"]}
    labels = {one["id"]: normal(one["name"].strip()) for one in document["categories"]}
    objects = defaultdict(list)
    for one in document["annotations"]:
        objects[one["image_id"]].append({**one})
    return images, labels, objects


def _size(image: Mapping[str, Any], file: Path) -> tuple[float, float]:
    size: list[Any] = [image.get("height"), image.get("width")]
    if not _are_numbers(size) or min(size) <= 0:
        raise Fault(f"{file.name} gives it a height of {size[0]!r} and a width of {size[1]!r}; pixels are expected.")
    height, width = size
    return float(height), float(width)


def _read_object(one: Mapping[str, Any], labels: Mapping[Any, str], file: Path) -> tuple[str, Box]:
    """Return the label and the box of an annotation. Raises Fault."""
    category = one.get("category_id")
    if not isinstance(category, int | str) or not labels.get(category):
        raise Fault(f"{file.name} has a box of category {category!r} in it, which is none of its categories.")
    box = one.get("bbox")
    if not isinstance(box, list) or len(box) != 4 or not _are_numbers(box):
        raise Fault(f"{file.name} has a `bbox` {box!r} in it, and [x, y, width, height] in pixels is expected.")
    x, y, width, height = (float(value) for value in box)
    return labels[category], (x, y, x + width, y + height)


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(type(value) in (int, float) and math.isfinite(value) for value in values)
