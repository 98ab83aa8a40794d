"""The accuracy of a classifier on a folder that has a folder of photographs for each label."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.model import Model
from api.settings import Settings
from api.tasks.classification.types import ClassificationOptions
from api.training.errors import TrainingError
from api.training.run import Run, training_folder
from benchmarks.datasets import IMAGE_ENDINGS, DatasetError
from benchmarks.references.reference import find_reference

TOP = 5
OWN = "Pagesight"
Rank = Callable[[NDArray[np.uint8]], Sequence[int]]  # an image to the class ids of its most probable classes


@dataclass(frozen=True, slots=True)
class Hits:
    """Of how many photographs the first label, or one of the first five, is the true one."""

    photographs: int
    top1: int
    top5: int


def run(model: Model, settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    """Evaluate, print the tables; returns what is to be written as JSON. Raises DatasetError."""
    learnt = read_learnt(model.card.name, settings.weights_dir, asked.data)
    photographs = read_photographs(asked.data, model.card.labels, learnt)
    programs = {OWN: ranks(model)}
    if asked.compare:
        reference = find_reference(model, settings.weights_dir)
        programs[reference.name] = lambda image: rank(reference.run(image))
    hits = {name: evaluate(ranked, photographs, name) for name, ranked in programs.items()}
    totals = {name: add(of_labels.values()) for name, of_labels in hits.items()}
    print(f"\n{model.card.name}, {model.describe()}, {totals[OWN].photographs} photographs of {asked.data.name}\n")
    if learnt:
        print(f"{len(learnt)} others are left out, because it has learnt from them.\n")
    if asked.compare:
        print(format_hits("program", totals))
    of_labels = {model.card.labels[class_id]: each for class_id, each in hits[OWN].items()}
    print(format_hits("label", {"all": totals[OWN], **of_labels}))
    return {
        "model": model.card.name,
        "configuration": model.describe(),
        "data": asked.data.name,
        "photographs": totals[OWN].photographs,
        **as_shares(totals[OWN]),
        "references": {name: as_shares(total) for name, total in totals.items() if name != OWN},
    }


def ranks(model: Model) -> Rank:
    """Return how a model ranks the class ids of an image, as a function."""
    return lambda image: [one.class_id for one in model.run(image, ClassificationOptions(top=TOP)).classes]


def rank(probabilities: NDArray[np.float32]) -> list[int]:
    """Return the class ids of the most probable classes."""
    best: list[int] = np.argsort(-probabilities, kind="stable")[:TOP].tolist()
    return best


def add(hits: Iterable[Hits]) -> Hits:
    """Return the sums."""
    return Hits(*(sum(values) for values in zip(*((h.photographs, h.top1, h.top5) for h in hits), strict=True)))


def as_shares(hits: Hits) -> dict[str, float]:
    """Return the shares of the photographs."""
    return {"top1": hits.top1 / hits.photographs, "top5": hits.top5 / hits.photographs}


def read_learnt(name: str, weights: Path, folder: Path) -> frozenset[Path]:
    """Return the photographs in the folder that a model has learnt from, if `make train` made it of this folder."""
    try:
        training = Run.load(training_folder(name, weights))
    except TrainingError:
        return frozenset()
    if training.data != folder.resolve():
        return frozenset()
    held_out = training.is_validation.tolist()
    return frozenset(folder / one for one, is_out in zip(training.photographs, held_out, strict=True) if not is_out)


def read_photographs(folder: Path, labels: Sequence[str], left_out: Set[Path] = frozenset()) -> dict[int, list[Path]]:
    """Return the photographs of each class id. A folder's name is a label (`_` may stand for a space) or a class id.

    Folders whose names begin with a dot are passed over. Raises DatasetError.
    """
    known = {label.replace(" ", "_"): class_id for class_id, label in enumerate(labels)}
    known |= {str(class_id): class_id for class_id in range(len(labels))}
    found: dict[int, list[Path]] = {}
    for inner in sorted(path for path in folder.glob("[!.]*") if path.is_dir()):
        class_id = known.get(inner.name.replace(" ", "_"))
        if class_id is None:
            raise DatasetError(f"{inner} is named after no label of the model and no class id, 0 to {len(labels) - 1}")
        paths = set(inner.iterdir()) - left_out
        photographs = sorted(path for path in paths if path.suffix.lower() in IMAGE_ENDINGS)
        found[class_id] = found.get(class_id, []) + photographs
    if not any(found.values()):
        raise DatasetError(f"{folder} holds no folder, named after a label, with photographs")
    return {class_id: photographs for class_id, photographs in found.items() if photographs}


def evaluate(ranked: Rank, photographs: Mapping[int, Sequence[Path]], name: str) -> dict[int, Hits]:
    """Classify every photograph; returns the hits of each class id."""
    hits = {}
    for class_id, paths in tqdm(photographs.items(), desc=name, unit="label", file=sys.stderr):
        images = (decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels for path in paths)
        every = [ranked(image) for image in images]
        hits[class_id] = Hits(len(paths), *(sum(class_id in ids[:top] for ids in every) for top in (1, TOP)))
    return hits


def format_hits(what: str, hits: Mapping[str, Hits]) -> str:
    """Return a table with a row for each."""
    rows = [f"| {what} | photographs | top-1 | top-5 |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {name} | {each.photographs} | {each.top1 / each.photographs:.3f} | {each.top5 / each.photographs:.3f} |"
        for name, each in hits.items()
    ]
    return "\n".join(rows) + "\n"
