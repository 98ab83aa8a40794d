"""The family "rcnn": what torchvision's R-CNNs have selected, with a mask or key points for each.

Sources: https://arxiv.org/abs/1506.01497, https://arxiv.org/abs/1703.06870, and, for how masks and heat maps are laid
onto the image, https://github.com/pytorch/vision torchvision/models/detection/roi_heads.py.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.masks import Polygon, outline
from api.tasks.detection.predictions import Predictions, Shape, finish
from api.tasks.detection.types import DetectionOptions, Detections, Keypoint
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "rcnn"
INSIDE = 0.5  # a mask's probability from which on a pixel belongs to the object


def make_decode(output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card whose `output` may name the `keypoints`."""
    return partial(decode_rcnn, keypoints=tuple(output.get("keypoints", ())), labels=labels)


def decode_rcnn(
    outputs: Mapping[str, NDArray[np.float32]],
    letterbox: Letterbox,
    options: DetectionOptions,
    *,
    keypoints: Sequence[str],
    labels: Sequence[str],
) -> Detections:
    """Return the detections in `boxes`, (N, 4) xyxy in pixels of the canvas, `scores` and `labels`, (N,).

    `masks`, (N, 1, side, side), are probabilities over the box; `heatmaps`, (N, key points, side, side), are logits.
    """
    rows = (outputs["scores"] >= options.floor).nonzero()[0]
    boxes, class_ids = outputs["boxes"][rows], outputs["labels"][rows].astype(np.int64)
    predictions = Predictions(boxes, outputs["scores"][rows], class_ids, rows)

    find_shapes = partial(_find_shapes, outputs, letterbox, keypoints) if len(outputs) > 3 else None
    return finish(predictions, letterbox, options, labels, find_shapes=find_shapes)


def _find_shapes(
    outputs: Mapping[str, NDArray[np.float32]], letterbox: Letterbox, keypoints: Sequence[str], kept: Predictions
) -> list[Shape]:
    """Return the outline or the key points of each detection."""
    pairs = zip(np.asarray(kept.rows).tolist(), kept.boxes_xyxy, strict=True)
    if "masks" in outputs:
        return [Shape(polygon=find_outline(outputs["masks"][row, 0], box_xyxy)) for row, box_xyxy in pairs]
    return [Shape(keypoints=_find_keypoints(outputs, row, letterbox, keypoints)) for row, _ in pairs]


def find_outline(mask: NDArray[np.float32], box_xyxy: NDArray[np.float32]) -> Polygon:
    """Return the outline of a mask of probabilities that covers a box, in the pixels of the box."""
    cell = (box_xyxy[2:] - box_xyxy[:2]) / mask.shape[::-1]
    covers = np.concatenate((box_xyxy[:2] - cell, box_xyxy[2:] + cell))  # a cell of nothing around it
    return outline(np.pad(mask, 1), covers.tolist(), box_xyxy.tolist(), level=INSIDE)


def _find_keypoints(
    outputs: Mapping[str, NDArray[np.float32]], row: int, letterbox: Letterbox, names: Sequence[str]
) -> tuple[Keypoint, ...]:
    """Return where each heat map is the highest, laid over the box; how high is a logit of being there."""
    low_xy, high_xy = outputs["boxes"][row, :2], outputs["boxes"][row, 2:]
    size = np.maximum(high_xy - low_xy, 1)
    width, height = np.ceil(size).astype(int).tolist()
    found = []
    for name, heatmap in zip(names, outputs["heatmaps"][row], strict=True):
        over_box = cv2.resize(heatmap, (width, height), interpolation=cv2.INTER_CUBIC)
        y, x = np.unravel_index(over_box.argmax(), over_box.shape)
        place = low_xy + (np.array([x, y]) + 0.5) * size / (width, height)
        image_x, image_y = letterbox.points_to_image(place).tolist()
        confidence = 0.5 + 0.5 * np.tanh(over_box[y, x] / 2)  # the logistic function
        found.append(Keypoint(name, image_x, image_y, float(confidence)))
    return tuple(found)
