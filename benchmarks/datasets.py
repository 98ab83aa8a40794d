"""Photographs with known boxes: COCO's `instances.json` with `images/`, or YOLO's `labels/*.txt` with `images/`.

What YOLO's numbers mean says a `classes.txt` in the folder or in `labels/`, else the order of the model's labels.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
BACKGROUND = "__background__"  # torchvision's label of class 0, which no data have
NO_CATEGORY = -1  # of a label that the data do not have: what the model finds of it counts neither way


class DatasetError(ValueError):
    """The folder holds no data set that is read; the message says what was expected."""


@dataclass(frozen=True)
class Dataset:
    """The truth in COCO's form, where each image is, and the category id of each class of the model."""

    name: str
    truth: dict[str, Any]  # COCO: images, annotations, categories
    paths: dict[int, Path]  # image id -> file
    category_ids: tuple[int, ...]  # class id -> category id


def read_dataset(folder: Path, labels: tuple[str, ...]) -> Dataset:
    """Read a folder for a model of these labels. Raises DatasetError."""
    if (folder / "instances.json").is_file():
        return _read_coco(folder, labels)
    if (folder / "labels").is_dir():
        return _read_yolo(folder, labels)
    raise DatasetError(f"{folder} holds neither instances.json (COCO) nor labels/*.txt (YOLO)")


def _read_coco(folder: Path, labels: tuple[str, ...]) -> Dataset:
    truth = json.loads((folder / "instances.json").read_text(encoding="utf-8"))
    paths = {image["id"]: folder / "images" / image["file_name"] for image in truth["images"]}
    missing = [path.name for path in paths.values() if not path.is_file()]
    if missing:
        raise DatasetError(f"{folder / 'images'} lacks {len(missing)} images, the first is {missing[0]}")
    ids = sorted(category["id"] for category in truth["categories"])
    by_name = {category["name"]: category["id"] for category in truth["categories"]}
    if all(label in by_name for label in labels) or by_name.keys() <= set(labels):
        ids = [by_name.get(label, NO_CATEGORY) for label in labels]
    elif len(ids) != len(labels):  # Darknet's names differ from COCO's in words (sofa, couch), not in order
        raise DatasetError(f"the data have {len(ids)} categories and the model {len(labels)} classes of other names")
    return Dataset(folder.name, truth, paths, tuple(ids))


def _read_yolo(folder: Path, labels: tuple[str, ...]) -> Dataset:
    part = "val" if (folder / "images" / "val").is_dir() else ""  # as `make split-boxes` and Ultralytics have it
    pictures = folder / "images" / part
    paths = sorted(path for path in pictures.iterdir() if path.suffix.lower() in IMAGE_ENDINGS)
    if not paths:
        raise DatasetError(f"{pictures} holds no images")
    names = _class_names(folder, labels)
    images, annotations = [], []
    for image_id, path in enumerate(paths):
        with Image.open(path) as image:
            width, height = image.size
        images.append({"id": image_id, "file_name": path.name, "width": width, "height": height})
        label_file = folder / "labels" / part / f"{path.stem}.txt"
        lines = label_file.read_text().splitlines() if label_file.is_file() else []
        for number, line in enumerate(lines, start=1):
            bbox, class_id = _read_yolo_line(line, f"{label_file.name} line {number}", len(names), width, height)
            annotations.append(
                {"id": len(annotations) + 1, "image_id": image_id, "category_id": class_id, "bbox": bbox,
                 "area": bbox[2] * bbox[3], "iscrowd": 0}
            )  # fmt: skip
    categories = [{"id": class_id, "name": name} for class_id, name in enumerate(names)]
    truth = {"info": {}, "images": images, "annotations": annotations, "categories": categories}
    ids = tuple(names.index(label) if label in names else NO_CATEGORY for label in labels)
    return Dataset(folder.name, truth, dict(enumerate(paths)), ids)


def _class_names(folder: Path, labels: tuple[str, ...]) -> list[str]:
    """Return the labels in the order of the numbers in the texts. Raises DatasetError."""
    own = [label for label in labels if label != BACKGROUND]
    file = next((path for path in (folder / "classes.txt", folder / "labels" / "classes.txt") if path.is_file()), None)
    if file is None:
        return own
    names = [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    if not set(names) & set(own):
        raise DatasetError(f"{file.name} names none of the model's labels, which are {', '.join(own[:5])}")
    return names


def _read_yolo_line(line: str, where: str, classes: int, width: int, height: int) -> tuple[list[float], int]:
    """Return [x, y, width, height] in pixels and the class of a line `class cx cy w h`, in shares of the image."""
    try:
        class_text, *rest = line.split()
        class_id, (cx, cy, w, h) = int(class_text), map(float, rest)
    except ValueError as error:
        raise DatasetError(f"{where}: `{line[:60]}` is not `class cx cy width height`") from error
    if not 0 <= class_id < classes:
        raise DatasetError(f"{where}: class {class_id} is not one of 0..{classes - 1}")
    return [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height], class_id
