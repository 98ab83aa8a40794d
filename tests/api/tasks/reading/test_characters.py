"""The family "ctc": what is read from probabilities that one can decode on paper."""

import numpy as np
import pytest

from api.tasks.letterbox import Letterbox
from api.tasks.reading.characters import make_decode
from api.tasks.reading.types import ReadingOptions

LABELS = ("a", "b", " ")
WHOLE = Letterbox.stretch((48, 320), (48, 320))


def decode(*lines: str, probability: float = 0.9):
    """Decode lines whose steps are given as letters; "-" is the blank."""
    classes = ["-", *LABELS]
    outputs = np.full((len(lines), len(lines[0]), len(classes)), (1 - probability) / 3, np.float32)
    for row, line in enumerate(lines):
        for step, letter in enumerate(line):
            outputs[row, step, classes.index(letter)] = probability
    return make_decode({}, LABELS)({"output": outputs}, WHOLE, ReadingOptions())


@pytest.mark.parametrize(
    ("steps", "text"),
    [("aab--", "ab"), ("a-a--", "aa"), ("ab ba", "ab ba"), ("-----", ""), ("b----", "b"), ("aaaaa", "a")],
)
def test_repeated_steps_are_one_character_and_blanks_none(steps: str, text: str):
    ((read, confidence),) = decode(steps)
    assert read == text
    assert confidence == pytest.approx(0.9 if text else 0)


def test_lines_of_a_batch_are_read_apart():
    assert [text for text, _ in decode("a-b-a", "-b---", "-----")] == ["aba", "b", ""]
