"""benchmarks/text_errors.py and evaluate_reading.py: error rates that one can count on paper."""

import json
from pathlib import Path

import pytest

from benchmarks.datasets import DatasetError
from benchmarks.evaluate_reading import format_errors, read_truth
from benchmarks.text_errors import Errors, count_errors, edit_distance


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("STOP", "ST0P", 1), ("天气", "天気", 1)],
)
def test_edits_from_one_text_to_another(one: str, other: str, edits: int):
    assert edit_distance(one, other) == edit_distance(other, one) == edits


@pytest.mark.parametrize(
    ("found", "truth", "wrong"),
    [
        (["ALL WAY", "STOP"], ["STOP", "ALLWAY"], 0),  # in another order, a space more
        (["STOP"], ["STOP", "ALLWAY"], 6),
        (["STOP", "x"], ["STOP"], 1),
        (["ALLWAY"], ["STOP"], 6),
        ([], ["STOP"], 4),
        (["12"], ["\uff11\uff12"], 0),  # full width
        (["ab", "abcd"], ["abcd", "ab"], 0),
        ([], [], 0),
    ],
)
def test_lines_are_paired_so_that_the_fewest_errors_result(found: list[str], truth: list[str], wrong: int):
    assert count_errors(found, truth).wrong == wrong


def test_rates_of_several_pictures_add_up():
    total = count_errors(["STOP"], ["STEP"]) + count_errors(["a"], ["abcdef"])
    assert total == Errors(6, 10)
    assert total.rate == 0.6
    assert "| sign | 10 | 6 | 60.00% |" in format_errors({"sign": total})


def test_truth_is_found_beside_the_pictures_and_in_images(tmp_path: Path):
    (tmp_path / "images").mkdir()
    paths = [tmp_path / "a.png", tmp_path / "images" / "b.png"]
    for path in paths:
        path.touch()
    (tmp_path / "truth.json").write_text(json.dumps({"a.png": ["STOP"], "b.png": []}))
    assert read_truth(tmp_path) == {paths[0]: ["STOP"], paths[1]: []}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no truth.json"),
        ("{", "not JSON"),
        ("[]", "must be like"),
        ('{"a.png": "STOP"}', "must be like"),
        ('{"a.png": ["STOP"]}', "names a.png"),
    ],
)
def test_a_wrong_truth_is_refused_in_words(tmp_path: Path, text: str | None, said: str):
    if text is not None:
        (tmp_path / "truth.json").write_text(text)
    with pytest.raises(DatasetError, match=said):
        read_truth(tmp_path)
