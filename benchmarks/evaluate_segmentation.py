"""The accuracy of a segmenter on photographs with known masks: `images/NAME.jpg` with `masks/NAME.png`.

A mask is an indexed or a grey PNG of the photograph's size, whose values are class ids; 255 is not counted. Pascal VOC
has such masks, and these measures (http://host.robots.ox.ac.uk/pascal/VOC/).
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.model import Model
from api.settings import Settings
from api.tasks.segmentation.types import SegmentationOptions
from benchmarks.datasets import IMAGE_ENDINGS, DatasetError
from benchmarks.references.reference import find_reference

NOT_COUNTED = 255

OWN = "Pagesight"

Confusion = NDArray[np.int64]  # (classes, classes): pixels by their true class and by the one found
Segment = Callable[[NDArray[np.uint8]], NDArray[Any]]  # an image to the class id of each pixel


@dataclass(frozen=True, slots=True)
class Measures:
    """The share of the pixels whose class was found, and the intersection over union of each class id."""

    accuracy: float
    overlaps: Mapping[int, float]

    @property
    def mean(self) -> float:
        """The mean IoU of the classes that the masks have."""
        return float(np.mean(list(self.overlaps.values())))


def run(model: Model, settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    """Evaluate, print the tables; returns what is to be written as JSON. Raises DatasetError."""
    pairs, labels = find_pairs(asked.data), model.card.labels
    programs = {OWN: maps(model)}
    if asked.compare:
        reference = find_reference(model, settings.weights_dir)
        programs[reference.name] = reference.run
    measured = {name: as_measures(evaluate(segment, pairs, len(labels), name)) for name, segment in programs.items()}
    own = measured[OWN]
    print(f"\n{model.card.name}, {model.describe()}, {len(pairs)} photographs of {asked.data.name}\n")
    print(format_measures(measured))
    print(format_overlaps(own.overlaps, labels))
    return {
        "model": model.card.name,
        "configuration": model.describe(),
        "data": asked.data.name,
        "photographs": len(pairs),
        "pixel_accuracy": own.accuracy,
        "mean_iou": own.mean,
        "iou": {labels[class_id]: iou for class_id, iou in own.overlaps.items()},
        "references": {
            name: {"pixel_accuracy": each.accuracy, "mean_iou": each.mean}
            for name, each in measured.items()
            if name != OWN
        },
    }


def maps(model: Model) -> Segment:
    """Return the class map that a model makes of an image, as a function."""
    return lambda image: model.run(image, SegmentationOptions()).class_map


def as_measures(confusion: Confusion) -> Measures:
    """Return what the counted pixels come to."""
    return Measures(pixel_accuracy(confusion), class_overlaps(confusion))


def find_pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Return each photograph and its mask. Raises DatasetError."""
    images = sorted(path for path in folder.glob("images/*") if path.suffix.lower() in IMAGE_ENDINGS)
    if not images:
        raise DatasetError(f"{folder} holds no images/ with masks/ (PNG, class ids) beside it")
    pairs = [(path, folder / "masks" / f"{path.stem}.png") for path in images]
    missing = [mask.name for _, mask in pairs if not mask.is_file()]
    if missing:
        raise DatasetError(f"{folder / 'masks'} lacks {len(missing)} masks, the first is {missing[0]}")
    return pairs


def evaluate(segment: Segment, pairs: Sequence[tuple[Path, Path]], count: int, name: str) -> Confusion:
    """Segment every photograph into `count` classes and count its pixels. Raises DatasetError."""
    confusion = np.zeros((count, count), np.int64)
    for path, mask in tqdm(pairs, desc=name, unit="photo", file=sys.stderr):
        image = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels
        truth = read_mask(mask, image.shape[:2], count)
        found = segment(image)
        counted = truth != NOT_COUNTED
        cells = truth[counted].astype(np.int64) * count + found[counted]
        confusion += np.bincount(cells, minlength=count * count).reshape(count, count)
    return confusion


def read_mask(path: Path, size: tuple[int, int], count: int) -> NDArray[np.uint8]:
    """Return the class id of each pixel. Raises DatasetError if it is no mask of an image of (height, width)."""
    with Image.open(path) as image:
        if image.mode not in ("P", "L") or image.size != size[::-1]:
            raise DatasetError(
                f"{path} is no indexed or grey PNG of its photograph's {size[1]} x {size[0]} pixels: it is of mode"
                f" {image.mode}, and {image.width} x {image.height}"
            )
        mask = np.asarray(image)
    wrong = mask[(mask >= count) & (mask != NOT_COUNTED)]
    if wrong.size:
        raise DatasetError(f"{path} has the value {wrong[0]}, and the model's class ids are 0 to {count - 1}")
    return mask


def pixel_accuracy(confusion: Confusion) -> float:
    """Return the share of the pixels whose class was found."""
    return float(np.trace(confusion) / max(1, confusion.sum()))


def class_overlaps(confusion: Confusion) -> dict[int, float]:
    """Return the intersection over union of each class that the masks have, over all photographs together."""
    common = np.diag(confusion)
    truth, found = confusion.sum(axis=1), confusion.sum(axis=0)
    return {int(c): float(common[c] / (truth[c] + found[c] - common[c])) for c in truth.nonzero()[0]}


def format_measures(measured: Mapping[str, Measures]) -> str:
    """Return a table with a row for each program."""
    rows = ["| program | pixel accuracy | mean IoU | classes |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {name} | {one.accuracy:.4f} | {one.mean:.4f} | {len(one.overlaps)} |" for name, one in measured.items()
    ]
    return "\n".join(rows) + "\n"


def format_overlaps(overlaps: Mapping[int, float], labels: Sequence[str]) -> str:
    """Return a table with a row for each class, the best first."""
    ranked = sorted(overlaps.items(), key=lambda one: -one[1])
    rows = [f"| {labels[class_id]} | {iou:.3f} |" for class_id, iou in ranked]
    return "\n".join(["| class | IoU |", "| --- | --- |", *rows]) + "\n"
