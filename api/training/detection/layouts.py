"""Photographs with boxes as other programs want them: one folder for Ultralytics, RF-DETR, YOLOX and Darknet.

Photographs are written anew, upright and without metadata: not every trainer turns a picture by its EXIF tag, and none
needs to know where it was taken. The split is that of `make train`.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2

from api.errors import ApiError
from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.training.detection.dataset import BoxedDataset, BoxedPhotograph
from api.training.errors import TrainingError
from api.training.progress import Progress, steps_of

JPEG_QUALITY = 95
SIDES = ("train", "val")
COCO_FILES = {side: f"annotations/instances_{side}2017.json" for side in SIDES}  # YOLOX's default names


def write_layout(
    dataset: BoxedDataset, target: Path, limits: ImageLimits, progress: Progress, seed: int = 0
) -> dict[str, int]:
    """Write the folder, which must not be there; returns how many photographs each side has. Raises TrainingError."""
    if target.exists():
        raise TrainingError(f"{target} is there already: name a new folder")
    for side in SIDES:
        (target / "images" / side).mkdir(parents=True)
        (target / "labels" / side).mkdir(parents=True)
    (target / "annotations").mkdir()
    sides = [SIDES[int(out)] for out in dataset.held_out(seed=seed)]
    numbered = list(enumerate(zip(dataset.photographs, sides, strict=True), start=1))
    for number, (one, side) in steps_of(numbered, "writing photographs", len(numbered), progress):
        _write_photograph(one, target / "images" / side / _name(number), limits)
        (target / "labels" / side / f"{number:05d}.txt").write_text("".join(_yolo_lines(one)), encoding="utf-8")
    for side in SIDES:
        chosen = [(number, one) for number, (one, its) in numbered if its == side]
        (target / COCO_FILES[side]).write_text(json.dumps(coco_of(chosen, dataset.labels)) + "\n", encoding="utf-8")
        paths = "".join(f"images/{side}/{_name(number)}\n" for number, _ in chosen)
        (target / f"{side}.txt").write_text(paths, encoding="utf-8")
    _write_names(target, dataset.labels)
    return {side: sides.count(side) for side in SIDES}


def coco_of(numbered: Sequence[tuple[int, BoxedPhotograph]], labels: Sequence[str]) -> dict[str, Any]:
    """Return photographs, each with its number, in COCO's form. Categories count from 1."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, one in numbered:
        images.append({"id": number, "file_name": _name(number), "height": one.size[0], "width": one.size[1]})
        for (x1, y1, x2, y2), label in zip(one.boxes.tolist(), one.labels.tolist(), strict=True):
            bbox = [round(value, 3) for value in (x1, y1, x2 - x1, y2 - y1)]
            annotations.append(
                {"id": len(annotations) + 1, "image_id": number, "category_id": label + 1, "bbox": bbox,
                 "area": round(bbox[2] * bbox[3], 3), "iscrowd": 0}
            )  # fmt: skip
    categories = [{"id": number, "name": label} for number, label in enumerate(labels, start=1)]
    return {"images": images, "annotations": annotations, "categories": categories}


def _name(number: int) -> str:
    return f"{number:05d}.jpg"


def _write_photograph(one: BoxedPhotograph, target: Path, limits: ImageLimits) -> None:
    try:
        pixels = decode_image(one.path.read_bytes(), orientation=None, limits=limits).pixels
    except (ApiError, OSError) as error:
        raise TrainingError(f"{one.name} could be read before, and now it cannot: {error}") from error
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    target.write_bytes(cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)[1].tobytes())


def _yolo_lines(one: BoxedPhotograph) -> Iterator[str]:
    height, width = one.size
    for (x1, y1, x2, y2), label in zip(one.boxes.tolist(), one.labels.tolist(), strict=True):
        shares = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)
        yield f"{label} {' '.join(f'{share:.6f}' for share in shares)}\n"


def _write_names(target: Path, labels: Sequence[str]) -> None:
    """Write what the classes are called: Darknet's and everybody's list, `obj.data` and `data.yaml`."""
    (target / "classes.txt").write_text("".join(f"{label}\n" for label in labels), encoding="utf-8")
    (target / "obj.data").write_text(
        f"classes = {len(labels)}\ntrain = train.txt\nvalid = val.txt\nnames = classes.txt\nbackup = backup\n",
        encoding="utf-8",
    )
    names = "".join(f"  {number}: {json.dumps(label)}\n" for number, label in enumerate(labels))  # JSON is YAML
    (target / "data.yaml").write_text(f"train: images/train\nval: images/val\nnames:\n{names}", encoding="utf-8")
