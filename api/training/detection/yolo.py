"""Boxes in YOLO's form: for each photograph a text with a line `class cx cy width height`, in shares of the picture.

The text lies beside the photograph, or in `labels/` if the photograph is in `images/`, as Darknet and Ultralytics have
it, or anywhere under the photograph's name. A longer line is the outline that Ultralytics writes, of which the box is
taken. What the numbers of the classes mean stands in `classes.txt`, a file `*.names` or a `data.yaml`.
"""

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from api.training.detection.described import SHARES, Box, Described, Fault, Places, Refuse, is_image
from api.training.errors import DataError
from api.training.forms import normal

NAMES = re.compile(r"classes(-\d+)?\.txt|.*\.names|data\.ya?ml")  # classes-2.txt: of several in the page's archive
NO_LABELS = {"README.txt", "readme.txt", "train.txt", "val.txt", "test.txt", "notes.txt"}
EXPECTED = "`class cx cy width height`, the last four as shares from 0 to 1"


def find_files(places: Places) -> list[Path]:
    """Return the texts that may have boxes in them, if the folder is for a detector, by name."""
    texts = [path for path in places if path.suffix == ".txt" and path.name not in NO_LABELS]
    texts = [path for path in texts if not NAMES.fullmatch(path.name)]
    is_meant = any(NAMES.fullmatch(path.name) for path in places) or any(path.parent.name == "labels" for path in texts)
    return sorted(texts) if is_meant else []


def read_files(files: list[Path], places: Places, refuse: Refuse) -> Iterator[Described]:
    """Yield what the texts describe; what is wrong with one of them is told to `refuse`. Raises DataError."""
    labels = _read_names(places)
    photographs = {path: _stem(path, places.folder) for path in places if path not in files and is_image(path)}
    texts: dict[str, Path] = {}
    for file in files:
        other = texts.setdefault(_stem(file, places.folder), file)
        if other is not file:
            refuse(file, f"{other.relative_to(places.folder)} describes the same photograph.")
    by_stem = {file.stem: file for file in files}
    used = set()
    for path, stem in photographs.items():
        text = texts.get(stem) or by_stem.get(path.stem)
        if text is None:
            refuse(path, f"There is no {path.stem}.txt with its boxes; an empty one says that there are none.")
        elif text in used:
            refuse(path, f"{text.name} describes another photograph of that name.")
        else:
            used.add(text)
            try:
                yield Described(path, text, SHARES, tuple(_read_lines(text, labels)))
            except Fault as fault:
                refuse(path, str(fault))
    for file in files:
        if file not in used and texts.get(_stem(file, places.folder)) is file:
            refuse(file, "The photograph that it describes is not in the data folder.")


def _stem(path: Path, folder: Path) -> str:
    """Return what a photograph and its text have in common: `images/` and `labels/` count as one folder."""
    inner = path.relative_to(folder).with_suffix("")
    return "/".join(part for part in inner.parts if part not in ("images", "labels"))


def _read_names(places: Places) -> list[str]:
    """Return the labels in the order of the classes' numbers. Raises DataError."""
    files = sorted(path for path in places if NAMES.fullmatch(path.name))
    if not files:
        raise DataError(
            f"{places.folder} has boxes in YOLO's form, and nothing that names their classes: put a classes.txt beside"
            " them, a label a line"
        )
    lists = {file.name: _names_in(file) for file in files}
    (first, labels), *others = lists.items()
    for other, different in others:
        if different != labels:
            raise DataError(
                f"{places.folder} has {first} and {other}, which name the classes differently: leave the one that the"
                " boxes go by. The page's COCO files name the labels themselves: take those if you gave new ones"
            )
    return labels


def _names_in(file: Path) -> list[str]:
    """Return the labels in a file of names. Raises DataError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix in (".yaml", ".yml"):
            names = yaml.safe_load(text)["names"]
            lines = [names[number] for number in range(len(names))]
        else:
            lines = text.splitlines()
        labels = [normal(line.strip()) for line in lines]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, yaml.YAMLError) as error:
        raise DataError(f"{file.name} does not name the classes: a label a line is expected") from error
    while labels and not labels[-1]:
        labels.pop()
    if not labels or not all(labels) or len(set(labels)) < len(labels):
        raise DataError(f"{file.name} must name each class once, a label a line, without empty lines between")
    return labels


def _read_lines(file: Path, labels: Sequence[str]) -> Iterator[tuple[str, Box]]:
    """Yield the label and the box of each line. Raises Fault."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"{file.name} is no text.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _read_line(line, f"{file.name} line {number}", labels)


def _read_line(line: str, where: str, labels: Sequence[str]) -> tuple[str, Box]:
    try:
        class_text, *rest = line.split()
        class_id, values = int(class_text), [float(value) for value in rest]
        if not all(math.isfinite(value) for value in values):
            raise ValueError(line)
    except ValueError as error:
        raise Fault(f"{where}: `{line[:60]}` is not {EXPECTED}.") from error
    if not 0 <= class_id < len(labels):
        raise Fault(f"{where}: class {class_id} is none of the {len(labels)} that are named, 0 to {len(labels) - 1}.")
    if len(values) == 4:
        cx, cy, width, height = values
        return labels[class_id], (cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
    if len(values) < 6 or len(values) % 2:
        raise Fault(f"{where}: `{line[:60]}` is not {EXPECTED}.")
    xs, ys = values[::2], values[1::2]
    return labels[class_id], (min(xs), min(ys), max(xs), max(ys))
