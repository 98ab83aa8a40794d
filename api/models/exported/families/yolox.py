"""YOLOX, as `tools/export_onnx.py` of https://github.com/Megvii-BaseDetection/YOLOX writes it, decoded or not.

One output (1, cells, 5 + classes). It is recognised by the exporter's own names, `images` and `output`, and by that
number of rows: YOLOv5 has three for each cell, YOLOv6 has other names. Other names than these the owner confirms.

Whether the boxes are decoded (`--decode_in_inference`) the graph itself says: decoding takes the exponential of sizes,
and nothing else in a YOLOX does so behind its last convolutions.

Weights from before YOLOX 0.2, OpenCV's model zoo has such, read RGB in 0..1 by ImageNet's mean and std. No file tells:
the owner of one writes it under [input].
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

NAMES = (["images"], ["output"])


def recognise(facts: Facts) -> Draft | None:
    """Return how the file is read if its names and its output's shape are YOLOX's."""
    names = [port.name for port in facts.inputs], [port.name for port in facts.outputs]
    return draft(facts, {}) if names == NAMES and _predictions(facts) else None


def draft(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return how the file is read."""
    shape = _predictions(facts)
    if shape is None:
        raise ModelError(f"{facts.file} is no YOLOX: its outputs are {facts.describe_outputs()}")
    decoded, why = output.get("decoded"), "NAME.toml says so"
    if decoded is None:
        decoded = "Exp" in facts.last_operations
        why = f"the graph {'takes' if decoded else 'does not take'} the exponential of the sizes itself"
    if not isinstance(decoded, bool):
        raise ModelError(f"{facts.file}: `[output] decoded` is {decoded!r}, and true or false is expected")
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
        output={"decoded": decoded},
        reasons={
            "family": "its input and output have YOLOX's names, and the output a row for each cell",
            "output.decoded": why,
            "input": "so YOLOX prepares images since version 0.2",
        },
    )


def suggest(facts: Facts) -> str | None:
    """Return the lines for NAME.toml if the output has a row for each cell."""
    return 'family = "yolox"' if _predictions(facts) else None


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
