"""Boxes of the photographs in a folder, in one file of COCO's form: https://cocodataset.org/#format-data.

What the file has besides, such as masks of objects that nobody has touched, stays in it. A photograph that it lists is
done, also without an annotation, so that the work goes on where it was left.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from api.cleaning.actions import TRASH, Moved, find_free, printable, read_file, write_backup, write_whole
from api.cleaning.other_boxes import read_other_boxes
from api.errors import BadRequest, FolderNotWritable, UnsupportedImage
from api.images.sniff import HEAD_BYTES, find_kind
from api.training.detection.described import Fault, Places
from api.training.errors import DataError
from api.training.forms import is_inside, walk

FILE = "instances.json"
PARTS = {
    "images": {"id", "file_name"},
    "categories": {"id", "name"},
    "annotations": {"id", "image_id", "category_id", "bbox"},
}
DIGITS = 3


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
        self._document, self._others = _read(folder, labels)
        self._ids = dict(_find_images(self._document, folder))
        self._lock = Lock()
        self._has_backup = not self._path.exists()

    @property
    def labels(self) -> list[str]:
        """The file's categories by name, in its order."""
        return [one["name"] for one in self._document["categories"]]

    @property
    def done(self) -> frozenset[str]:
        """The names of the photographs whose boxes a person has seen."""
        return frozenset(self._ids)

    def read(self, number: int) -> bytes:
        """Return a photograph's bytes. Raises BadRequest, FolderChanged."""
        return read_file(self.folder / self._name_of(number))

    def boxes_of(self, number: int, size: tuple[int, int]) -> list[Box]:
        """Return the boxes of a photograph of `size` (height, width), none if it is not done. Raises BadRequest.

        If the file's are of a copy of another size, they are scaled, and no longer the file's.
        """
        image = self._image_of(self._name_of(number))
        labels = {one["id"]: one["name"] for one in self._document["categories"]}
        if image is None:
            return []
        there = _size_of(image) or size
        scale = (size[1] / there[1], size[0] / there[0])
        return [
            Box(labels[one["category_id"]], _corners(one["bbox"], scale), one["id"] if there == size else None)
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
            self._ids[self._name_of(number)] = document["images"][-1]["id"]
            self._put_others_away()

    def _put_others_away(self) -> None:
        """Move files whose boxes are in ours into the trash: training would go by the older ones."""
        for path in self._others:
            name = path.relative_to(self.folder).as_posix()
            Moved(name, find_free(f"{TRASH}/{name}", self.folder, set())).perform(self.folder)
        self._others = ()

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
        return next((one for one in self._document["images"] if one["id"] == self._ids.get(name)), None)

    def _name_of(self, number: int) -> str:
        if not 0 <= number < len(self.names):
            raise BadRequest("There is no such photograph.")
        return self.names[number]


def find_photographs(folder: Path) -> tuple[str, ...]:
    """Return the names of the photographs in a folder, and in the folders in it. Raises DataError if there are none."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder: one with photographs is expected")
    try:
        paths = [path for path in sorted(walk(folder)) if _is_photograph(path) and is_inside(path, folder)]
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror}: {error.filename}") from error
    names = tuple(path.relative_to(folder).as_posix() for path in paths)
    if not names:
        raise DataError(f"{folder} holds no photographs")
    return tuple(name for name in names if printable(name) == name)  # a JSON could not hold the others


def _read(folder: Path, labels: Sequence[str]) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Return the document, and the other files whose boxes are in it; both of a new one, if there is none.

    Raises DataError.
    """
    path = folder / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        for part, keys in PARTS.items():
            if not all(keys <= one.keys() and type(one["id"]) is int for one in document[part]):
                raise LookupError(part)
        for one in document["annotations"]:
            _corners(one["bbox"])
    except FileNotFoundError:
        return _begin(folder, labels)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"{path} is not in COCO's form: images, annotations and categories are expected") from error
    return dict(document), ()


def _begin(folder: Path, labels: Sequence[str]) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Return a document with the model's labels, and with the boxes that other files have. Raises DataError."""
    categories = [{"id": number, "name": label, "supercategory": ""} for number, label in enumerate(labels, start=1)]
    empty = {
        "info": {"description": "Boxes"},
        "licenses": [],
        "images": [],
        "annotations": [],
        "categories": categories,
    }
    try:
        return read_other_boxes(folder, empty)
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror}: {error.filename}") from error


def _find_images(document: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the names of photographs in the folder, each with the id of its image."""
    places = Places(folder)
    for image in document["images"]:
        with suppress(Fault):  # of a photograph that is elsewhere
            yield places.find(image["file_name"], folder / FILE).relative_to(folder).as_posix(), image["id"]


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


def _size_of(image: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the (height, width) that the file says; None if it says none."""
    match image:
        case {"height": int() | float() as height, "width": int() | float() as width} if min(height, width) > 0:
            return height, width
    return None


def _corners(bbox: Sequence[float], scale: tuple[float, float] = (1.0, 1.0)) -> tuple[float, float, float, float]:
    x, y, width, height = (float(side) for side in bbox)
    return x * scale[0], y * scale[1], (x + width) * scale[0], (y + height) * scale[1]


def _next_id(things: Sequence[Mapping[str, Any]]) -> int:
    return max((int(one["id"]) for one in things), default=0) + 1


def _is_photograph(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            find_kind(file.read(HEAD_BYTES))
    except (OSError, UnsupportedImage):
        return False
    return True
