"""The family "segmenter": one output with a score for each class at each point of a grid, or with class ids there."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.letterbox import Letterbox
from api.tasks.segmentation.class_map import map_ids, map_scores
from api.tasks.segmentation.types import ClassMap, Segment, SegmentationOptions, Segments
from api.tasks.task import Decode

FAMILY = "segmenter"
BACKGROUND = "background"
BAND = 256  # rows whose pixels are counted at once


class Layout(StrEnum):
    """Scores (1, classes, h, w), scores (1, h, w, classes), or class ids: (1, h, w), (1, 1, h, w) or (1, h, w, 1)."""

    CHANNELS_FIRST = "nchw"
    CHANNELS_LAST = "nhwc"
    CLASS_IDS = "ids"


def make_decode(output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card whose `output` has the `name` of the output and its `layout`.

    `background` is that class's id; if it is absent, the id of the label "background", if there is one.
    """
    background = output.get("background", labels.index(BACKGROUND) if BACKGROUND in labels else None)
    layout = Layout(output["layout"])
    return partial(decode_segments, name=output["name"], layout=layout, background=background, labels=labels)


def decode_segments(
    outputs: Mapping[str, NDArray[Any]],
    letterbox: Letterbox,
    _options: SegmentationOptions,
    *,
    name: str,
    layout: Layout,
    background: int | None,
    labels: Sequence[str],
) -> Segments:
    """Return the class of each pixel of the image. Scores may be logits or probabilities."""
    grid = outputs[name][0]
    dtype = np.uint8 if len(labels) <= 256 else np.uint16
    if layout is Layout.CLASS_IDS:
        ids = grid if grid.ndim == 2 else grid.squeeze(0 if grid.shape[0] == 1 else 2)
        class_map = map_ids(ids, letterbox, dtype)
    else:
        scores = grid if layout is Layout.CHANNELS_FIRST else np.ascontiguousarray(grid.transpose(2, 0, 1))
        class_map = map_scores(scores, letterbox, dtype)
    return Segments(class_map, find_segments(class_map, labels), background)


def find_segments(class_map: ClassMap, labels: Sequence[str]) -> list[Segment]:
    """Return the classes that are in a class map, the largest first."""
    size = np.iinfo(class_map.dtype).max + 1
    counts = np.zeros(size, np.int64)
    for start in range(0, len(class_map), BAND):
        counts += np.bincount(class_map[start : start + BAND].ravel(), minlength=size)
    present = sorted(counts.nonzero()[0].tolist(), key=lambda class_id: -counts[class_id])
    return [
        Segment(
            labels[class_id] if class_id < len(labels) else f"class {class_id}",
            class_id,
            float(counts[class_id] / class_map.size),
        )
        for class_id in present
    ]
