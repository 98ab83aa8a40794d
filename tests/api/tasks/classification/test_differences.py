"""By how much two programs give labels other probabilities."""

import pytest

from api.tasks.classification.differences import measure
from api.tasks.classification.types import Class, Classes, ClassificationOptions
from api.tasks.task import Run


def gives(*probabilities: float) -> Run[ClassificationOptions, Classes]:
    """Return a model that gives the classes 0, 1, ... these probabilities."""
    ranked = sorted((Class(f"{number}", number, share) for number, share in enumerate(probabilities)), key=_last)
    return lambda options: Classes(ranked[: options.top])


def _last(one: Class) -> float:
    return -one.confidence


def test_the_largest_difference_counts():
    found = measure(gives(0.7, 0.2, 0.1), gives(0.66, 0.24, 0.1), ClassificationOptions())
    assert found == {"probability": pytest.approx(0.04)}


def test_a_label_that_only_one_has_among_those_asked_for_is_looked_up():
    one, other = gives(0.5, 0.3, 0.2), gives(0.5, 0.2, 0.3)
    assert measure(one, other, ClassificationOptions(top=2)) == {"probability": pytest.approx(0.1)}


def test_labels_that_nobody_asked_for_do_not_count():
    assert measure(gives(0.9, 0.1, 0.0), gives(0.9, 0.0, 0.1), ClassificationOptions(top=1)) == {"probability": 0}
