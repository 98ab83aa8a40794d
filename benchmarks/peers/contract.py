"""What a contestant offers, and what the peers share: letterbox before, boxes after."""

import os
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from api.models.darknet.cfg import read_cfg
from benchmarks.peers.letterbox import letterbox

Heads = list[NDArray[np.float32]]
THREADS = os.cpu_count() or 1
CONFIDENCE, IOU = 0.25, 0.45
GRID = 32  # pixels a side of the coarsest head's cell


class Contestant(Protocol):
    """A program that has loaded its model."""

    def detect(self, jpeg: bytes) -> int:
        """Go from a JPEG's bytes to detections, and return how many."""

    def use(self, image: NDArray[np.float32]) -> None:
        """Take this input, (1, 3, 416, 416) in 0..1, for the calls of `infer` that follow."""

    def infer(self) -> object:
        """Run the bare network on that input."""

    def raw(self) -> Heads:
        """Run it and return each head's raw output."""


class SquareContestant:
    """Letterbox with OpenCV, `heads_of`, decode with NumPy, OpenCV's NMS: as people write it.

    `canvas`: "square", the cfg's own, or "grid", the square less whole cells of grey, which is Pagesight's.
    """

    def __init__(self, cfg: Path, canvas: str = "square") -> None:
        cv2.setNumThreads(THREADS)
        self._size, self._anchors = read_heads(cfg)
        self._cell = GRID if canvas == "grid" else 0
        self._input = np.zeros((1, 3, *self._size), np.float32)

    def heads_of(self, blob: NDArray[np.float32]) -> Heads:
        """Run the network."""
        raise NotImplementedError

    def use(self, image: NDArray[np.float32]) -> None:
        """See Contestant."""
        self._input = image

    def infer(self) -> object:
        """See Contestant."""
        return self.heads_of(self._input)

    def raw(self) -> Heads:
        """See Contestant."""
        return [np.array(head, np.float32, copy=True) for head in self.heads_of(self._input)]

    def detect(self, jpeg: bytes) -> int:
        """See Contestant."""
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        boxed = letterbox(image, self._size, self._cell)
        heads = self.heads_of(cv2.dnn.blobFromImage(boxed.canvas, 1 / 255, swapRB=True))
        size = boxed.canvas.shape[:2]
        parts = [decode(head, anchors, size) for head, anchors in zip(heads, self._anchors, strict=True)]
        boxes, scores, classes = (np.concatenate(part) for part in zip(*parts, strict=True))
        boxes[:, :2] = (boxes[:, :2] - boxed.offset) * boxed.scale
        boxes[:, 2:] *= boxed.scale
        boxes[:, :2] -= boxes[:, 2:] / 2
        return len(cv2.dnn.NMSBoxesBatched(boxes, scores, classes, CONFIDENCE, IOU)) if len(scores) else 0


def read_heads(cfg: Path) -> tuple[tuple[int, int], list[NDArray[np.float32]]]:
    """Return the input's (height, width), and each head's anchors (N, 2) in pixels."""
    net, *sections = read_cfg(cfg)
    anchors = []
    for section in (section for section in sections if section.kind == "yolo"):
        sizes = np.array(section.numbers("anchors"), np.float32).reshape(-1, 2)
        anchors.append(sizes[list(section.integers("mask"))])
    return (net.integer("height"), net.integer("width")), anchors


def decode(
    head: NDArray[np.float32], anchors: NDArray[np.float32], canvas_size: tuple[int, int]
) -> tuple[NDArray[np.generic], ...]:
    """Return boxes (centre, size), scores and classes, computed only for cells whose objectness passes."""
    rows, columns = head.shape[2:]
    cells = head.reshape(len(anchors), -1, rows, columns)
    anchor, row, column = np.nonzero(cells[:, 4] > np.log(CONFIDENCE / (1 - CONFIDENCE)))
    passed = cells[anchor, :, row, column]
    scores = _sigmoid(passed[:, 4:5]) * _sigmoid(passed[:, 5:])
    number, class_ids = np.nonzero(scores > CONFIDENCE)
    passed, anchor, row, column = passed[number], anchor[number], row[number], column[number]
    stride = np.array([canvas_size[1] / columns, canvas_size[0] / rows], np.float32)
    centres = (_sigmoid(passed[:, :2]) + np.stack([column, row], axis=1)) * stride
    boxes = np.hstack([centres, np.exp(passed[:, 2:4]) * anchors[anchor]]).astype(np.float32)
    return boxes, scores[number, class_ids], class_ids.astype(np.int32)


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return 1 / (1 + np.exp(-values))
