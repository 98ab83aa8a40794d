"""From boxes on a network's canvas to detections in the image: the same for every family of detectors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.blur import find_blurred_classes, find_regions
from api.tasks.detection.types import (
    BLUR_CONFIDENCE,
    CANDIDATE_CONFIDENCE,
    MAX_CANDIDATES,
    Blur,
    Box,
    Detection,
    DetectionOptions,
    Detections,
    Keypoint,
)
from api.tasks.letterbox import Letterbox

# More than any picture needs; few enough that suppression stays quick if a caller asks for confidence 0.
MAX_PREDICTIONS = 5_000


@dataclass(frozen=True, slots=True)
class Predictions:
    """Boxes with one class each. `rows` says where each comes from in the network's outputs, if a family needs that."""

    boxes_xyxy: NDArray[np.float32]  # (N, 4)
    confidences: NDArray[np.float32]  # (N,), 0..1
    class_ids: NDArray[np.int64]  # (N,)
    rows: NDArray[np.int64] | None = None  # (N,)

    def __len__(self) -> int:
        return len(self.confidences)

    def __getitem__(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> "Predictions":
        rows = None if self.rows is None else self.rows[index]
        return Predictions(self.boxes_xyxy[index], self.confidences[index], self.class_ids[index], rows)

    @property
    def sources(self) -> list[int]:
        """`rows`, of a family that sets them."""
        return [] if self.rows is None else self.rows.tolist()

    @classmethod
    def join(cls, parts: Sequence["Predictions"]) -> "Predictions":
        """Return all of them, one part after the other."""
        return cls(
            np.concatenate([part.boxes_xyxy for part in parts]),
            np.concatenate([part.confidences for part in parts]),
            np.concatenate([part.class_ids for part in parts]),
        )

    def best(self, count: int = MAX_PREDICTIONS) -> "Predictions":
        """Return the most confident first, at most `count`."""
        return self[np.argsort(-self.confidences, kind="stable")[:count]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What some families know of an object besides its box, in pixels of the image."""

    polygon: tuple[tuple[float, float], ...] = ()
    keypoints: tuple[Keypoint, ...] = ()


FindShapes = Callable[[Predictions], Sequence[Shape]]  # the detections (boxes in pixels of the image) to a shape each


def finish(
    on_canvas: Predictions,
    letterbox: Letterbox,
    options: DetectionOptions,
    labels: Sequence[str],
    *,
    suppresses: bool = True,
    find_shapes: FindShapes | None = None,
) -> Detections:
    """Turn predictions in pixels of the canvas into detections in pixels of the image.

    `suppresses` False: the network has suppressed already, or needs no suppression. `find_shapes` is asked only for
    what is kept; candidates have no shapes.
    """
    in_image = replace(on_canvas, boxes_xyxy=letterbox.boxes_to_image(on_canvas.boxes_xyxy))
    predictions = clip(in_image.best(), letterbox.image_size)
    choose = partial(suppress, iou=options.iou) if suppresses else _first
    confident = predictions[predictions.confidences >= options.confidence]
    kept = choose(confident, max_detections=options.max_detections)
    detections = _name(kept, labels)
    if find_shapes:
        shapes = find_shapes(kept)
        detections = [
            replace(one, polygon=shape.polygon, keypoints=shape.keypoints)
            for one, shape in zip(detections, shapes, strict=True)
        ]
    candidates = predictions[predictions.confidences >= CANDIDATE_CONFIDENCE]
    return Detections(
        detections,
        _name(candidates[:MAX_CANDIDATES], labels) if options.candidates else [],
        _find_blur(predictions, options, labels, letterbox.image_size) if options.blur else None,
    )


def _find_blur(
    predictions: Predictions, options: DetectionOptions, labels: Sequence[str], image_size: tuple[int, int]
) -> Blur:
    """Return what is to be blurred, of all predictions that were not suppressed yet."""
    class_ids = find_blurred_classes(options.blur, labels)
    lowest = min(options.confidence, BLUR_CONFIDENCE)
    chosen = np.isin(predictions.class_ids, class_ids) & (predictions.confidences >= lowest)
    return Blur(class_ids, find_regions(predictions.boxes_xyxy[chosen], image_size))


def clip(predictions: Predictions, image_size: tuple[int, int]) -> Predictions:
    """Cut boxes off at the border of the image of (height, width); drop those wholly outside.

    This comes before suppression, so that a page that has the candidates can repeat the same suppression.
    """
    height, width = image_size
    boxes = predictions.boxes_xyxy.clip(0, np.array([width, height, width, height], np.float32))
    inside = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
    return replace(predictions, boxes_xyxy=boxes)[inside]


def suppress(predictions: Predictions, *, iou: float, max_detections: int) -> Predictions:
    """Return the predictions that no more confident one of their class overlaps by more than `iou`."""
    if not len(predictions):
        return predictions
    rectangles = predictions.boxes_xyxy.astype(np.float64)
    rectangles[:, 2:] -= rectangles[:, :2]  # x, y, width, height
    kept = cv2.dnn.NMSBoxesBatched(
        rectangles,  # type: ignore[arg-type] # an array is a sequence of boxes, too
        predictions.confidences,  # type: ignore[arg-type]
        predictions.class_ids.astype(np.int32),  # type: ignore[arg-type]
        -1.0,  # every confidence has passed already
        iou,
    )
    return predictions[np.asarray(kept, np.intp)[:max_detections]]


def _first(predictions: Predictions, *, max_detections: int) -> Predictions:
    return predictions[:max_detections]


def _name(predictions: Predictions, labels: Sequence[str]) -> list[Detection]:
    """Return the predictions as values, with their labels."""
    boxes, confidences = predictions.boxes_xyxy.tolist(), predictions.confidences.tolist()
    return [
        Detection(labels[class_id], class_id, confidence, Box(*box))
        for box, confidence, class_id in zip(boxes, confidences, predictions.class_ids.tolist(), strict=True)
    ]
