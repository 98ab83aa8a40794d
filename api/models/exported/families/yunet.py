"""YuNet, the face detector of https://github.com/opencv/opencv_zoo, `models/face_detection_yunet`.

Source: https://github.com/ShiqiYu/libfacedetection.train; "YuNet: A Tiny Millisecond-level Face Detector", 2023. Its
twelve outputs, four for each of three strides, name it. The file names 640 x 640, but takes all multiples of 32.

It finds faces of about 10 to 300 pixels on the input, says OpenCV's documentation of it. An image is fitted into
640 x 640, the size that it was trained at: so a face is found from a 64th of the image's longer side to half of it, a
portrait as well as a group. For a crowd write `size = [1280, 1280]` under [input] in NAME.toml.
"""

from collections.abc import Mapping
from typing import Any

from api.models.card import Colour, Fit, InputSpec, Sampling
from api.models.errors import ModelError
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts
from api.tasks.detection import yunet

FAMILY = yunet.FAMILY
OUTPUT_KEYS = ()

NAMES = {f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in yunet.STRIDES}


def recognise(facts: Facts) -> Draft | None:
    """Return how the file is read if it has YuNet's outputs."""
    return draft(facts, {}) if _is_yunet(facts) else None


def draft(facts: Facts, _output: Mapping[str, Any]) -> Draft:
    """Return how the file is read."""
    if not _is_yunet(facts):
        raise ModelError(f"{facts.file} is no YuNet: its outputs are {facts.describe_outputs()}")
    height, width = facts.size
    return Draft(
        task="detection",
        family=FAMILY,
        classes=1,
        labels=("face",),
        input=InputSpec(
            size=(height or 640, width or 640),
            resize=Fit.TOP_LEFT,
            sampling=Sampling.BILINEAR,
            cell=max(yunet.STRIDES),
            colour=Colour.BGR,
            scale=1.0,
            pad=0,
        ),
        frees_size=True,
        licence="MIT",
        reasons={
            "family": "it has YuNet's outputs",
            "labels": "YuNet finds faces",
            "licence": "OpenCV's model zoo says so of its own YuNet",
        },
    )


def suggest(_facts: Facts) -> str | None:
    """Return None: a YuNet is always recognised."""
    return None


def _is_yunet(facts: Facts) -> bool:
    return {port.name for port in facts.outputs} == NAMES
