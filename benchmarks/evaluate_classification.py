"""The accuracy of a classifier on a folder that has a folder of photographs for each label."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.model import Model
from api.settings import Settings
from api.tasks.classification.types import ClassificationOptions
from benchmarks.datasets import IMAGE_ENDINGS, DatasetError

TOP = 5


@dataclass(frozen=True, slots=True)
class Hits:
    """Of how many photographs the first label, or one of the first five, is the true one."""

    photographs: int
    top1: int
    top5: int


def run(model: Model, _settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    """Evaluate, print the tables; returns what is to be written as JSON. Raises DatasetError."""
    hits = evaluate(model, read_photographs(asked.data, model.card.labels))
    total = Hits(
        *(sum(values) for values in zip(*((h.photographs, h.top1, h.top5) for h in hits.values()), strict=True))
    )
    print(f"\n{model.card.name}, {model.describe()}, {total.photographs} photographs of {asked.data.name}\n")
    print(format_hits({"all": total, **{model.card.labels[class_id]: each for class_id, each in hits.items()}}))
    return {
        "model": model.card.name,
        "configuration": model.describe(),
        "data": asked.data.name,
        "photographs": total.photographs,
        "top1": total.top1 / total.photographs,
        "top5": total.top5 / total.photographs,
    }


def read_photographs(folder: Path, labels: Sequence[str]) -> dict[int, list[Path]]:
    """Return the photographs of each class id. A folder's name is a label (`_` may stand for a space) or a class id.

    Raises DatasetError.
    """
    known = {label.replace(" ", "_"): class_id for class_id, label in enumerate(labels)}
    known |= {str(class_id): class_id for class_id in range(len(labels))}
    found: dict[int, list[Path]] = {}
    for inner in sorted(path for path in folder.glob("*") if path.is_dir()):
        class_id = known.get(inner.name.replace(" ", "_"))
        if class_id is None:
            raise DatasetError(f"{inner} is named after no label of the model and no class id, 0 to {len(labels) - 1}")
        photographs = sorted(path for path in inner.iterdir() if path.suffix.lower() in IMAGE_ENDINGS)
        found[class_id] = found.get(class_id, []) + photographs
    if not any(found.values()):
        raise DatasetError(f"{folder} holds no folder, named after a label, with photographs")
    return {class_id: photographs for class_id, photographs in found.items() if photographs}


def evaluate(model: Model, photographs: Mapping[int, Sequence[Path]]) -> dict[int, Hits]:
    """Classify every photograph; returns the hits of each class id."""
    hits = {}
    for class_id, paths in tqdm(photographs.items(), desc=model.card.name, unit="label", file=sys.stderr):
        ranked = []
        for path in paths:
            image = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels
            ranked.append([one.class_id for one in model.run(image, ClassificationOptions(top=TOP)).classes])
        hits[class_id] = Hits(len(paths), *(sum(class_id in ids[:top] for ids in ranked) for top in (1, TOP)))
    return hits


def format_hits(hits: Mapping[str, Hits]) -> str:
    """Return a table with a row for each."""
    rows = ["| label | photographs | top-1 | top-5 |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {label} | {each.photographs} | {each.top1 / each.photographs:.3f} | {each.top5 / each.photographs:.3f} |"
        for label, each in hits.items()
    ]
    return "\n".join(rows) + "\n"
