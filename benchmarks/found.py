"""What a program has found in a photograph, in the form that COCO's measures read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as masks

from api.tasks.detection.types import Detection

Rle = Mapping[str, Any]  # COCO's run lengths: `size` (height, width) and `counts`


@dataclass(frozen=True, slots=True)
class Point:
    """A key point, in pixels of the photograph."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Found:
    """One object. `mask` and `points` of programs that give them; None of one that does: the mask is empty."""

    class_id: int
    confidence: float
    box_xyxy: tuple[float, float, float, float]
    mask: Rle | None = None
    points: tuple[Point, ...] = ()


def from_detections(detections: Sequence[Detection], image_size: tuple[int, int]) -> list[Found]:
    """Return what a model found in a photograph of (height, width)."""
    return [
        Found(
            one.class_id,
            one.confidence,
            (one.box.x1, one.box.y1, one.box.x2, one.box.y2),
            encode_polygon(one.polygon, image_size) if one.polygon else None,
            tuple(Point(point.name, point.x, point.y) for point in one.keypoints),
        )
        for one in detections
    ]


def encode_polygon(polygon: Sequence[tuple[float, float]], image_size: tuple[int, int]) -> Rle:
    """Return the mask of what a polygon surrounds."""
    rle: Rle = masks.merge(masks.frPyObjects([[side for point in polygon for side in point]], *image_size))
    return rle


def encode_mask(mask: NDArray[np.bool_]) -> Rle:
    """Return a mask (height, width) in COCO's form."""
    rle: Rle = masks.encode(np.asfortranarray(mask, np.uint8))
    return rle
