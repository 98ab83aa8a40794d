"""Which key points a model finds, and which of them belong together: the lines of a skeleton."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.tasks.detection import yunet
from api.tasks.detection.coco import COCO_KEYPOINTS, COCO_SKELETON

SEEN_CONFIDENCE = 0.5  # a key point below it is not drawn


def find_skeleton(names: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return pairs of key points with a line between them; none for points that are not COCO's of a person."""
    return COCO_SKELETON if set(names) == set(COCO_KEYPOINTS) else ()


def tell_keypoints(family: str, output: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `keypoints` of a model and their `skeleton`, of a card's family and output; nothing if it has none."""
    names = yunet.POINTS if family == yunet.FAMILY else output.get("points") or output.get("keypoints") or ()
    return {"keypoints": names, "skeleton": find_skeleton(names)} if names else {}
