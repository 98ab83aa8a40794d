"""What a training makes doubtful is asked once, of the photographs that are there."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.cleaning.corrections import Corrections
from api.cleaning.questions import Questions, ask
from api.training.dataset import read_dataset
from api.training.run import Run
from harness.trained_runs import make_run

WRONG = {3: 1, 17: 2, 25: 0}
COPIES = (8, 30)  # of labels of their own, so that both can be moved


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Three wrong labels, and one photograph that is there twice, under two labels."""
    made = make_run(wrong=WRONG, data=tmp_path)
    shown = made.thumbnail.copy()
    shown[COPIES[1]] = shown[COPIES[0]]
    return replace(made, thumbnail=shown)


def open_folder(run: Run) -> Corrections:
    return Corrections(read_dataset(run.data))


def names(questions: Questions, corrections: Corrections) -> set[str]:
    known = {item.number: item.name for item in corrections.items}
    return {known[doubt.number] for doubt in questions.doubts}


def test_wrong_labels_are_asked_about_with_what_the_model_says(run: Run):
    corrections = open_folder(run)
    questions = ask(run, corrections)
    assert names(questions, corrections) == {run.photographs[place] for place in WRONG}
    assert questions.known == len(run.photographs)
    known = {item.name: item.number for item in corrections.items}
    said = {doubt.number: doubt.said for doubt in questions.doubts}
    assert said[known[run.photographs[25]]] == "bee"


def test_what_has_another_label_since_or_is_gone_is_not_asked_about(run: Run):
    corrections = open_folder(run)
    known = {item.name: item.number for item in corrections.items}
    corrections.relabel([known[run.photographs[25]]], "bee")
    corrections.delete([known[run.photographs[3]]])
    for folder in (corrections, open_folder(run)):
        assert names(ask(run, folder), folder) == {run.photographs[17]}


def test_copies_are_followed_where_they_go(run: Run):
    corrections = open_folder(run)
    known = {item.name: item.number for item in corrections.items}
    one, other = (known[run.photographs[place]] for place in COPIES)
    corrections.relabel([other], "cat")
    (pair,) = ask(run, corrections).pairs
    assert {pair.one, pair.other} == {one, other}
    again = open_folder(run)
    assert len(ask(run, again).pairs) == 1
    again.delete([ask(run, again).pairs[0].other])
    assert ask(run, open_folder(run)).pairs == ()


def test_a_training_of_another_folder_knows_nothing_here(run: Run):
    other = replace(run, photographs=tuple(f"elsewhere/{name}" for name in run.photographs))
    assert ask(other, open_folder(run)).known == 0
