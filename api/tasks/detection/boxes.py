"""The family "boxes": networks that give finished boxes, with a class id and a score each, suppressed already."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.class_ids import find_labels, make_table
from api.tasks.detection.masks import outline
from api.tasks.detection.predictions import Predictions, Shape, finish
from api.tasks.detection.types import DetectionOptions, Detections, Keypoint
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "boxes"
ORDERS = {"xyxy": (0, 1, 2, 3), "yxyx": (1, 0, 3, 2)}  # where left, top, right and bottom are


def make_decode(output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card's `output`.

    It names the outputs `boxes`, `classes`, `scores` and, of networks that have them, `masks` and `keypoints`; says the
    `order` of a box, and whether it is `normalised`: in shares of the canvas rather than pixels; it may have
    `class_ids` or `first_class` (see make_table) and the `points` that a network finds, in order.
    """
    return partial(decode_boxes, names=output, table=make_table(output, labels), labels=labels)


def decode_boxes(
    outputs: Mapping[str, NDArray[Any]],
    letterbox: Letterbox,
    options: DetectionOptions,
    *,
    names: Mapping[str, Any],
    table: NDArray[np.int64],
    labels: Sequence[str],
) -> Detections:
    """Return the detections in boxes (N, 4), classes (N,), scores (N,), with or without a batch of 1 before N.

    Masks are (N, 1, height, width), probabilities on the canvas; key points (N, points, 3), x and y in its pixels.
    """
    boxes = outputs[names["boxes"]].reshape(-1, 4)
    scores = outputs[names["scores"]].reshape(-1)
    found = find_labels(outputs[names["classes"]].reshape(-1), table)
    (rows,) = ((scores >= options.floor) & (found >= 0)).nonzero()
    height, width = letterbox.canvas_size
    unit = (width, height, width, height) if names["normalised"] else (1, 1, 1, 1)
    boxes_xyxy = (boxes[rows][:, ORDERS[names["order"]]] * np.array(unit)).astype(np.float32)
    predictions = Predictions(boxes_xyxy, scores[rows], found[rows], rows)
    find_shapes = partial(_find_shapes, outputs, letterbox, names)
    has_shapes = "masks" in names or "keypoints" in names
    return finish(
        predictions, letterbox, options, labels, suppresses=False, find_shapes=find_shapes if has_shapes else None
    )


def _find_shapes(
    outputs: Mapping[str, NDArray[Any]], letterbox: Letterbox, names: Mapping[str, Any], kept: Predictions
) -> list[Shape]:
    """Return the outline and the key points of each detection, as far as the network has them."""
    covers = letterbox.canvas_in_image()
    shapes = []
    for row, box, confidence in zip(kept.sources, kept.boxes_xyxy.tolist(), kept.confidences.tolist(), strict=True):
        shape = Shape()
        if "masks" in names:
            shape = Shape(outline(outputs[names["masks"]][row, 0], covers, box, level=0.5))
        if "keypoints" in names:
            places = letterbox.points_to_image(outputs[names["keypoints"]][row, :, :2]).tolist()
            points = [Keypoint(name, x, y, confidence) for name, (x, y) in zip(names["points"], places, strict=True)]
            shape = replace(shape, keypoints=tuple(points))
        shapes.append(shape)
    return shapes
