"""Regions of a picture that are made unrecognisable: which ones, and how.

A region becomes a few blocks, each of the mean colour of what was there, in coarse steps. So few that nothing else is
left of it, however large it was: a Gaussian blur, or many small blocks, can be undone or matched ("Defeating Image
Obfuscation with Deep Learning", 2016). One region too many is better than one too few: so a lower confidence suffices
than for a detection, and neither `max_detections` nor `iou` leave one out.
"""

from collections.abc import Iterator, Sequence
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray

from api.errors import BadRequest
from api.tasks.detection.types import Box, Detection, DetectionOptions

EVERYTHING = "all"
PEOPLE = {"people": "person"}  # the plural that people write
SAME_OBJECT_IOU = 0.45  # boxes that overlap by as much have one region
MARGIN = 0.15  # of a region's width and height, on each side
BLOCKS = 4  # along a region's longer side
SMALLEST_BLOCK = 4  # in pixels
COARSE = 32  # how far a block's possible levels of red, green and blue are apart

SHOWN_LABELS = 10


def check_blur(options: DetectionOptions, labels: Sequence[str]) -> None:
    """Raise BadRequest if something is to be blurred which a model with these labels does not find."""
    for name in options.blur:
        if not any(_means(name, label) for label in labels):
            more = " and others (/v1/labels has them all)" if len(labels) > SHOWN_LABELS else ""
            raise BadRequest(
                f"The field `blur` says {name[:40]!r}, and this model does not find that. It finds:"
                f" {', '.join(labels[:SHOWN_LABELS])}{more}; `{EVERYTHING}` blurs all of it."
            )


def find_blurred_classes(names: Sequence[str], labels: Sequence[str]) -> list[int]:
    """Return the ids of the classes that `names` mean."""
    return [class_id for class_id, label in enumerate(labels) if any(_means(name, label) for name in names)]


def _means(name: str, label: str) -> bool:
    """Return whether a name is a label's, or its plural."""
    name, label = name.casefold(), label.casefold()
    return name in (EVERYTHING, label, f"{label}s", f"{label}es") or PEOPLE.get(name) == label


def find_regions(boxes_xyxy: NDArray[np.float32], image_size: tuple[int, int]) -> list[Box]:
    """Return regions of whole pixels, margins included, that cover all boxes (N, 4), the most confident first."""
    return [_with_margin(same, image_size) for same in _of_one_object(boxes_xyxy)]


def _of_one_object(boxes_xyxy: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Yield the boxes of each object."""
    while len(boxes_xyxy):
        low = np.maximum(boxes_xyxy[0, :2], boxes_xyxy[:, :2])
        high = np.minimum(boxes_xyxy[0, 2:], boxes_xyxy[:, 2:])
        common = (high - low).clip(0).prod(axis=1)
        areas = (boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]).prod(axis=1)
        is_same = common >= SAME_OBJECT_IOU * (areas[0] + areas - common)
        is_same[0] = True
        yield boxes_xyxy[is_same]
        boxes_xyxy = boxes_xyxy[~is_same]


def _with_margin(boxes_xyxy: NDArray[np.float32], image_size: tuple[int, int]) -> Box:
    height, width = image_size
    (x1, y1), (x2, y2) = boxes_xyxy[:, :2].min(axis=0).tolist(), boxes_xyxy[:, 2:].max(axis=0).tolist()
    across, down = MARGIN * (x2 - x1), MARGIN * (y2 - y1)
    return Box(
        max(0, floor(x1 - across)),
        max(0, floor(y1 - down)),
        min(width, ceil(x2 + across)),
        min(height, ceil(y2 + down)),
    )


def blur_region(picture: NDArray[np.uint8], region: Box) -> None:
    """Replace a region of the picture (HWC uint8 RGB) by its blocks."""
    part = picture[int(region.y1) : int(region.y2), int(region.x1) : int(region.x2)]
    height, width = part.shape[:2]
    block = max(SMALLEST_BLOCK, max(height, width) / BLOCKS)
    count = max(1, round(width / block)), max(1, round(height / block))
    means = cv2.resize(part, count, interpolation=cv2.INTER_AREA)
    coarse = np.asarray(means, np.uint8) // COARSE * COARSE + COARSE // 2
    part[:] = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST)


def without_blurred(detections: Sequence[Detection], classes: Sequence[int]) -> list[Detection]:
    """Return the detections of other classes: a box, and even more a key point, would say where an eye is."""
    return [one for one in detections if one.class_id not in classes]
