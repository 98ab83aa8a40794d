"""The family "yunet": for each cell of three strides, whether there is a face, its box and five points of it.

Source: https://github.com/opencv/opencv/blob/4.x/modules/objdetect/src/face_detect.cpp, which says the formulas.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.predictions import Predictions, Shape, finish
from api.tasks.detection.types import DetectionOptions, Detections, Keypoint
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "yunet"
STRIDES = (8, 16, 32)
POINTS = ("right_eye", "left_eye", "nose_tip", "right_mouth_corner", "left_mouth_corner")  # the person's right


def make_decode(_output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder; a card's `output` is empty."""
    return partial(decode_yunet, labels=labels)


def decode_yunet(
    outputs: Mapping[str, NDArray[np.float32]],
    letterbox: Letterbox,
    options: DetectionOptions,
    *,
    labels: Sequence[str],
) -> Detections:
    """Return the faces in `cls_S`, `obj_S` (1, cells, 1), `bbox_S` (1, cells, 4), `kps_S` (1, cells, 10).

    They are there for each stride S, row by row. A confidence is the root of class x objectness. Centres and points are
    relative to the cell, in strides; sizes are logarithms of strides. A point has its face's confidence.
    """
    parts = [_decode_stride(outputs, stride, letterbox.canvas_size, options.floor) for stride in STRIDES]
    boxes, confidences, points = (np.concatenate(column) for column in zip(*parts, strict=True))
    rows = np.arange(len(boxes))
    predictions = Predictions(boxes, confidences, np.zeros(len(boxes), np.int64), rows)
    in_image = letterbox.points_to_image(points)

    def find_shapes(kept: Predictions) -> list[Shape]:
        found = in_image[kept.sources].tolist()
        return [
            Shape(keypoints=tuple(Keypoint(name, x, y, seen) for name, (x, y) in zip(POINTS, face, strict=True)))
            for face, seen in zip(found, kept.confidences.tolist(), strict=True)
        ]

    return finish(predictions, letterbox, options, labels, find_shapes=find_shapes)


def _decode_stride(
    outputs: Mapping[str, NDArray[np.float32]], stride: int, canvas_size: tuple[int, int], floor: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return boxes (N, 4), confidences (N,) and points (N, 5, 2) of what reaches `floor`, in pixels of the canvas."""
    scores = np.sqrt(outputs[f"cls_{stride}"].clip(0, 1) * outputs[f"obj_{stride}"].clip(0, 1)).ravel()
    (cells,) = (scores >= floor).nonzero()
    corners = np.stack((cells % (canvas_size[1] // stride), cells // (canvas_size[1] // stride)), axis=1)
    box = outputs[f"bbox_{stride}"][0, cells]
    centres, sizes = (corners + box[:, :2]) * stride, np.exp(box[:, 2:]) * stride
    points = (outputs[f"kps_{stride}"][0, cells].reshape(-1, len(POINTS), 2) + corners[:, None]) * stride
    boxes = np.concatenate((centres - sizes / 2, centres + sizes / 2), axis=1)
    return boxes.astype(np.float32), scores[cells], points.astype(np.float32)
