"""The family "scored-boxes": a row for each place, with one box that is ready and a probability for each class."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.predictions import Predictions, finish
from api.tasks.detection.types import DetectionOptions, Detections
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "scored-boxes"


def make_decode(output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card whose `output` says which class is the `first` that has a column."""
    return partial(decode_scored_boxes, first=int(output["first"]), labels=labels)


def decode_scored_boxes(
    outputs: Mapping[str, NDArray[np.float32]],
    letterbox: Letterbox,
    options: DetectionOptions,
    *,
    first: int,
    labels: Sequence[str],
) -> Detections:
    """Return the detections in `boxes`, (places, 4) xyxy in pixels of the canvas, and `scores`, (places, classes)."""
    scores = outputs["scores"]
    place, column = (scores >= options.floor).nonzero()
    predictions = Predictions(outputs["boxes"][place], scores[place, column], column + first)
    return finish(predictions, letterbox, options, labels)
