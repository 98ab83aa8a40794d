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

from api.tasks.detection.predictions import Predictions, Shape, finish
from api.tasks.detection.types import DetectionOptions, Detections, Keypoint
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "rcnn"
INSIDE = 0.5  # a mask's probability from which on a pixel belongs to the object
FINENESS = 8  # an outline is drawn on so many times as many cells as the mask has, on each side
TOLERANCE = 0.5  # cells by which an outline may be simplified


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

    def find_shapes(kept: Predictions) -> list[Shape]:
        pairs = zip(np.asarray(kept.rows).tolist(), kept.boxes_xyxy, strict=True)
        return [_find_shape(outputs, row, box_xyxy) for row, box_xyxy in pairs]

    def _find_shape(outputs: Mapping[str, NDArray[np.float32]], row: int, box_xyxy: NDArray[np.float32]) -> Shape:
        return Shape(
            polygon=outline(outputs["masks"][row, 0], box_xyxy) if "masks" in outputs else (),
            keypoints=_find_keypoints(outputs, row, letterbox, keypoints) if keypoints else (),
        )

    return finish(predictions, letterbox, options, labels, find_shapes=find_shapes)


def outline(mask: NDArray[np.float32], box_xyxy: NDArray[np.float32]) -> tuple[tuple[float, float], ...]:
    """Return the outline of a mask's largest part, (x, y) in the pixels of the box that the mask covers."""
    padded = np.pad(mask, 1)  # so that it ends softly at the border of the box, which grows by as many cells
    fine = cv2.resize(padded, None, fx=FINENESS, fy=FINENESS, interpolation=cv2.INTER_LINEAR)
    parts, _ = cv2.findContours((fine > INSIDE).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not parts:
        return ()
    largest = cv2.approxPolyDP(max(parts, key=cv2.contourArea), TOLERANCE, closed=True)[:, 0]
    cells = (largest + 0.5) / FINENESS - 1  # the middle of each place, in cells of the mask
    low, high = box_xyxy[:2], box_xyxy[2:]
    return tuple(map(tuple, (low + cells / mask.shape[::-1] * (high - low)).tolist()))


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
