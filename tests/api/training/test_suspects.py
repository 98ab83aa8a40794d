"""Photographs whose label is wrong come first, and only they are called suspicious."""

from dataclasses import replace

import numpy as np

from api.training.suspects import in_order_of_doubt, likely_wrong
from harness.trained_runs import make_run

WRONG = {3: 1, 17: 2, 25: 0, 44: 1}


def test_wrong_labels_are_the_first():
    doubted = in_order_of_doubt(make_run(wrong=WRONG))
    assert {suspect.index for suspect in doubted[: len(WRONG)]} == WRONG.keys()


def test_says_what_the_label_should_be():
    suspects = {suspect.index: suspect for suspect in likely_wrong(make_run(wrong=WRONG))}
    assert suspects.keys() == WRONG.keys()
    assert {index: suspect.meant for index, suspect in suspects.items()} == WRONG
    assert all(suspect.said == index // 20 for index, suspect in suspects.items())


def test_scores_fall_from_1_to_0():
    scores = [suspect.score for suspect in in_order_of_doubt(make_run(wrong=WRONG))]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] < 0.5 < scores[0] <= 1


def test_order_holds_all_photographs_once():
    run = make_run(wrong=WRONG)
    assert sorted(suspect.index for suspect in in_order_of_doubt(run)) == list(range(len(run.photographs)))


def test_nothing_is_suspicious_where_all_is_right():
    assert likely_wrong(make_run()) == ()


def test_the_head_alone_convinces_nobody():
    """The photographs that look like it say that its label is right."""
    run = make_run()
    doubting = run.out_of_fold.copy()
    doubting[5] = (0.45, 0.5, 0.05)
    assert likely_wrong(replace(run, out_of_fold=doubting)) == ()


def test_label_of_which_the_head_is_never_sure_is_not_wrong_for_that():
    run = make_run()
    unsure = run.out_of_fold.copy()
    unsure[run.label == 0] = (0.4, 0.45, 0.15)
    assert likely_wrong(replace(run, out_of_fold=unsure)) == ()


def test_the_only_photograph_of_its_label_is_not_suspicious_for_being_alone():
    run = make_run(("ant", "bee"), 1)
    alone = replace(run, out_of_fold=np.full((2, 2), 0.5, np.float32))
    assert likely_wrong(alone) == ()


def test_two_hundred_labels():
    wrong = {number: (number // 5 + 1) % 200 for number in range(0, 1000, 50)}
    doubted = in_order_of_doubt(make_run([f"label {number}" for number in range(200)], 5, wrong=wrong))
    assert {suspect.index for suspect in doubted[:50]} >= wrong.keys()
