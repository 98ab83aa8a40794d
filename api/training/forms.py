"""The forms that labelled photographs come in: a folder for each label, a CSV, or what the page saved."""

import csv
import io
import json
import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.training.errors import DataError

CSV_HEADER = ["file", "label"]
CLASSES_ENDING = "classes.json"  # of what the page saves
SPLITS = {"train", "training", "val", "valid", "validation", "test"}
OUTSIDE = "It is a link to a place outside the data folder."

Refuse = Callable[[Path, str], None]  # what is left out, and why


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a folder says: a file, and what it is."""

    path: Path
    label: str


def find_labelled(folder: Path, refuse: Refuse) -> Iterator[Labelled]:
    """Yield each file that has a label, whatever is in it. Raises DataError, OSError."""
    tables = sorted(path for path in folder.glob("*.csv") if not path.name.startswith("."))
    if tables:
        return _read_csv(tables, folder, refuse)
    saved = sorted(path for path in walk(folder) if path.name.endswith(CLASSES_ENDING))
    if saved:
        return _read_saved(saved, folder, refuse)
    return _read_folders(folder, refuse)


def _read_folders(folder: Path, refuse: Refuse) -> Iterator[Labelled]:
    """Yield the files in a folder for each label, and in the folders in those. Raises DataError."""
    entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    folders = [path for path in entries if path.is_dir()]
    if "train" in {path.name for path in folders} and {path.name for path in folders} <= SPLITS:
        raise DataError(f"{folder} is split already: give the part to learn from, DATA={folder / 'train'}")
    for path in entries:
        if path not in folders:
            refuse(path, "It lies in no label's folder.")
    for path in folders:
        if not is_inside(path, folder):
            refuse(path, OUTSIDE)
            continue
        files = list(walk(path))
        if not files:
            refuse(path, "It is a label without photographs.")
        for file in files:
            yield Labelled(file, normal(path.name))


def _read_csv(tables: Sequence[Path], folder: Path, refuse: Refuse) -> Iterator[Labelled]:
    """Yield the rows of the CSV. Raises DataError."""
    if len(tables) > 1:
        raise DataError(f"{folder} has several CSV files ({', '.join(path.name for path in tables)}): leave one")
    labels: dict[Path, str] = {}
    for number, (name, label) in enumerate(_rows(tables[0]), start=2):
        path = folder / name
        if labels.setdefault(path, label) != label:
            raise DataError(f"{tables[0].name} line {number}: {name} has two labels, {labels[path]} and {label}")
    for path, label in labels.items():
        if not path.is_relative_to(folder) or ".." in path.relative_to(folder).parts:
            refuse(Path(path.name), f"{tables[0].name} names it outside the data folder.")
        elif not path.is_file():
            refuse(path, f"{tables[0].name} names it, but it is not there.")
        else:
            yield Labelled(path, label)


def _rows(table: Path) -> Iterator[tuple[str, str]]:
    """Yield (file, label). Raises DataError."""
    try:
        text = table.read_text(encoding="utf-8-sig")  # spreadsheets begin their files with a mark
    except UnicodeDecodeError as error:
        raise DataError(f"{table.name} is not UTF-8 text: save it as CSV UTF-8") from error
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ","))
    except csv.Error as error:
        raise DataError(f"{table.name} is no CSV: {error}") from error
    if not rows or [cell.strip().lower() for cell in rows[0]] != CSV_HEADER:
        raise DataError(f"{table.name} must begin with the line `file,label`")
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != 2 or not row[0].strip() or not row[1].strip() or "\0" in row[0]:
            raise DataError(f"{table.name} line {number}: a file and its label are expected, as in `photo.jpg,cat`")
        yield row[0].strip(), normal(row[1].strip())


def _read_saved(saved: Sequence[Path], folder: Path, refuse: Refuse) -> Iterator[Labelled]:
    """Yield what the page saved: a JSON with a photograph's name and its classes, the likeliest first.

    The photograph lies anywhere in the folder.
    """
    places = {path.name: path for path in walk(folder)}
    for path in saved:
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            name, label = document["name"], normal(document["classes"][0]["label"])
        except (ValueError, LookupError, TypeError, RecursionError):
            refuse(path, "It is not what the page saves for classes.")
            continue
        if name in places:
            yield Labelled(places[name], label)
        else:
            refuse(path, f"The photograph that it describes, {name}, is not there.")


def walk(folder: Path) -> Iterator[Path]:
    """Yield all that is no folder, without what begins with a dot. A link to a folder is not followed."""
    for place, folders, files in os.walk(folder, onerror=_fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in sorted([*files, *links]) if not name.startswith("."))


def _fail(error: OSError) -> None:
    raise error


def is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path leads to a place in the folder, whatever links it goes over."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a circle
        return False


def normal(label: str) -> str:
    """Return a label's letters as all systems but the Mac's write them."""
    return unicodedata.normalize("NFC", label)
