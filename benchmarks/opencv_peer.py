"""OpenCV's DNN on the same cfg and weights, as one uses it: letterbox (or stretch), blob, `[yolo]` rows, NMSBoxes."""

import tempfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from api.models.card import Fit
from api.models.darknet.cfg import Section, read_cfg
from api.tasks.detection.types import Box, Detection, DetectionOptions
from benchmarks.peers.letterbox import letterbox, stretch


class OpenCvDetector:
    """`detect` like `api.models.model.Model.run`."""

    name = f"OpenCV {cv2.__version__} DNN"

    def __init__(
        self, cfg: Path, weights: Path, labels: tuple[str, ...], *, confidence: float, fit: Fit = Fit.LETTERBOX
    ) -> None:
        sections = read_cfg(cfg)
        net = sections[0]
        self._canvas = (net.integer("height"), net.integer("width"))
        self._labels = labels
        self._place = stretch if fit is Fit.STRETCH else letterbox
        with tempfile.TemporaryDirectory() as folder:
            # Its region layer drops scores up to 0.2 unless the cfg says otherwise.
            lowered = Path(folder) / cfg.name
            lowered.write_text(_with_threshold(sections, confidence))
            self._network = cv2.dnn.readNetFromDarknet(str(lowered), str(weights))
        self._outputs = self._network.getUnconnectedOutLayersNames()
        heads = [index for index, section in enumerate(sections[1:]) if section.kind == "yolo"]
        self._raw_outputs = [f"conv_{index - 1}" for index in heads]

    def detect(self, image: NDArray[np.uint8], options: DetectionOptions) -> list[Detection]:
        """Find objects in an image (HWC uint8 RGB); boxes may reach out of it, as OpenCV gives them."""
        boxed = self._place(image, self._canvas)
        rows = np.concatenate(self.run(cv2.dnn.blobFromImage(boxed.canvas, 1 / 255)))
        row, class_id = np.nonzero(rows[:, 5:] >= options.confidence)
        if not len(row):
            return []
        scores = rows[row, 5 + class_id]
        size = np.array([self._canvas[1], self._canvas[0]])
        centre = (rows[row, :2] * size - boxed.offset) * boxed.scale
        extent = rows[row, 2:4] * size * boxed.scale
        corner = centre - extent / 2
        boxes_xywh = np.hstack([corner, extent])
        kept = cv2.dnn.NMSBoxesBatched(boxes_xywh, scores, class_id, options.confidence, options.iou)
        best = sorted(kept, key=lambda index: -scores[index])[: options.max_detections]
        return [
            Detection(
                self._labels[class_id[index]], int(class_id[index]), float(scores[index]),
                Box(*corner[index].tolist(), *(corner[index] + extent[index]).tolist()),
            )
            for index in best
        ]  # fmt: skip

    def run(self, blob: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Return the decoded rows of each head for an input (1, 3, H, W) in 0..1."""
        self._network.setInput(blob)
        return list(self._network.forward(self._outputs))

    def run_raw(self, blob: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Return the raw output of each head, in cfg order."""
        self._network.setInput(blob)
        return list(self._network.forward(self._raw_outputs))


def _with_threshold(sections: list[Section], confidence: float) -> str:
    lines = []
    for section in sections:
        lines.append(f"[{section.kind}]")
        values = {**section.values, **({"thresh": str(confidence)} if section.kind == "yolo" else {})}
        lines += [f"{key}={value}" for key, value in values.items()]
    return "\n".join(lines) + "\n"
