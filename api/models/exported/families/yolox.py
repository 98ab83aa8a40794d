"""YOLOX, as `tools/export_onnx.py` of https://github.com/Megvii-BaseDetection/YOLOX writes it, decoded or not.

One output (1, cells, 5 + classes). Whether its boxes are decoded (`--decode_in_inference`) nothing in the file tells,
nor whether it is Ultralytics' YOLOv5, whose outputs have the same shape but for the number of cells.
"""

from collections.abc import Mapping
from typing import Any

from api.models.card import Colour, Fit, InputSpec, Sampling
from api.models.errors import ModelError
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts
from api.tasks.detection import yolox

FAMILY = yolox.FAMILY
OUTPUT_KEYS = ("decoded",)


def recognise(_facts: Facts) -> Draft | None:
    """Return None: the file does not say whether its boxes are decoded."""
    return None


def draft(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return how the file is read."""
    if not isinstance(output.get("decoded"), bool):
        raise ModelError(
            f"{facts.file}: the family yolox needs `[output] decoded`: false as its export is by default, true if it"
            " was exported with --decode_in_inference"
        )
    shape = _predictions(facts)
    if shape is None:
        raise ModelError(f"{facts.file} is no YOLOX: its outputs are {facts.describe_outputs()}")
    height, width = facts.size
    return Draft(
        task="detection",
        family=FAMILY,
        classes=shape[2] - 5,
        input=InputSpec(
            size=(height or 0, width or 0),
            resize=Fit.TOP_LEFT,
            sampling=Sampling.BILINEAR,
            colour=Colour.BGR,
            scale=1.0,
            pad=114,
        ),
        output={"decoded": output["decoded"]},
    )


def suggest(facts: Facts) -> str | None:
    """Return the lines for NAME.toml if the output has a row for each cell."""
    if _predictions(facts) is None:
        return None
    return 'family = "yolox"\n[output]\ndecoded = false  # true if it was exported with --decode_in_inference'


def _predictions(facts: Facts) -> tuple[int, int, int] | None:
    """Return the shape of the one output if it has as many rows as the input has cells."""
    shape = facts.outputs[0].shape
    height, width = facts.size
    if len(facts.outputs) != 1 or shape is None or len(shape) != 3 or not height or not width:
        return None
    cells = sum((height // stride) * (width // stride) for stride in yolox.STRIDES)
    if shape[1] != cells or shape[2] is None or shape[2] < 6:
        return None
    return 1, cells, shape[2]
