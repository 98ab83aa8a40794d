"""The family "yolox": a row for each cell, with one box, objectness and a probability for each class.

Source: https://github.com/Megvii-BaseDetection/YOLOX `yolox/models/yolo_head.py`; https://arxiv.org/abs/2107.08430.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.predictions import Predictions, finish
from api.tasks.detection.types import DetectionOptions, Detections
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "yolox"
STRIDES = (8, 16, 32)


def make_decode(output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card whose `output` says whether boxes are `decoded`."""
    return partial(decode_yolox, is_decoded=bool(output["decoded"]), labels=labels)


def decode_yolox(
    outputs: Mapping[str, NDArray[np.float32]],
    letterbox: Letterbox,
    options: DetectionOptions,
    *,
    is_decoded: bool,
    labels: Sequence[str],
) -> Detections:
    """Return the detections in the one output, (1, cells, 5 + classes): centre, size, objectness, classes.

    Objectness and classes are probabilities. Boxes are in pixels of the canvas if `is_decoded`; else a centre is
    relative to its cell and a size is a logarithm, both in strides.
    """
    (cells,) = next(iter(outputs.values()))
    row = (cells[:, 4] >= options.floor).nonzero()[0]
    passing = cells[row]
    scores = passing[:, 4:5] * passing[:, 5:]
    index, class_ids = (scores >= options.floor).nonzero()
    centres, sizes = passing[:, :2], passing[:, 2:4]
    if not is_decoded:
        corners, strides = _grid(letterbox.canvas_size)
        with np.errstate(over="ignore"):  # an infinite size is cut off at the image's border
            centres, sizes = (centres + corners[row]) * strides[row], np.exp(sizes) * strides[row]
    boxes_xyxy = np.concatenate((centres - sizes / 2, centres + sizes / 2), axis=1)
    predictions = Predictions(boxes_xyxy[index], scores[index, class_ids], class_ids)
    return finish(predictions, letterbox, options, labels)


def _grid(canvas_size: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return for each cell its column and row, (cells, 2), and its stride, (cells, 1): row by row, fine to coarse."""
    places, strides = [], []
    for stride in STRIDES:
        rows, columns = np.indices((canvas_size[0] // stride, canvas_size[1] // stride))
        places.append(np.stack((columns.ravel(), rows.ravel()), axis=1))
        strides.append(np.full((rows.size, 1), stride))
    return np.concatenate(places).astype(np.float32), np.concatenate(strides).astype(np.float32)
