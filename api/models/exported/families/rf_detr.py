"""RF-DETR, as `export` of https://github.com/roboflow/rf-detr writes it, with and without its description.

Outputs: `dets` (1, queries, 4), `labels` (1, queries, classes), logits, and `masks` of a network that segments. These
names and shapes are no other exporter's: MMDeploy's `dets` has five columns. Newer exports hold a description in the
metadata `rfdetr_inference` (`src/rfdetr/export/_runtime/metadata.py`); it is believed.

Without it, 91 classes are COCO's ids, as the released weights have them. Weights of other data have a class for each
label and one more, which the network never means. If that is otherwise, `class_ids` under [output] says how.

An image is stretched without antialiasing, as `predict` does it.
"""

import json
from collections.abc import Mapping
from typing import Any

from api.models.card import Fit, InputSpec, Sampling
from api.models.errors import ModelError
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts
from api.models.exported.families.output_keys import read_class_ids
from api.tasks.detection import detr
from api.tasks.detection.coco import COCO_IDS

FAMILY = "rf-detr"
OUTPUT_KEYS = ("class_ids",)

DESCRIPTION = "rfdetr_inference"
COCO_CLASSES = 91
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def recognise(facts: Facts) -> Draft | None:
    """Return how the file is read if it has RF-DETR's description, or its outputs."""
    return draft(facts, {}) if DESCRIPTION in facts.metadata or _classes(facts) else None


def draft(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return how the file is read."""
    classes = _classes(facts)
    if DESCRIPTION in facts.metadata:
        return _read_description(facts, output)
    if classes is None:
        raise ModelError(f"{facts.file} is no RF-DETR that detects or segments: it has {facts.describe_outputs()}")
    class_ids, why = read_class_ids(output), "NAME.toml says so"
    if class_ids is None and classes == COCO_CLASSES:
        class_ids, why = list(COCO_IDS), f"{classes} classes are COCO's ids"
    elif class_ids is None:
        class_ids, why = list(range(classes - 1)), "RF-DETR has a class more than labels"
    names = {"boxes": "dets", "logits": "labels", **({"masks": "masks"} if facts.output("masks") else {})}
    return _draft(facts, names, class_ids, reasons={"family": "it has RF-DETR's outputs", "output.class_ids": why})


def suggest(_facts: Facts) -> str | None:
    """Return None: an RF-DETR is always recognised."""
    return None


def _classes(facts: Facts) -> int | None:
    """Return how many logits a query has, if the outputs are RF-DETR's."""
    boxes, logits = facts.output("dets"), facts.output("labels")
    others = {port.name for port in facts.outputs} - {"dets", "labels", "masks"}
    if not boxes or not logits or others or not boxes.shape or not logits.shape:
        return None
    is_set = len(boxes.shape) == len(logits.shape) == 3 and boxes.shape[2] == 4
    return logits.shape[2] if is_set and logits.dtype.startswith("float") else None


def _read_description(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return what the file says of itself, version 1 of it."""
    try:
        said = json.loads(facts.metadata[DESCRIPTION])
        if said["schema_version"] != 1 or said["task"] not in ("detect", "segment"):
            raise ModelError(
                f"{facts.file} says that it does {said['task']!r}, in version {said['schema_version']} of RF-DETR's"
                " description; 'detect' and 'segment' of version 1 are read here"
            )
        numbered = {int(number): str(name) for number, name in said.get("class_id_to_name", {}).items()}
        labels = numbered or dict(enumerate(map(str, said["class_names"])))
        parts = {"boxes": "pred_boxes", "logits": "pred_logits"}
        parts |= {"masks": "pred_masks"} if said["task"] == "segment" else {}
        names = {part: str(said["outputs"][key]) for part, key in parts.items()}
        (red, green, blue), (red_std, green_std, blue_std) = said["means"], said["stds"]
        spread = (float(red_std), float(green_std), float(blue_std))
        mean = (float(red), float(green), float(blue))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ModelError(f"{facts.file}: its metadata {DESCRIPTION} is not RF-DETR's description: {error!r}") from error
    missing = [name for name in names.values() if not facts.output(name)]
    if missing or not labels or min(spread) <= 0:
        raise ModelError(f"{facts.file}: its metadata {DESCRIPTION} does not fit: it has {facts.describe_outputs()}")
    why = f"the file's metadata {DESCRIPTION}"
    class_ids = read_class_ids(output) or list(labels)
    return _draft(
        facts,
        names,
        class_ids,
        labels=tuple(labels.values()),
        mean=mean,
        std=spread,
        reasons=dict.fromkeys(("family", "labels", "input", "output.class_ids"), why),
    )


def _draft(
    facts: Facts,
    names: Mapping[str, str],
    class_ids: list[int],
    *,
    reasons: Mapping[str, str],
    labels: tuple[str, ...] = (),
    mean: tuple[float, float, float] = MEAN,
    std: tuple[float, float, float] = STD,
) -> Draft:
    height, width = facts.size
    return Draft(
        task="detection",
        family=detr.FAMILY,
        classes=len(class_ids),
        labels=labels,
        input=InputSpec(
            size=(height or 0, width or 0), resize=Fit.STRETCH, sampling=Sampling.BILINEAR, mean=mean, std=std
        ),
        output={**names, "activation": detr.SIGMOID, "class_ids": class_ids},
        reasons=reasons,
    )
