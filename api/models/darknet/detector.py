"""The one door for users of the detector: load once, then image in, detections out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.models.darknet.files import ModelFiles
from api.models.darknet.network import Network, read_network
from api.models.engines.options import Canvas, RunOptions
from api.models.engines.runtime import Runtime
from api.models.errors import ModelError
from api.tasks.detection.postprocess import Predictions, clip, decode_heads, suppress
from api.tasks.detection.types import Box, Detection, Thresholds
from api.tasks.letterbox import Letterbox

CANDIDATE_CONFIDENCE = 0.05
MAX_CANDIDATES = 1_000
USUAL_SHAPES = ((1, 1), (3, 4), (4, 3), (2, 3), (3, 2), (9, 16), (16, 9))  # (height, width) of photographs


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one image. `candidates` is what stood before suppression, and only filled when asked for."""

    detections: list[Detection]
    candidates: list[Detection] = field(default_factory=list)


class Detector:
    """A Darknet YOLO model, ready to run. `labels` has an entry for each class id."""

    def __init__(
        self, name: str, network: Network, labels: Sequence[str], *, runtime: Runtime, options: RunOptions
    ) -> None:
        self.name = name
        self.labels = tuple(labels)
        self.input_size = network.input_size
        self.options = options
        self._heads = network.heads
        self._stride = network.stride
        self.runtime = runtime

    @classmethod
    def load(cls, name: str, folder: Path, options: RunOptions | None = None) -> "Detector":
        """Read `name`'s cfg, weights and names in `folder` and warm up.

        Raises ModelError, also where the options' input size is no multiple of the network's stride.
        """
        options = options or RunOptions()
        files = ModelFiles(name, folder)
        network = read_network(files.cfg)
        network.input_size = _checked_input_size(network, options.input_size)
        labels = files.read_labels(network.classes)
        runtime = Runtime(network, files.weights, options)
        detector = cls(name, network, labels, runtime=runtime, options=options)
        runtime.warm_up([detector.letterbox(size).canvas_size for size in USUAL_SHAPES])
        return detector

    def letterbox(self, image_size: tuple[int, int]) -> Letterbox:
        """Return where an image of (height, width) lies in the network's input."""
        square = Letterbox.fit(image_size, self.input_size)
        match self.options.canvas:
            case Canvas.SQUARE:
                return square
            case Canvas.RECTANGLE:
                return square.shrink_wrap(self._stride)
            case Canvas.ALIGNED:
                return square.cut_to_grid(self._stride)

    def describe(self) -> str:
        """Say for a person how the network is run."""
        height, width = self.input_size
        return (
            f"input {width} x {height} as a {self.options.canvas}, {self.runtime.execution.description},"
            f" resize {self.options.resize}"
        )

    def detect(
        self,
        image: NDArray[np.uint8],
        thresholds: Thresholds | None = None,
        *,
        image_size: tuple[int, int] | None = None,
        with_candidates: bool = False,
    ) -> Found:
        """Find objects in an image (HWC uint8 RGB). Boxes are in its pixels, most confident first.

        Where `image` is itself a reduction, `image_size` (height, width) is that of the original, and boxes are in its.
        """
        thresholds = thresholds or Thresholds()
        letterbox = self.letterbox(image_size or (image.shape[0], image.shape[1]))
        outputs = self.runtime.run(letterbox.to_tensor(image, self.options.resize))
        floor = min(thresholds.confidence, CANDIDATE_CONFIDENCE) if with_candidates else thresholds.confidence
        on_canvas = decode_heads(outputs, self._heads, letterbox.canvas_size, confidence=floor)
        in_image = replace(on_canvas, boxes_xyxy=letterbox.boxes_to_image(on_canvas.boxes_xyxy))
        predictions = clip(in_image, letterbox.image_size)
        confident = predictions[predictions.confidences >= thresholds.confidence]
        kept = suppress(confident, iou=thresholds.iou, max_detections=thresholds.max_detections)
        if not with_candidates:
            return Found(self._name(kept))
        candidates = predictions[predictions.confidences >= CANDIDATE_CONFIDENCE]
        return Found(self._name(kept), self._name(candidates[:MAX_CANDIDATES]))

    def _name(self, predictions: Predictions) -> list[Detection]:
        """Return the predictions as values, with their labels."""
        boxes, confidences = predictions.boxes_xyxy.tolist(), predictions.confidences.tolist()
        return [
            Detection(self.labels[class_id], class_id, confidence, Box(*box))
            for box, confidence, class_id in zip(boxes, confidences, predictions.class_ids.tolist(), strict=True)
        ]


def _checked_input_size(network: Network, input_size: int | None) -> tuple[int, int]:
    height, width = (input_size, input_size) if input_size else network.input_size
    if height % network.stride or width % network.stride:
        raise ModelError(f"an input of {width} x {height} does not fit: both must be multiples of {network.stride}")
    return height, width
