"""Exports with finished boxes: torchvision's detectors, TensorFlow's, the ONNX model zoo's SSD, and others by a word.

Sources: https://docs.pytorch.org/vision/stable/models.html, the detectors' "Returns"; `exporter_lib_v2.py` of
https://github.com/tensorflow/models/tree/master/research/object_detection; the README of `ssd` in
https://github.com/onnx/models. All three count classes from 1: 0 is the background. What is in no row of LAYOUTS is
read as the owner says under [output].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.models.card import Fit, InputSpec, Sampling
from api.models.errors import ModelError
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts
from api.models.exported.families.output_keys import read_class_ids, read_word
from api.tasks.detection import boxes
from api.tasks.detection.coco import COCO_KEYPOINTS

FAMILY = boxes.FAMILY
OUTPUT_KEYS = ("boxes", "classes", "scores", "order", "normalised", "first_class", "class_ids")


@dataclass(frozen=True, slots=True)
class Layout:
    """An exporter's outputs: the names and numbers of sides of boxes, classes and scores, and how they are meant."""

    exporter: str
    names: tuple[str, str, str]
    sides: tuple[int, int, int]
    order: str
    normalised: bool
    input: InputSpec


LAYOUTS = (
    Layout(
        "torchvision", ("boxes", "labels", "scores"), (2, 1, 1), "xyxy", normalised=False,
        input=InputSpec(size=(800, 800), resize=Fit.TOP_LEFT, sampling=Sampling.BILINEAR, pad=114),
    ),
    Layout(
        "TensorFlow", ("detection_boxes", "detection_classes", "detection_scores"), (3, 2, 2), "yxyx", normalised=True,
        input=InputSpec(size=(640, 640), resize=Fit.STRETCH, sampling=Sampling.BILINEAR, scale=1.0),
    ),
    Layout(
        "the ONNX model zoo's SSD", ("bboxes", "labels", "scores"), (3, 2, 2), "xyxy", normalised=True,
        input=InputSpec(
            size=(1200, 1200), resize=Fit.STRETCH, sampling=Sampling.ANTIALIAS,
            mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225),
        ),
    ),
)  # fmt: skip


def recognise(facts: Facts) -> Draft | None:
    """Return how the file is read if its outputs are those of one of the layouts."""
    if len(facts.inputs) != 1:
        return None
    return next((_draft(facts, layout, {}) for layout in LAYOUTS if _has(facts, layout)), None)


def draft(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return how the file is read: as the owner says, who may leave out what a layout says."""
    layout = next((layout for layout in LAYOUTS if _has(facts, layout)), None)
    if layout is None:
        names = tuple(str(output.get(part, "")) for part in ("boxes", "classes", "scores"))
        missing = [name for name in names if facts.output(name) is None]
        if missing:
            raise ModelError(
                f"{facts.file}: `boxes`, `classes` and `scores` under [output] must name outputs of it, which are:"
                f" {facts.describe_outputs()}"
            )
        spec = InputSpec(size=(640, 640), resize=Fit.STRETCH, sampling=Sampling.BILINEAR)
        order = read_word(output, "order", tuple(boxes.ORDERS))
        normalised = read_word(output, "normalised", (True, False))
        layout = Layout("NAME.toml", (names[0], names[1], names[2]), (0, 0, 0), order, normalised, spec)
    return _draft(facts, layout, output)


def suggest(facts: Facts) -> str | None:
    """Return the lines for NAME.toml if an output could be boxes."""
    found = [port.name for port in facts.outputs if port.shape and len(port.shape) in (2, 3) and port.shape[-1] == 4]
    if len(facts.outputs) < 3 or len(found) != 1:
        return None
    return (
        f'family = "boxes"\n[output]\nboxes = "{found[0]}"\nclasses = "..."\nscores = "..."  # one of each for a box\n'
        'order = "xyxy"  # or "yxyx"\nnormalised = false  # true: boxes are in 0..1, not in pixels of the input\n'
        "first_class = 0  # 1: class 0 is the background"
    )


def _has(facts: Facts, layout: Layout) -> bool:
    """Return whether the file has these outputs, with as many sides."""
    ports = [facts.output(name) for name in layout.names]
    return all(
        port is not None and (port.shape is None or len(port.shape) == sides)
        for port, sides in zip(ports, layout.sides, strict=True)
    )


def _draft(facts: Facts, layout: Layout, output: Mapping[str, Any]) -> Draft:
    class_ids, first = read_class_ids(output), output.get("first_class", int(layout.exporter != "NAME.toml"))
    if type(first) is not int or first not in (0, 1):
        raise ModelError(f"`[output] first_class` is {first!r}, and 0 or 1 is expected")
    reads = dict(zip(("boxes", "classes", "scores"), layout.names, strict=True))
    shapes: dict[str, Any] = {}
    if layout.exporter == "torchvision":
        shapes = {name: name for name in ("masks", "keypoints") if facts.output(name)}
        shapes |= {"points": COCO_KEYPOINTS} if "keypoints" in shapes else {}
    height, width = facts.size
    spec = layout.input
    return Draft(
        task="detection",
        family=FAMILY,
        classes=len(class_ids) if class_ids else None,
        input=InputSpec(
            size=(height or spec.size[0], width or spec.size[1]), resize=spec.resize, sampling=spec.sampling,
            scale=spec.scale, mean=spec.mean, std=spec.std, pad=spec.pad,
        ),
        output={
            **reads, **shapes, "order": layout.order, "normalised": layout.normalised, "first_class": first,
            **({"class_ids": class_ids} if class_ids else {}),
        },
        reasons={"family": f"its outputs are those of {layout.exporter}"},
    )  # fmt: skip
