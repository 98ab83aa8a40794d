"""Photographs with boxes: what the files of a data folder describe, held to the photographs themselves.

Every photograph is decoded once. What is wrong leaves out one photograph, with a sentence; what is left must be enough.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.errors import ApiError
from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.training.dataset import Refused, find_fault, name_in
from api.training.detection import coco, yolo
from api.training.detection.described import SHARES, Described, Fault, Places, is_image
from api.training.errors import DataError
from api.training.progress import Progress, steps_of
from api.training.split import is_validation

LEAST_PHOTOGRAPHS = 10
LEAST_OF_A_LABEL = 2  # photographs: one to learn from, one to measure with
SPILL = 0.01  # of the picture's side that a box may reach beyond it, by rounding; it is cut off
LEAST_SIDE = 1.0  # pixels of a box
SHAPE_TOLERANCE = 0.02  # as on the page: sizes are whole pixels, so a smaller copy has not quite the same shape
SOME = 3  # reasons that are told if all photographs are left out
EXPECTED = (
    "photographs with boxes are expected: instances.json with images/ (COCO), the page's COCO files beside the"
    " photographs, or labels/*.txt with images/ and classes.txt (YOLO)"
)


@dataclass(frozen=True, slots=True, eq=False)
class BoxedPhotograph:
    """An upright photograph of `size` (height, width), its N boxes, and the place of each one's label."""

    path: Path
    name: str
    size: tuple[int, int]
    boxes: NDArray[np.float32]  # (N, 4) xyxy in pixels
    labels: NDArray[np.int64]  # (N,)


@dataclass(frozen=True, slots=True, eq=False)
class BoxedDataset:
    """Photographs by name, the labels that have boxes by name, and what is left out."""

    folder: Path
    labels: tuple[str, ...]
    photographs: tuple[BoxedPhotograph, ...]
    refused: tuple[Refused, ...]

    def held_out(self, share: float = 0.2, seed: int = 0) -> NDArray[np.bool_]:
        """Return (photographs,): whether each is only measured with. It goes by the rarest label in each."""
        several = [sorted(set(one.labels.tolist())) for one in self.photographs]
        counts = Counter(label for labels in several for label in labels)
        rarest = [min(labels, key=lambda label: counts[label], default=len(self.labels)) for labels in several]
        return is_validation(np.array(rarest, np.int64), share, seed)


def holds_boxes(folder: Path) -> bool:
    """Return whether a folder is for a detector. Raises OSError."""
    places = Places(folder)
    return bool(coco.find_files(places) or yolo.find_files(places))


def read_boxes(folder: Path, limits: ImageLimits, progress: Progress) -> BoxedDataset:
    """Read the folder. Raises DataError, Stopped."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder: {EXPECTED}")
    refused: list[Refused] = []

    def refuse(path: Path, reason: str) -> None:
        refused.append(Refused(name_in(path, folder), reason))

    try:
        described = _each_once(_describe(folder, refuse), refuse)
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror}: {error.filename}") from error
    names = sorted({label for one in described for label, _ in one.objects})
    numbers = {label: number for number, label in enumerate(names)}
    settled = []
    for one in steps_of(described, "reading photographs", len(described), progress):
        try:
            settled.append(_settle(one, numbers, folder, limits))
        except Fault as fault:
            refuse(one.path, str(fault))
    settled.sort(key=lambda one: one.name)
    labels, photographs, rare = _drop_rare(names, settled)
    refused += rare
    _check(folder, photographs, refused)
    return BoxedDataset(folder, labels, photographs, tuple(refused))


def _describe(folder: Path, refuse: Callable[[Path, str], None]) -> list[Described]:
    places = Places(folder)
    if files := coco.find_files(places):
        told: set[Path] = set()

        def tell(path: Path, reason: str) -> None:
            told.add(path)
            refuse(path, reason)

        found = list(coco.read_files(files, places, tell))
        images = {path for path in places if is_image(path)}
        for path in sorted(images - told - {one.path for one in found}):
            refuse(path, "No COCO file that can be used says what is in it.")
        return found
    if files := yolo.find_files(places):
        return list(yolo.read_files(files, places, refuse))
    raise DataError(f"{folder} holds no boxes: {EXPECTED}")


def _each_once(described: Sequence[Described], refuse: Callable[[Path, str], None]) -> list[Described]:
    found: dict[Path, Described] = {}
    for one in described:
        other = found.setdefault(one.path, one)
        if other is not one:
            refuse(one.source, f"{other.source.name} describes {one.path.name}, too: leave one of them.")
    return list(found.values())


def _settle(one: Described, numbers: dict[str, int], folder: Path, limits: ImageLimits) -> BoxedPhotograph:
    """Return a photograph with boxes in its own pixels. Raises Fault."""
    if fault := find_fault(one.path, folder):
        raise Fault(fault)
    try:
        height, width = decode_image(one.path.read_bytes(), orientation=None, limits=limits, enough_for=1).size
    except OSError as error:
        raise Fault(f"It cannot be read: {error.strerror}.") from error
    except ApiError as error:
        raise Fault(error.detail) from error
    _check_size(one, height, width)
    scale = np.array([width / one.size[1], height / one.size[0]] * 2)
    boxes = np.array([box for _, box in one.objects], np.float64).reshape(-1, 4) * scale
    spill = SPILL * np.array([width, height])
    for (label, box), scaled in zip(one.objects, boxes, strict=True):
        if (scaled[:2] < -spill).any() or (scaled[2:] - [width, height] > spill).any():
            raise Fault(
                f"{one.source.name} has a box of {label} in it that reaches outside, {_words(box)}: the picture is"
                f" {'from 0 to 1' if one.size == SHARES else f'{one.size[1]:g} x {one.size[0]:g}'}."
            )
    boxes = np.clip(boxes, 0, [width, height, width, height])
    for (label, box), cut in zip(one.objects, boxes, strict=True):
        if (cut[2:] - cut[:2] < LEAST_SIDE).any():
            raise Fault(f"{one.source.name} has a box of {label} in it that is thinner than a pixel, {_words(box)}.")
    labels = np.array([numbers[label] for label, _ in one.objects], np.int64)
    return BoxedPhotograph(one.path, name_in(one.path, folder), (height, width), boxes.astype(np.float32), labels)


def _words(box: Sequence[float]) -> str:
    return "from ({:g}, {:g}) to ({:g}, {:g})".format(*box)


def _check_size(one: Described, height: int, width: int) -> None:
    """Raise Fault if the boxes were drawn on a picture of another shape."""
    if one.size == SHARES:
        return
    said = f"{one.source.name} says that it is {one.size[1]:g} x {one.size[0]:g} pixels, and it is {width} x {height}"
    if one.size == (width, height) and height != width:
        raise Fault(
            f"{said}: its boxes were drawn on the picture before it was turned. Save it upright, and draw them anew."
        )
    if abs(one.size[1] / one.size[0] * height / width - 1) > SHAPE_TOLERANCE:
        raise Fault(f"{said}.")


def _check(folder: Path, photographs: Sequence[BoxedPhotograph], refused: Sequence[Refused]) -> None:
    """Raise DataError unless there is enough to learn from."""
    with_boxes = sum(len(one.labels) > 0 for one in photographs)
    if with_boxes < LEAST_PHOTOGRAPHS:
        reasons = " ".join(f"{one.name}: {one.reason}" for one in refused[:SOME])
        raise DataError(
            f"{folder} has {with_boxes} photographs with boxes that can be used, and at least {LEAST_PHOTOGRAPHS} are"
            " needed"
            + (f". {len(refused)} are left out: {reasons}" if refused else ": draw some on the page, or add them")
        )


def _drop_rare(
    names: Sequence[str], settled: Sequence[BoxedPhotograph]
) -> tuple[tuple[str, ...], tuple[BoxedPhotograph, ...], list[Refused]]:
    """Return the labels that are in enough photographs, these with their boxes alone, and the labels left out."""
    counts = Counter(label for one in settled for label in set(one.labels.tolist()))
    used = [label for label, count in sorted(counts.items()) if count >= LEAST_OF_A_LABEL]
    rare = [
        Refused(
            names[label], f"Boxes of this label are in {counts[label]} photograph alone; {LEAST_OF_A_LABEL} are needed."
        )
        for label in sorted(counts.keys() - set(used))
    ]
    places = np.full(len(names) + 1, -1, np.int64)
    places[used] = np.arange(len(used))
    photographs = []
    for one in settled:
        kept = places[one.labels] >= 0
        boxes, labels = one.boxes[kept], places[one.labels[kept]]
        photographs.append(BoxedPhotograph(one.path, one.name, one.size, boxes, labels))
    return tuple(names[label] for label in used), tuple(photographs), rare
