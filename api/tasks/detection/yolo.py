"""The family "darknet": the raw outputs of Darknet's [yolo] heads to detections.

Source: YOLOv3 (https://arxiv.org/abs/1804.02767, section 2.1); `scale_x_y` and `new_coords` as in
https://github.com/AlexeyAB/darknet `src/yolo_layer.c`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.predictions import Predictions, finish
from api.tasks.detection.types import DetectionOptions, Detections
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "darknet"
OBJECTNESS = 4  # its place among a cell's numbers, after the box


@dataclass(frozen=True, slots=True)
class Head:
    """What is needed to decode one [yolo] layer."""

    anchors: tuple[tuple[float, float], ...]  # (width, height) in pixels of the network's input
    classes: int
    scale_x_y: float
    new_coords: bool

    @property
    def channels(self) -> int:
        """How many filters the convolution before this head must have."""
        return len(self.anchors) * (5 + self.classes)


def make_decode(output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card whose `output` has `heads`, each with the fields of a Head."""
    heads = [Head(**{**head, "anchors": tuple(map(tuple, head["anchors"]))}) for head in output["heads"]]
    return partial(decode_yolo, heads=heads, labels=labels)


def decode_yolo(
    outputs: Mapping[str, NDArray[np.float32]],
    letterbox: Letterbox,
    options: DetectionOptions,
    *,
    heads: Sequence[Head],
    labels: Sequence[str],
) -> Detections:
    """Return the detections in the heads' raw `outputs`, which are in the order of `heads`."""
    return finish(decode_heads(outputs, heads, letterbox.canvas_size, options.floor), letterbox, options, labels)


def decode_heads(
    outputs: Mapping[str, NDArray[np.float32]],
    heads: Sequence[Head],
    canvas_size: tuple[int, int],
    confidence: float,
) -> Predictions:
    """Return the predictions of at least `confidence`, boxes in pixels of the canvas (height, width).

    An output is (1, anchors x (5 + classes), rows, columns). Only cells whose objectness passes are looked at. As in
    Darknet a box counts once for each class that passes.
    """
    pairs = zip(outputs.values(), heads, strict=True)
    return Predictions.join([_decode_head(raw, head, canvas_size, confidence) for raw, head in pairs])


def _decode_head(raw: NDArray[np.float32], head: Head, canvas_size: tuple[int, int], confidence: float) -> Predictions:
    rows, columns = raw.shape[2:]
    cells = raw.reshape(len(head.anchors), 5 + head.classes, rows, columns)
    objectness = cells[:, OBJECTNESS] if head.new_coords else _sigmoid(cells[:, OBJECTNESS])
    anchor, row, column = (objectness >= confidence).nonzero()
    values = cells[anchor, :, row, column]  # (cells that pass, 5 + classes)
    if not head.new_coords:
        values[:, :2] = _sigmoid(values[:, :2])
        values[:, 4:] = _sigmoid(values[:, 4:])
    scores = values[:, OBJECTNESS, None] * values[:, 5:]
    cell, class_id = (scores >= confidence).nonzero()

    height, width = canvas_size
    place = np.stack((column, row), axis=1)
    pixels_a_cell = np.array([width / columns, height / rows], np.float32)
    centres = (values[:, :2] * head.scale_x_y - (head.scale_x_y - 1) / 2 + place) * pixels_a_cell
    with np.errstate(over="ignore"):  # an infinite size is cut off at the image's border
        sizes = np.square(values[:, 2:4] * 2) if head.new_coords else np.exp(values[:, 2:4])
        half = sizes * np.array(head.anchors, np.float32)[anchor] / 2
    boxes = np.concatenate((centres - half, centres + half), axis=1).astype(np.float32)
    return Predictions(boxes[cell], scores[cell, class_id], class_id)


def _sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return 1 / (1 + exp(-x)) in a form that cannot overflow."""
    result: NDArray[np.float32] = 0.5 + 0.5 * np.tanh(0.5 * x)
    return result
