"""The forms that labelled photographs come in (`training/forms.py` reads them), and what a correction is in each.

In folders a label is a folder's name, so another label is another place. In a CSV it is a cell, and in what the page
saved it is the first class of a JSON: there the photograph stays where it is.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from api.cleaning.actions import TRASH, Action, Line, Moved, Rewritten, find_free, printable
from api.errors import FolderChanged
from api.training.forms import normal, walk

SAVED_ENDING = "classes.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a photograph is, and what it is called there; `label` None: it is in the trash."""

    name: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction is: photographs before and after, and the actions that make it so."""

    before: tuple[Place, ...]
    after: tuple[Place, ...]
    actions: tuple[Action, ...]


class Form(Protocol):
    """A form of data. Nothing is done here: it says what has to be done. Both raise FolderChanged."""

    def relabel(self, places: Sequence[Place], label: str) -> Change:
        """Return what gives photographs another label."""

    def delete(self, places: Sequence[Place]) -> Change:
        """Return what puts photographs into the trash."""


def find_form(folder: Path) -> Form:
    """Return the form of a data folder, in the order in which training looks for them."""
    tables = sorted(path for path in folder.glob("*.csv") if not path.name.startswith("."))
    if tables:
        return Table(folder, tables[0].name)
    saved = [path for path in walk(folder) if path.name.endswith(SAVED_ENDING)]
    return Saved(folder, tuple(saved)) if saved else Folders(folder)


@dataclass(frozen=True, slots=True)
class Folders:
    """A folder for each label."""

    folder: Path

    def labels(self) -> list[str]:
        """Return the labels, also those without a photograph: somebody has made a folder to sort into."""
        paths = [path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
        return [normal(path.name) for path in paths]

    def relabel(self, places: Sequence[Place], label: str) -> Change:
        """Return moves into the label's folder."""
        names = {normal(path.name): path.name for path in self.folder.iterdir() if path.is_dir()}
        taken: set[str] = set()
        targets = []
        for place in places:
            inner = PurePosixPath(*PurePosixPath(place.name).parts[1:])
            targets.append(find_free(f"{names.get(label, label)}/{inner}", self.folder, taken))
        return _moving(places, targets, label)

    def delete(self, places: Sequence[Place]) -> Change:
        """Return moves into the trash."""
        return _moving(places, _in_trash(places, self.folder), None)


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV with the header `file,label` in the folder, with commas or semicolons."""

    folder: Path
    name: str

    def relabel(self, places: Sequence[Place], label: str) -> Change:
        """Return other lines of the table."""
        after = tuple(Place(place.name, label) for place in places)
        return Change(tuple(places), after, (self._rewrite(places, label),))

    def delete(self, places: Sequence[Place]) -> Change:
        """Return the table without their lines, and then moves into the trash."""
        moving = _moving(places, _in_trash(places, self.folder), None)
        return Change(moving.before, moving.after, (self._rewrite(places, None), *moving.actions))

    def _rewrite(self, places: Sequence[Place], label: str | None) -> Rewritten:
        """Return what gives their lines another label, or takes them away (None)."""
        text = _read(self.folder / self.name)
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        missing = {self.folder / place.name: place.name for place in places}
        wanted = set(missing)
        changed = []
        for number, line in enumerate(text.splitlines(keepends=True)):
            cells = next(csv.reader([line], delimiter=delimiter), [])
            path = self.folder / cells[0].strip() if number and len(cells) == 2 else None
            if path in wanted:
                missing.pop(path, None)
                ending = line[len(line.rstrip("\r\n")) :]
                changed.append(Line(number, line, None if label is None else _row(cells[0], label, delimiter) + ending))
        for name in missing.values():
            raise FolderChanged(f"{self.name} does not name {printable(name)} any more.")
        return Rewritten(self.name, tuple(changed))


@dataclass(frozen=True, slots=True)
class Saved:
    """What the page saved of each photograph: a JSON with its name and its classes. `documents` are these files."""

    folder: Path
    documents: tuple[Path, ...]

    def relabel(self, places: Sequence[Place], label: str) -> Change:
        """Return other lines of their documents."""
        after = tuple(Place(place.name, label) for place in places)
        return Change(tuple(places), after, tuple(self._rewrite(path, label) for path in self._find(places)))

    def delete(self, places: Sequence[Place]) -> Change:
        """Return moves into the trash, of their documents first."""
        moving = _moving(places, _in_trash(places, self.folder), None)
        taken = {place.name for place in moving.after}
        names = [path.relative_to(self.folder).as_posix() for path in self._find(places)]
        further = [Moved(name, find_free(f"{TRASH}/{name}", self.folder, taken)) for name in names]
        return Change(moving.before, moving.after, (*further, *moving.actions))

    def _find(self, places: Sequence[Place]) -> list[Path]:
        """Return the documents of photographs."""
        wanted = {PurePosixPath(place.name).name: place for place in places}
        named = {path: str(_document(path).get("name")) for path in self.documents if path.is_file()}
        missing = [place for name, place in wanted.items() if name not in named.values()]
        if missing:
            raise FolderChanged(f"There is nothing any more that says what {printable(missing[0].name)} is.")
        return [path for path, name in named.items() if name in wanted]

    def _rewrite(self, path: Path, label: str) -> Rewritten:
        """Return what puts a label first: a person is sure of it."""
        document = _document(path)
        first, *others = document["classes"]
        known = next((one for one in others if one.get("label") == label), None)
        rest = others if known is None else [first, *(one for one in others if one is not known)]
        chosen = {**(known or {**first, "class_id": None}), "label": label, "confidence": 1}
        written = json.dumps({**document, "classes": [chosen, *rest]}, ensure_ascii=False, indent=2)
        before, after = _read(path).splitlines(keepends=True), f"{written}\n".splitlines(keepends=True)
        if len(before) != len(after):
            raise FolderChanged(f"{printable(path.name)} is not written as the page writes it: correct it by hand.")
        pairs = enumerate(zip(before, after, strict=True))
        changed = tuple(Line(number, old, new) for number, (old, new) in pairs if old != new)
        return Rewritten(path.relative_to(self.folder).as_posix(), changed)


def _moving(places: Sequence[Place], targets: Sequence[str], label: str | None) -> Change:
    moves = tuple(Moved(place.name, target) for place, target in zip(places, targets, strict=True))
    return Change(tuple(places), tuple(Place(target, label) for target in targets), moves)


def _in_trash(places: Sequence[Place], folder: Path) -> list[str]:
    taken: set[str] = set()
    return [find_free(f"{TRASH}/{place.name}", folder, taken) for place in places]


def _row(file: str, label: str, delimiter: str) -> str:
    """Return a line of a CSV, without its ending."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow([file, label])
    return line.getvalue()


def _document(path: Path) -> dict[str, Any]:
    """Return a document; nothing if it is not what the page saves."""
    try:
        document = json.loads(_read(path))
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FolderChanged(f"{printable(path.name)} cannot be read any more.") from error
