"""The family "classifier": one output with a number for each class, (1, classes) or (1, classes, 1, 1)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.classification.types import Class, Classes, ClassificationOptions
from api.tasks.letterbox import Letterbox
from api.tasks.task import Decode

FAMILY = "classifier"


class Activation(StrEnum):
    """What makes probabilities of the outputs: NONE, they are some; SIGMOID, if several labels can be true at once."""

    SOFTMAX = "softmax"
    SIGMOID = "sigmoid"
    NONE = "none"


def make_decode(output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card whose `output` names the `activation`."""
    return partial(decode_classes, activation=Activation(output["activation"]), labels=labels)


def decode_classes(
    outputs: Mapping[str, NDArray[np.float32]],
    _letterbox: Letterbox,
    options: ClassificationOptions,
    *,
    activation: Activation,
    labels: Sequence[str],
) -> Classes:
    """Return the most probable classes."""
    probabilities = activate(next(iter(outputs.values())).ravel(), activation)
    ranked = np.argsort(-probabilities, kind="stable")[: options.top].tolist()
    return Classes([Class(labels[index], index, float(probabilities[index])) for index in ranked])


def activate(scores: NDArray[np.float32], activation: Activation) -> NDArray[np.float32]:
    """Return a probability, 0..1, for each score."""
    if activation is Activation.SOFTMAX:
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum(), np.float32)
    if activation is Activation.SIGMOID:
        return np.asarray(0.5 + 0.5 * np.tanh(scores / 2), np.float32)  # the same as 1 / (1 + e^-x), without overflow
    return scores.clip(0, 1)  # rounding may leave a probability of 1.0000001
