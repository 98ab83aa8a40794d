"""The family "detr": a set of queries, each with class logits and one box. Nothing is suppressed.

Sources: "End-to-End Object Detection with Transformers", 2020 (softmax); "Deformable DETR", 2021, and all that came
from it (sigmoids); `PostProcess` in https://github.com/roboflow/rf-detr/blob/develop/src/rfdetr/models/postprocess.py.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.class_ids import find_labels, make_table
from api.tasks.detection.masks import outline
from api.tasks.detection.predictions import Predictions, Shape, finish
from api.tasks.detection.types import DetectionOptions, Detections
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "detr"
SIGMOID, SOFTMAX = "sigmoid", "softmax"


def make_decode(output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card's `output`.

    It names the outputs `logits`, `boxes` and, of a network that has them, `masks`; says the `activation`, "sigmoid" or
    "softmax"; and may have `class_ids` or `first_class` (see make_table).
    """
    return partial(decode_detr, names=output, table=make_table(output, labels), labels=labels)


def decode_detr(
    outputs: Mapping[str, NDArray[np.float32]],
    letterbox: Letterbox,
    options: DetectionOptions,
    *,
    names: Mapping[str, Any],
    table: NDArray[np.int64],
    labels: Sequence[str],
) -> Detections:
    """Return the detections in logits (1, queries, classes) and boxes (1, queries, 4), and masks (1, queries, h, w).

    Boxes are centre and size as shares of the canvas, masks are logits on all of it. By softmax a query has its one
    best class, the last logit being "no object". By sigmoids a query may have several: as many pairs of query and class
    are taken as there are queries.
    """
    logits = outputs[names["logits"]][0]
    queries, scores, class_ids = (_by_softmax if names["activation"] == SOFTMAX else _by_sigmoid)(logits)
    found = find_labels(class_ids, table)
    passing = (scores >= options.floor) & (found >= 0)
    rows = queries[passing]
    height, width = letterbox.canvas_size
    box = outputs[names["boxes"]][0, rows] * np.array([width, height, width, height], np.float32)
    boxes_xyxy = np.concatenate((box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2), axis=1)
    predictions = Predictions(boxes_xyxy, scores[passing], found[passing], rows)
    find_shapes = partial(_find_outlines, outputs[names["masks"]][0], letterbox) if "masks" in names else None
    return finish(predictions, letterbox, options, labels, suppresses=False, find_shapes=find_shapes)


def _find_outlines(masks: NDArray[np.float32], letterbox: Letterbox, kept: Predictions) -> list[Shape]:
    """Return the outline of each detection."""
    covers = letterbox.canvas_in_image()
    boxes = kept.boxes_xyxy.tolist()
    return [Shape(outline(masks[row], covers, box)) for row, box in zip(kept.sources, boxes, strict=True)]


Scored = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]  # queries, scores, class ids: (N,) each


def _by_sigmoid(logits: NDArray[np.float32]) -> Scored:
    """Return the best pairs of query and class, as many as there are queries."""
    queries, classes = logits.shape
    best = np.argsort(-logits, axis=None, kind="stable")[:queries]
    scores = 1 / (1 + np.exp(-logits.ravel()[best].clip(-88, 88)))
    return best // classes, scores, best % classes


def _by_softmax(logits: NDArray[np.float32]) -> Scored:
    """Return each query's best class."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = (powers / powers.sum(axis=1, keepdims=True))[:, :-1]
    return np.arange(len(shares)), shares.max(axis=1), shares.argmax(axis=1)
