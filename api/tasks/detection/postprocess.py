"""From raw head outputs to boxes: decoding, threshold, per-class non-maximum suppression.

Decoding: YOLOv3 (https://arxiv.org/abs/1804.02767, section 2.1); `scale_x_y` and `new_coords` as in
https://github.com/AlexeyAB/darknet `src/yolo_layer.c`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from api.models.darknet.network import Head
from api.models.darknet.raw import RawOutput
from api.tasks.detection.nms import suppress_overlaps

# More than any picture needs, few enough that suppression stays quick when a caller asks for confidence 0.
MAX_PREDICTIONS = 5_000


@dataclass(frozen=True, slots=True)
class Predictions:
    """Boxes with one class each, most confident first."""

    boxes_xyxy: Tensor  # (N, 4) float32
    confidences: Tensor  # (N,) float32, 0..1
    class_ids: Tensor  # (N,) int64

    def __len__(self) -> int:
        return len(self.confidences)

    def __getitem__(self, index: Tensor | slice) -> "Predictions":
        return Predictions(self.boxes_xyxy[index], self.confidences[index], self.class_ids[index])


def decode_heads(
    outputs: Sequence[RawOutput], heads: Sequence[Head], canvas_size: tuple[int, int], *, confidence: float
) -> Predictions:
    """Return the predictions of at least `confidence` (the best 5,000), boxes in pixels of the canvas (height, width).

    Only cells whose objectness passes are looked at. As in Darknet a box counts once for each class that passes.
    """
    decoded = [_decode_head(raw, head, canvas_size, confidence) for raw, head in zip(outputs, heads, strict=True)]
    together = Predictions(*(torch.cat(parts) for parts in zip(*decoded, strict=True)))
    return together[together.confidences.argsort(descending=True, stable=True)[:MAX_PREDICTIONS]]


def suppress(predictions: Predictions, *, iou: float, max_detections: int) -> Predictions:
    """Return the predictions that no more confident one of their class overlaps by more than `iou`."""
    kept = suppress_overlaps(predictions.boxes_xyxy, predictions.confidences, predictions.class_ids, iou)
    return predictions[kept[:max_detections]]


def clip(predictions: Predictions, image_size: tuple[int, int]) -> Predictions:
    """Cut boxes off at the border of the image of (height, width); those wholly outside go.

    Before suppression, so that whoever has the candidates can do the same suppression again.
    """
    height, width = image_size
    boxes = predictions.boxes_xyxy.clone()
    boxes[:, 0::2].clamp_(0, width)
    boxes[:, 1::2].clamp_(0, height)
    inside = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
    return replace(predictions, boxes_xyxy=boxes)[inside]


def _decode_head(
    raw: RawOutput, head: Head, canvas_size: tuple[int, int], confidence: float
) -> tuple[Tensor, Tensor, Tensor]:
    objectness = raw.objectness() if head.new_coords else raw.objectness().sigmoid()
    rows, columns = objectness.shape[1:]
    anchor, row, column = (objectness >= confidence).nonzero(as_tuple=True)
    values = raw.at(anchor, row, column)  # (cells that pass, 5 + classes)
    if not head.new_coords:
        values[:, :2] = values[:, :2].sigmoid()
        values[:, 4:] = values[:, 4:].sigmoid()
    scores = values[:, 4:5] * values[:, 5:]
    cell, class_id = (scores >= confidence).nonzero(as_tuple=True)

    height, width = canvas_size
    shift = (head.scale_x_y - 1) / 2
    centre_x = (values[:, 0] * head.scale_x_y - shift + column) * (width / columns)
    centre_y = (values[:, 1] * head.scale_x_y - shift + row) * (height / rows)
    sizes = (values[:, 2:4] * 2).square() if head.new_coords else values[:, 2:4].exp()
    half = sizes * values.new_tensor(head.anchors)[anchor] / 2
    boxes = torch.stack(
        (centre_x - half[:, 0], centre_y - half[:, 1], centre_x + half[:, 0], centre_y + half[:, 1]), dim=1
    )
    return boxes[cell], scores[cell, class_id], class_id
