"""Outputs of a classifier to ranked labels, by numbers that one can work out on paper."""

import numpy as np
import pytest

from api.tasks.classification.classifier import make_decode
from api.tasks.classification.task import to_json, to_text
from api.tasks.classification.types import Classes, ClassificationOptions
from api.tasks.letterbox import Letterbox

LABELS = ("cat", "dog", "cow", "hen")
WHOLE = Letterbox.stretch((8, 8), (8, 8))


def classify(scores: object, activation: str, top: int = 5) -> Classes:
    outputs = {"output": np.array(scores, np.float32)}
    return make_decode({"activation": activation}, LABELS)(outputs, WHOLE, ClassificationOptions(top=top))


@pytest.mark.parametrize(
    ("activation", "scores", "expected"),
    [
        ("softmax", np.log([1, 4, 2, 1]), [("dog", 0.5), ("cow", 0.25), ("cat", 0.125), ("hen", 0.125)]),
        ("softmax", [1000, 0, 0, 0], [("cat", 1), ("dog", 0), ("cow", 0), ("hen", 0)]),
        ("sigmoid", [0, np.log(3), -np.log(3), -1000], [("dog", 0.75), ("cat", 0.5), ("cow", 0.25), ("hen", 0)]),
        ("none", [0.1, 0.2, 0.7, 0], [("cow", 0.7), ("dog", 0.2), ("cat", 0.1), ("hen", 0)]),
        ("none", [0, 0, 1.0000001, -1e-9], [("cow", 1), ("cat", 0), ("dog", 0), ("hen", 0)]),
    ],
)
@pytest.mark.parametrize("shape", [(1, 4), (1, 4, 1, 1)])
def test_most_probable_first(
    activation: str, scores: list[float], expected: list[tuple[str, float]], shape: tuple[int, ...]
):
    found = classify(np.reshape(scores, shape), activation).classes
    assert [one.label for one in found] == [label for label, _ in expected]
    assert [one.confidence for one in found] == pytest.approx([share for _, share in expected], abs=1e-6)
    assert [LABELS[one.class_id] for one in found] == [one.label for one in found]
    assert all(0 <= one.confidence <= 1 for one in found)


def test_only_as_many_as_asked_for():
    assert [one.label for one in classify([[0, 3, 2, 1]], "softmax", top=2).classes] == ["dog", "cow"]


def test_as_json_and_as_text():
    found = classify([[0.1, 0.2, 0.7, 0]], "none", top=2)
    assert to_json(found, ClassificationOptions()) == {
        "classes": [
            {"label": "cow", "class_id": 2, "confidence": 0.7},
            {"label": "dog", "class_id": 1, "confidence": 0.2},
        ]
    }
    assert to_text(found) == " 70.0%  cow\n 20.0%  dog\n"
