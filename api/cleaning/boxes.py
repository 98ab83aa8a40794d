"""Boxes of the photographs in a folder, in one file of COCO's form: https://cocodataset.org/#format-data.

What the file has besides, such as masks of objects that nobody has touched, stays in it. A photograph that it lists is
done, also without an annotation, so that the work goes on where it was left.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from api.cleaning.actions import printable, read_file, write_backup, write_whole
from api.cleaning.forms import find_files
from api.errors import BadRequest, FolderNotWritable, UnsupportedImage
from api.images.sniff import HEAD_BYTES, find_kind
from api.training.errors import DataError
from api.training.forms import is_inside

FILE = "instances.json"
PARTS = {
    "images": {"id", "file_name"},
    "categories": {"id", "name"},
    "annotations": {"id", "image_id", "category_id", "bbox"},
}
DIGITS = 3
MOST_BOXES = 10_000  # of a photograph
LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Box:
    """A box in pixels of the upright photograph. `annotation`: the file's own, if it is as it was there; else None."""

    label: str
    corners: tuple[float, float, float, float]  # x1, y1, x2, y2
    annotation: int | None = None


class Boxes:
    """The photographs of a folder and their boxes. For several threads at once."""

    def __init__(self, folder: Path, labels: Sequence[str]) -> None:
        """Read what was done so far; `labels` are the model's. Raises DataError."""
        self.folder = folder
        self.names = find_photographs(folder)
        self._path = folder / FILE
        self._document = _read(self._path, labels)
        self._lock = Lock()
        self._has_backup = not self._path.exists()

    @property
    def labels(self) -> list[str]:
        """The file's categories by name, in its order."""
        return [one["name"] for one in self._document["categories"]]

    @property
    def done(self) -> frozenset[str]:
        """The names of the photographs whose boxes a person has seen."""
        return frozenset(one["file_name"] for one in self._document["images"])

    def read(self, number: int) -> bytes:
        """Return a photograph's bytes. Raises BadRequest, FolderChanged."""
        return read_file(self.folder / self._name_of(number))

    def boxes_of(self, number: int) -> list[Box]:
        """Return the boxes of a photograph, none if it is not done. Raises BadRequest."""
        image = self._image_of(self._name_of(number))
        labels = {one["id"]: one["name"] for one in self._document["categories"]}
        if image is None:
            return []
        return [
            Box(labels[one["category_id"]], _corners(one["bbox"]), one["id"])
            for one in self._document["annotations"]
            if one["image_id"] == image["id"] and one["category_id"] in labels and not one.get("iscrowd")
        ]

    def save(self, number: int, size: tuple[int, int], boxes: Sequence[Box]) -> None:
        """Let these be the boxes of a photograph of `size` (height, width).

        Raises BadRequest, FolderChanged, FolderNotWritable.
        """
        with self._lock:
            document = self._with_boxes(self._name_of(number), size, boxes)
            if not self._has_backup:
                write_backup(FILE, self.folder)
                self._has_backup = True
            try:
                write_whole(self._path, f"{json.dumps(document, ensure_ascii=False)}\n".encode())
            except OSError as error:
                raise FolderNotWritable(f"{FILE} cannot be written: {error.strerror}.") from error
            self._document = document

    def _with_boxes(self, name: str, size: tuple[int, int], boxes: Sequence[Box]) -> dict[str, Any]:
        """Return the document with other boxes of one photograph."""
        known = self._document
        image = self._image_of(name) or {"id": _next_id(known["images"]), "file_name": name}
        image = {**image, "width": size[1], "height": size[0]}
        categories = list(known["categories"])
        ids = {one["name"]: one["id"] for one in categories}
        own = {one["id"]: one for one in known["annotations"] if one["image_id"] == image["id"]}
        kept = [one for one in own.values() if one.get("iscrowd")]  # nobody has seen these as boxes
        free = _next_id(known["annotations"])
        for box in boxes:
            if box.label not in ids:
                ids[box.label] = _next_id(categories)
                categories.append({"id": ids[box.label], "name": box.label, "supercategory": ""})
            if box.annotation in own:
                kept.append(own[box.annotation])
                continue
            kept.append(_annotation(free, image["id"], ids[box.label], box.corners))
            free += 1
        others = [one for one in known["annotations"] if one["image_id"] != image["id"]]
        images = [one for one in known["images"] if one["id"] != image["id"]]
        return {**known, "images": [*images, image], "annotations": [*others, *kept], "categories": categories}

    def _image_of(self, name: str) -> dict[str, Any] | None:
        return next((one for one in self._document["images"] if one["file_name"] == name), None)

    def _name_of(self, number: int) -> str:
        if not 0 <= number < len(self.names):
            raise BadRequest("There is no such photograph.")
        return self.names[number]


def find_photographs(folder: Path) -> tuple[str, ...]:
    """Return the names of the photographs in a folder, and in the folders in it. Raises DataError if there are none."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder: one with photographs is expected")
    paths = [path for path in find_files(folder) if _is_photograph(path) and is_inside(path, folder)]
    names = tuple(path.relative_to(folder).as_posix() for path in paths)
    if not names:
        raise DataError(f"{folder} holds no photographs")
    return tuple(name for name in names if printable(name) == name)  # a JSON could not hold the others


def read_boxes(value: object, labels: Mapping[int, str]) -> list[Box]:
    """Return the boxes of a request. `labels`: those of the file's annotations that it may name. Raises BadRequest."""
    if not isinstance(value, list) or len(value) > MOST_BOXES:
        raise BadRequest(f"Send at most {MOST_BOXES} boxes as a list.")
    return [_read_box(one, labels) for one in value]


def _read_box(value: object, labels: Mapping[int, str]) -> Box:
    match value:
        case {"annotation": int(known)} if known in labels:
            return Box(labels[known], (0, 0, 0, 0), known)
        case {"label": str(label), "box": {"x1": x1, "y1": y1, "x2": x2, "y2": y2}}:
            corners = (x1, y1, x2, y2)
            if not all(type(side) in (int, float) and abs(side) < 1e6 for side in corners) or x1 > x2 or y1 > y2:
                raise BadRequest("A box is x1, y1, x2 and y2 in pixels, the smaller ones first.")
            name = " ".join(label.split())
            if not name or len(name) > LONGEST_LABEL or not name.isprintable():
                raise BadRequest(f"A label has 1 to {LONGEST_LABEL} letters.")
            return Box(name, corners)
    raise BadRequest("A box has a label and the corners of its box, or the number of an annotation of the file.")


def _read(path: Path, labels: Sequence[str]) -> dict[str, Any]:
    """Return the document; a new one with the model's labels if there is none. Raises DataError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        for part, keys in PARTS.items():
            if not all(keys <= one.keys() and type(one["id"]) is int for one in document[part]):
                raise LookupError(part)
        for one in document["annotations"]:
            _corners(one["bbox"])
    except FileNotFoundError:
        categories = [
            {"id": number, "name": label, "supercategory": ""} for number, label in enumerate(labels, start=1)
        ]
        return {
            "info": {"description": "Boxes"},
            "licenses": [],
            "images": [],
            "annotations": [],
            "categories": categories,
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"{path} is not in COCO's form: images, annotations and categories are expected") from error
    return dict(document)


def _annotation(number: int, image: int, category: int, corners: tuple[float, float, float, float]) -> dict[str, Any]:
    x1, y1, x2, y2 = (round(side, DIGITS) for side in corners)
    width, height = round(x2 - x1, DIGITS), round(y2 - y1, DIGITS)
    return {
        "id": number,
        "image_id": image,
        "category_id": category,
        "bbox": [x1, y1, width, height],
        "area": round(width * height, DIGITS),
        "segmentation": [[x1, y1, x2, y1, x2, y2, x1, y2]],
        "iscrowd": 0,
    }


def _corners(bbox: Sequence[float]) -> tuple[float, float, float, float]:
    x, y, width, height = (float(side) for side in bbox)
    return x, y, x + width, y + height


def _next_id(things: Sequence[Mapping[str, Any]]) -> int:
    return max((int(one["id"]) for one in things), default=0) + 1


def _is_photograph(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            find_kind(file.read(HEAD_BYTES))
    except (OSError, UnsupportedImage):
        return False
    return True
