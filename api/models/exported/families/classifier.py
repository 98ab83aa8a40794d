"""Plain classifiers, of any exporter: one output with a number for each class, (1, classes) or (1, classes, 1, 1).

Nothing in the file says how the input is made. Whether the numbers are probabilities is certain only if the graph ends
in a softmax or a sigmoid.
"""

from collections.abc import Mapping
from typing import Any

from api.models.card import InputSpec, Sampling
from api.models.errors import ModelError
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts
from api.models.exported.families.usual_input import untold, usual_input
from api.tasks.classification import classifier
from api.tasks.classification.classifier import Activation

FAMILY = classifier.FAMILY
OUTPUT_KEYS = ("activation",)
PROBABILITIES = ("Softmax", "Sigmoid")  # operations whose outputs are some


def recognise(_facts: Facts) -> Draft | None:
    """Return None: the file does not say how its input is made."""
    return None


def draft(facts: Facts, output: Mapping[str, Any]) -> Draft:
    """Return how the file is read."""
    classes = _classes(facts)
    if classes is None:
        raise ModelError(
            f"{facts.file} is no classifier, which has one output, 1 x classes; it has: {facts.describe_outputs()}"
        )
    height, width = facts.size
    return Draft(
        task="classification",
        family=FAMILY,
        classes=classes,
        input=InputSpec(size=(height or 0, width or 0), sampling=Sampling.ANTIALIAS),
        output={"activation": _activation(facts, output)},
        untold=untold(facts),
    )


def suggest(facts: Facts) -> str | None:
    """Return the lines for NAME.toml if there is one output with a number for each class."""
    if _classes(facts) is None:
        return None
    side = max(facts.size[0] or 224, facts.size[1] or 224)
    resize = ('resize = "centre-crop"', f"shorter_side = {round(side / 0.875)}")
    lines = [f'family = "{FAMILY}"', usual_input(facts, resize, side)]
    if facts.outputs[0].operation not in PROBABILITIES:
        lines.append(
            '[output]\nactivation = "softmax"  # "sigmoid" if several labels can be true, "none" for probabilities'
        )
    return "\n".join(lines)


def _activation(facts: Facts, output: Mapping[str, Any]) -> str:
    """Return what makes probabilities of the outputs: what the graph ends in, or the owner's word."""
    operation, said = facts.outputs[0].operation, output.get("activation")
    if operation in PROBABILITIES and said in (None, Activation.NONE):
        return Activation.NONE
    if operation in PROBABILITIES:
        raise ModelError(
            f"{facts.file} ends in a {operation.lower()}, so its outputs are probabilities already: leave"
            f" `[output] activation`, which is {said!r}, out"
        )
    if said not in list(Activation):
        raise ModelError(
            f'{facts.file}: the family classifier needs `[output] activation`: "softmax" if one label is true,'
            ' "sigmoid" if several can be, "none" if its outputs are probabilities already'
        )
    return Activation(said)


def _classes(facts: Facts) -> int | None:
    """Return how many classes there are if the outputs are those of a classifier."""
    shape = facts.outputs[0].shape
    if len(facts.outputs) != 1 or shape is None or len(shape) not in (2, 4) or any(side != 1 for side in shape[2:]):
        return None
    return shape[1] if shape[1] and shape[1] > 1 else None
