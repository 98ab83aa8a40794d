"""A folder of photographs with their labels: a folder for each label, a CSV, or what the page saved.

Only names and first bytes are looked at here. What cannot be used is left out and told; a folder from which nothing
can be learnt is refused. Names that begin with a dot are passed over: `.trash/` holds what was thrown away.
"""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.errors import UnsupportedImage
from api.images.sniff import HEAD_BYTES, find_kind
from api.training.errors import DataError
from api.training.forms import OUTSIDE, find_labelled, is_inside

MOST_BYTES = 100_000_000  # of a file
LEAST_OF_A_LABEL = 5  # so that each of five folds has one
EXPECTED = "a folder with photographs for each label (cats/, dogs/), or a CSV with the header `file,label`, is expected"


@dataclass(frozen=True, slots=True)
class Photograph:
    """A file with a label. `name` is its POSIX path within the data folder, `label` a place in the data's labels."""

    path: Path
    name: str
    label: int


@dataclass(frozen=True, slots=True)
class Refused:
    """What is left out, by its name within the data folder, and why: a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """Photographs by name, their labels by name, and what is left out."""

    folder: Path
    labels: tuple[str, ...]
    photographs: tuple[Photograph, ...]
    refused: tuple[Refused, ...]


def read_dataset(folder: Path, *, least_labels: int = 2) -> Dataset:
    """Read the folder. Raises DataError, also if there are fewer labels; 0: an empty folder is one, too."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder: {EXPECTED}")
    refused: list[Refused] = []

    def refuse(path: Path, reason: str) -> None:
        refused.append(Refused(name_in(path, folder), reason))

    try:
        found = list(find_labelled(folder, refuse))
        faults = [find_fault(one.path, folder) for one in found]
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror}: {error.filename}") from error
    for one, fault in zip(found, faults, strict=True):
        if fault:
            refuse(one.path, fault)
    usable = [one for one, fault in zip(found, faults, strict=True) if not fault]
    labels = _labels_of([one.label for one in usable], folder, least_labels)
    numbers = {label: number for number, label in enumerate(labels)}
    photographs = [Photograph(one.path, name_in(one.path, folder), numbers[one.label]) for one in usable]
    return Dataset(folder, labels, tuple(sorted(photographs, key=lambda one: one.name)), tuple(refused))


def check_counts(labels: Sequence[str], numbers: Sequence[int], where: Path) -> None:
    """Raise DataError if a label has too few photographs. `numbers` are theirs, a place in `labels` each."""
    counts = Counter(numbers)
    few = [f"{label} has {counts[number]}" for number, label in enumerate(labels) if counts[number] < LEAST_OF_A_LABEL]
    if few:
        raise DataError(
            f"{where}: each label needs at least {LEAST_OF_A_LABEL} photographs that can be read, and"
            f" {', '.join(few)}: add some, or remove the label"
        )


def _labels_of(labels: Sequence[str], folder: Path, least: int) -> tuple[str, ...]:
    """Return them, each once, by name. Raises DataError for fewer than `least`, of 0, 1 and 2."""
    names = tuple(sorted(set(labels)))
    if len(names) >= least:
        return names
    if not names:
        raise DataError(f"{folder} holds no photographs with labels: {EXPECTED}")
    raise DataError(f"{folder} has only one label with photographs, {names[0]}: there must be two to tell apart")


def find_fault(path: Path, folder: Path) -> str:
    """Return why a file cannot be used, as a sentence, or nothing."""
    if name_in(path, folder) != path.relative_to(folder).as_posix():
        return "Its name is not UTF-8."
    if not is_inside(path, folder):
        return OUTSIDE
    try:
        if not path.is_file():
            return "It is no file, but a folder's link, a link to nothing or a device."
        size = path.stat().st_size
        if not size:
            return "It is empty."
        if size > MOST_BYTES:
            return f"It has {size / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} are read."
        with path.open("rb") as file:
            find_kind(file.read(HEAD_BYTES))
    except UnsupportedImage as error:
        return error.detail.partition(";")[0] + "."
    except OSError as error:
        return f"It cannot be read: {error.strerror}."
    return ""


def name_in(path: Path, folder: Path) -> str:
    """Return the name within the folder, in letters that can be written."""
    inner = path.relative_to(folder) if path.is_relative_to(folder) else path
    return os.fsencode(inner.as_posix()).decode("utf-8", "replace")
