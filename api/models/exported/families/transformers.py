"""DETR and its kin, as Hugging Face's Optimum exports them: `logits` and `pred_boxes`.

Source: https://github.com/huggingface/transformers, `post_process_object_detection` of each model's image processor.
Which of them it is, nothing in the file tells, so the owner says two things: the activation, and by which mean and std
its `preprocessor_config.json` normalises images (`do_normalize`). A class is a label; by softmax there is "no object"
besides.
"""

from collections.abc import Mapping
from typing import Any

from api.models.card import Fit, InputSpec, Sampling
from api.models.errors import ModelError
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts
from api.models.exported.families.output_keys import read_class_ids, read_word
from api.tasks.detection import detr

FAMILY = "transformers"
OUTPUT_KEYS = ("activation", "class_ids")

NAMES = {"logits": "logits", "boxes": "pred_boxes"}


def recognise(_facts: Facts) -> Draft | None:
    """Return None: the file does not say whether its logits are for softmax or sigmoids."""
    return None


def draft(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return how the file is read."""
    logits = _logits(facts)
    if logits is None:
        raise ModelError(f"{facts.file} has not the outputs logits and pred_boxes, but {facts.describe_outputs()}")
    activation = read_word(output, "activation", (detr.SIGMOID, detr.SOFTMAX))
    class_ids = read_class_ids(output)
    known = logits - (activation == detr.SOFTMAX)
    height, width = facts.size
    return Draft(
        task="detection",
        family=detr.FAMILY,
        classes=len(class_ids) if class_ids else known,
        input=InputSpec(size=(height or 640, width or 640), resize=Fit.STRETCH, sampling=Sampling.ANTIALIAS),
        output={**NAMES, "activation": activation, **({"class_ids": class_ids} if class_ids else {})},
        reasons={"input": "so RT-DETR's image processor prepares images; others have a mean and std, too"},
    )


def suggest(facts: Facts) -> str | None:
    """Return the lines for NAME.toml if the outputs have the names."""
    if _logits(facts) is None:
        return None
    return (
        'family = "transformers"\n'
        "[input]  # of its preprocessor_config.json: if do_normalize is true, image_mean and image_std\n"
        "mean = [0.0, 0.0, 0.0]  # or [0.485, 0.456, 0.406]\n"
        "std = [1.0, 1.0, 1.0]  # or [0.229, 0.224, 0.225]\n"
        "[output]\n"
        'activation = "sigmoid"  # RT-DETR, D-FINE, Deformable and Conditional DETR; "softmax": DETR, YOLOS, Table'
        " Transformer"
    )


def _logits(facts: Facts) -> int | None:
    """Return how many logits a query has, if the outputs have the names."""
    logits, boxes = (facts.output(name) for name in NAMES.values())
    if not logits or not boxes or not logits.shape or len(logits.shape) != 3:
        return None
    return logits.shape[2]
