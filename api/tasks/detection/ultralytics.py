"""The family "ultralytics": YOLOv5 to YOLO26 as Ultralytics exports them, raw or with the selection inside.

Raw, a prediction is a column (version 8) or a row (version 5): centre and size, objectness (version 5 only), classes'
probabilities, extras. End to end, a detection is a row: corners, confidence, class, extras. Extras are coefficients of
masks, key points or an angle; the box of an angle is always centre and size. All is in pixels of the canvas.

Source: https://docs.ultralytics.com/modes/export/, https://docs.ultralytics.com/guides/end2end-detection/ and
https://github.com/ultralytics/yolov5/blob/master/utils/general.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.masks import outline
from api.tasks.detection.predictions import FindShapes, Predictions, Shape, finish
from api.tasks.detection.types import DetectionOptions, Detections, Keypoint
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "ultralytics"

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What stands where, as a card's `output` has it."""

    version: int  # 5 or 8
    end_to_end: bool
    task: str  # detect, segment, pose or obb
    keypoints: Sequence[str] = ()  # the points' names
    has_confidence: bool = True  # whether a point is (x, y, confidence) rather than (x, y)
    fractions: bool = False  # whether boxes and points are fractions of the canvas
    masks_last: bool = False  # whether the mask prototypes are (1, H, W, masks)


@dataclass(frozen=True, slots=True)
class Table:
    """The predictions that are confident enough, before they are boxes of the image."""

    boxes: Array  # (N, 4)
    confidences: Array  # (N,)
    class_ids: NDArray[np.int64]  # (N,)
    extras: Array  # (N, any)


def make_decode(output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card whose `output` is a Layout."""
    return partial(decode_ultralytics, layout=Layout(**output), labels=labels)


def decode_ultralytics(
    outputs: Mapping[str, Array],
    letterbox: Letterbox,
    options: DetectionOptions,
    *,
    layout: Layout,
    labels: Sequence[str],
) -> Detections:
    """Return the detections in the output of three dimensions; one of four holds mask prototypes.

    A prediction counts for its most probable class only, as with Ultralytics.
    """
    table = _read(_only(outputs, 3), layout, len(labels), options.floor)
    height, width = letterbox.canvas_size
    size = np.array([width, height] if layout.fractions else [1, 1], np.float32)
    boxes_xyxy = table.boxes * np.tile(size, 2)
    find_shapes: FindShapes | None = None
    if layout.task == "obb":
        corners = _corners(boxes_xyxy, table.extras[:, -1])
        boxes_xyxy = np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1)
        find_shapes = partial(_quadrangles, letterbox.points_to_image(corners))
    elif not layout.end_to_end:
        boxes_xyxy = _to_xyxy(boxes_xyxy)
    if layout.task == "segment":
        prototypes = _only(outputs, 4)
        prototypes = np.moveaxis(prototypes, -1, 0) if layout.masks_last else prototypes
        find_shapes = partial(_outlines, table.extras, prototypes, letterbox)
    elif layout.task == "pose":
        points = table.extras.reshape(-1, len(layout.keypoints), 3 if layout.has_confidence else 2)
        points_xy = letterbox.points_to_image(points[..., :2] * size)
        seen = points[..., 2] if layout.has_confidence else np.ones(points.shape[:2], np.float32)
        find_shapes = partial(_keypoints, points_xy.clip(0, letterbox.image_size[::-1]), seen, layout.keypoints)
    predictions = Predictions(boxes_xyxy, table.confidences, table.class_ids, np.arange(len(boxes_xyxy)))
    return finish(predictions, letterbox, options, labels, suppresses=not layout.end_to_end, find_shapes=find_shapes)


def _only(outputs: Mapping[str, Array], dimensions: int) -> Array:
    """Return the first image's array of the output that has so many dimensions."""
    array = next(array for array in outputs.values() if array.ndim == dimensions)
    return np.asarray(array[0], np.float32)


def _read(raw: Array, layout: Layout, classes: int, floor: float) -> Table:
    """Return the predictions of at least the confidence `floor`."""
    columns = raw if layout.version == 8 and not layout.end_to_end else raw.T  # (values, predictions)
    if layout.end_to_end:
        passing = columns[:, columns[4] >= floor]
        return Table(passing[:4].T, passing[4], passing[5].astype(np.int64), passing[6:].T)
    first = 4
    if layout.version == 5:
        first = 5
        columns = columns[:, columns[4] >= floor]  # objectness: no class can be more confident
    confidences = columns[first : first + classes].max(axis=0, initial=0)
    if layout.version == 5:
        confidences = confidences * columns[4]
    chosen = confidences >= floor
    passing = columns[:, chosen]
    class_ids = passing[first : first + classes].argmax(axis=0)
    return Table(passing[:4].T, confidences[chosen], class_ids, passing[first + classes :].T)


def _to_xyxy(boxes_cxcywh: Array) -> Array:
    half = boxes_cxcywh[:, 2:] / 2
    return np.concatenate((boxes_cxcywh[:, :2] - half, boxes_cxcywh[:, :2] + half), axis=1)


def _corners(boxes_cxcywh: Array, angles: Array) -> Array:
    """Return the corners of boxes that are turned by angles (radians, clockwise): (N, 4, 2)."""
    cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
    along = boxes_cxcywh[:, 2:3] / 2 * np.concatenate((cos, sin), axis=1)
    across = boxes_cxcywh[:, 3:4] / 2 * np.concatenate((-sin, cos), axis=1)
    arms = (along + across, along - across, -along - across, across - along)
    return np.stack([boxes_cxcywh[:, :2] + arm for arm in arms], axis=1)


def _quadrangles(corners: Array, kept: Predictions) -> list[Shape]:
    return [Shape(polygon=tuple(map(tuple, corners[row].tolist()))) for row in kept.sources]


def _outlines(coefficients: Array, prototypes: Array, letterbox: Letterbox, kept: Predictions) -> list[Shape]:
    """Return the outline of each object. Its mask's logits are its coefficients times the prototypes."""
    height, width = letterbox.canvas_size
    covers = letterbox.boxes_to_image(np.array([[0, 0, width, height]], np.float32))[0].tolist()
    return [
        Shape(polygon=outline(np.tensordot(coefficients[row], prototypes, 1), covers, box))
        for row, box in zip(kept.sources, kept.boxes_xyxy.tolist(), strict=True)
    ]


def _keypoints(points_xy: Array, seen: Array, names: Sequence[str], kept: Predictions) -> list[Shape]:
    return [
        Shape(
            keypoints=tuple(
                Keypoint(name, x, y, confidence)
                for name, (x, y), confidence in zip(names, points_xy[row].tolist(), seen[row].tolist(), strict=True)
            )
        )
        for row in kept.sources
    ]
