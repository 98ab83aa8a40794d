"""From boxes on a network's canvas to detections in the image: the same for every family of detectors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.types import (
    CANDIDATE_CONFIDENCE,
    MAX_CANDIDATES,
    Box,
    Detection,
    DetectionOptions,
    Detections,
)
from api.tasks.letterbox import Letterbox

# More than any picture needs; few enough that suppression stays quick if a caller asks for confidence 0.
MAX_PREDICTIONS = 5_000


@dataclass(frozen=True, slots=True)
class Predictions:
    """Boxes with one class each."""

    boxes_xyxy: NDArray[np.float32]  # (N, 4)
    confidences: NDArray[np.float32]  # (N,), 0..1
    class_ids: NDArray[np.int64]  # (N,)

    def __len__(self) -> int:
        return len(self.confidences)

    def __getitem__(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> "Predictions":
        return Predictions(self.boxes_xyxy[index], self.confidences[index], self.class_ids[index])

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


def finish(
    on_canvas: Predictions, letterbox: Letterbox, options: DetectionOptions, labels: Sequence[str]
) -> Detections:
    """Turn predictions in pixels of the canvas into detections in pixels of the image."""
    in_image = replace(on_canvas, boxes_xyxy=letterbox.boxes_to_image(on_canvas.boxes_xyxy))
    predictions = clip(in_image.best(), letterbox.image_size)
    confident = predictions[predictions.confidences >= options.confidence]
    kept = _name(suppress(confident, iou=options.iou, max_detections=options.max_detections), labels)
    if not options.candidates:
        return Detections(kept)
    candidates = predictions[predictions.confidences >= CANDIDATE_CONFIDENCE]
    return Detections(kept, _name(candidates[:MAX_CANDIDATES], labels))


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


def _name(predictions: Predictions, labels: Sequence[str]) -> list[Detection]:
    """Return the predictions as values, with their labels."""
    boxes, confidences = predictions.boxes_xyxy.tolist(), predictions.confidences.tolist()
    return [
        Detection(labels[class_id], class_id, confidence, Box(*box))
        for box, confidence, class_id in zip(boxes, confidences, predictions.class_ids.tolist(), strict=True)
    ]
