"""Photographs that nobody took: coloured shapes on grey noise, with their boxes in each form that is read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from api.training.progress import Progress

COLOURS = {"disc": (220, 40, 40), "square": (40, 80, 220)}


@dataclass(frozen=True)
class Shape:
    """One of COLOURS, and its box xyxy in pixels."""

    label: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Picture:
    """HWC uint8 RGB, and what is in it."""

    pixels: NDArray[np.uint8]
    shapes: tuple[Shape, ...]


class Quiet(Progress):
    """Hears what a training tells, and stops it after a number of steps."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.said: list[str] = []
        self.notes: list[str] = []
        self._left = stop_after

    def begin(self, what: str, steps: int) -> None:
        self.said.append(what)

    def advance(self, note: str = "") -> None:
        if note:
            self.notes.append(note)
            if self._left is not None:
                self._left -= 1

    def say(self, text: str) -> None:
        self.said.append(text)

    @property
    def must_stop(self) -> bool:
        return self._left is not None and self._left <= 1


def draw_shapes(count: int, size: int = 128, seed: int = 0) -> list[Picture]:
    """Return pictures with one or two shapes each that do not overlap."""
    random = np.random.default_rng(seed)
    return [_draw(random, size) for _ in range(count)]


def _draw(random: np.random.Generator, size: int) -> Picture:
    pixels = random.integers(90, 150, (size, size, 3), np.uint8)
    shapes = []
    places = random.permutation([(0, 0), (0, 1), (1, 0), (1, 1)])[: random.integers(1, 3)]
    for row, column in places:
        label = str(random.choice(list(COLOURS)))
        side = int(random.integers(round(size * 0.3), round(size * 0.45)))
        free = size // 2 - side
        x, y = (int(place * size // 2 + random.integers(0, free + 1)) for place in (column, row))
        if label == "square":
            pixels[y : y + side, x : x + side] = COLOURS[label]
        else:
            centre = (x + side / 2 - 0.5, y + side / 2 - 0.5)
            across, down = np.meshgrid(np.arange(size), np.arange(size))
            pixels[np.hypot(across - centre[0], down - centre[1]) <= side / 2] = COLOURS[label]
        shapes.append(Shape(label, (x, y, x + side, y + side)))
    return Picture(pixels, tuple(shapes))


def write_coco(folder: Path, pictures: Sequence[Picture]) -> Path:
    """Write `images/` and one `instances.json`."""
    labels = list(COLOURS)
    (folder / "images").mkdir(parents=True)
    images, annotations = [], []
    for number, picture in enumerate(pictures, start=1):
        name = write_picture(folder / "images", number, picture)
        height, width = picture.pixels.shape[:2]
        images.append({"id": number, "file_name": name, "height": height, "width": width})
        for shape in picture.shapes:
            x1, y1, x2, y2 = shape.box
            annotations.append(
                {"id": len(annotations) + 1, "image_id": number, "category_id": labels.index(shape.label) + 1,
                 "bbox": [x1, y1, x2 - x1, y2 - y1], "area": (x2 - x1) * (y2 - y1), "iscrowd": 0}
            )  # fmt: skip
    categories = [{"id": number, "name": label} for number, label in enumerate(labels, start=1)]
    document = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "instances.json").write_text(json.dumps(document))
    return folder


def write_yolo(folder: Path, pictures: Sequence[Picture]) -> Path:
    """Write `images/`, `labels/` and `classes.txt`."""
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    for number, picture in enumerate(pictures, start=1):
        name = write_picture(folder / "images", number, picture)
        (folder / "labels" / Path(name).with_suffix(".txt")).write_text("".join(map(yolo_line, _sized(picture))))
    (folder / "classes.txt").write_text("".join(f"{label}\n" for label in COLOURS))
    return folder


def _sized(picture: Picture) -> list[tuple[Shape, int, int]]:
    height, width = picture.pixels.shape[:2]
    return [(shape, height, width) for shape in picture.shapes]


def yolo_line(sized: tuple[Shape, int, int]) -> str:
    shape, height, width = sized
    x1, y1, x2, y2 = shape.box
    shares = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)
    return f"{list(COLOURS).index(shape.label)} {' '.join(f'{share:.6f}' for share in shares)}\n"


def write_picture(folder: Path, number: int, picture: Picture) -> str:
    """Write a PNG; returns its name."""
    name = f"shapes{number:03d}.png"
    (folder / name).write_bytes(encode_png(picture.pixels))
    return name


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))[1].tobytes()
