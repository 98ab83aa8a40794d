"""How far two runs of a classifier find the same, without a known truth: to hold an int8 network to its original."""

from collections.abc import Iterable

from api.tasks.classification.types import Classes, ClassificationOptions
from api.tasks.task import Agreement, Comparison


def measure_agreement(pairs: Iterable[tuple[Classes, Classes]]) -> Agreement:
    """Return how far the second result of each pair agrees with the first, over all images together.

    Of each result only the most probable class counts. If both runs have the same, it counts with the lower of its two
    probabilities. The share is twice the sum of these, divided by the sum of all probabilities: the Dice coefficient.
    """
    common = total = 0.0
    found = 0
    for first, second in pairs:
        one, other = first.classes[0], second.classes[0]
        if one.class_id == other.class_id:
            common += min(one.confidence, other.confidence)
        total += one.confidence + other.confidence
        found += 1
    return Agreement(2 * common / total if total else 1.0, found)


COMPARISON = Comparison(ClassificationOptions(top=1), measure_agreement)
