"""How far two runs of a classifier agree, by numbers that one can work out on paper."""

import pytest

from api.tasks.classification.agreement import COMPARISON, measure_agreement
from api.tasks.classification.types import Class, Classes
from api.tasks.registry import TASKS
from api.tasks.task import Agreement


def found(class_id: int, confidence: float) -> Classes:
    return Classes([Class(f"class {class_id}", class_id, confidence)])


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        (found(0, 0.8), found(0, 0.8), 1.0),
        (found(0, 0.8), found(1, 0.8), 0.0),
        (found(0, 0.8), found(0, 0.4), 2 * 0.4 / 1.2),
    ],
)
def test_share_of_one_image(first: Classes, second: Classes, share: float):
    assert measure_agreement([(first, second)]) == Agreement(pytest.approx(share), 1)
    assert measure_agreement([(second, first)]) == Agreement(pytest.approx(share), 1)


def test_images_count_by_their_probability():
    pairs = [(found(0, 0.9), found(0, 0.9)), (found(1, 0.1), found(2, 0.1))]
    assert measure_agreement(pairs) == Agreement(pytest.approx(0.9), 2)


def test_no_image_agrees():
    assert measure_agreement([]) == Agreement(1.0, 0)


def test_task_names_it():
    assert TASKS["classification"].comparison is COMPARISON
