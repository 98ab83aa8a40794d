"""RT-DETR (1 and 2), D-FINE, DEIM and their kin, as their `tools/.../export_onnx.py` write them.

Sources: https://github.com/lyuwenyu/RT-DETR, https://github.com/Peterande/D-FINE, https://github.com/ShihuaHuang95/DEIM.

Inputs `images` and `orig_target_sizes`, outputs `labels`, `boxes`, `scores`: the second input names them all. The
network multiplies boxes, which are shares of its square, by (width, height) in that input. It is filled in as (1, 1):
then they stay shares, whatever the size, and in a program that had swapped the two.

An image is stretched by Pillow's bilinear filter and not normalised. DEIMv2 with a DINOv3 backbone normalises by
ImageNet's mean and std; no file tells: the owner of one writes it under [input]. Nor does one tell its labels.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from api.models.card import Fit, InputSpec, Sampling
from api.models.errors import ModelError
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts
from api.models.exported.families.output_keys import read_class_ids
from api.tasks.detection import boxes

FAMILY = "rt-detr"
OUTPUT_KEYS = ("class_ids",)

SIZES = "orig_target_sizes"
NAMES = {"boxes": "boxes", "classes": "labels", "scores": "scores"}


def recognise(facts: Facts) -> Draft | None:
    """Return how the file is read if it asks for the images' own sizes."""
    return draft(facts, {}) if _is_one(facts) else None


def draft(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return how the file is read."""
    if not _is_one(facts):
        raise ModelError(
            f"{facts.file} is no RT-DETR with its postprocessor: that has an input {SIZES}, and the outputs labels,"
            f" boxes and scores; this has {facts.describe_outputs()}"
        )
    class_ids = read_class_ids(output)
    height, width = facts.size
    return Draft(
        task="detection",
        family=boxes.FAMILY,
        classes=len(class_ids) if class_ids else None,
        input=InputSpec(size=(height or 640, width or 640), resize=Fit.STRETCH, sampling=Sampling.ANTIALIAS),
        output={**NAMES, "order": "xyxy", "normalised": True, **({"class_ids": class_ids} if class_ids else {})},
        constants={SIZES: np.ones((1, 2), np.int64)},
        reasons={
            "family": f"it has the input {SIZES}",
            "input": "so RT-DETR, D-FINE and DEIM prepare images; a DEIMv2 with DINOv3 needs mean and std",
        },
    )


def suggest(_facts: Facts) -> str | None:
    """Return None: such a file is always recognised."""
    return None


def _is_one(facts: Facts) -> bool:
    inputs, outputs = {port.name for port in facts.inputs}, {port.name for port in facts.outputs}
    return SIZES in inputs and outputs >= set(NAMES.values())
