"""The figures of a report, against SciPy's and against sums done by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from api.training.duplicates import Duplicate
from api.training.report.figures import Score, calibrate, find_figures
from harness.trained_runs import make_run


@pytest.mark.parametrize(("right", "count"), [(0, 1), (1, 1), (3, 4), (40, 40), (0, 40), (386, 400), (9_999, 10_000)])
def test_interval_is_wilsons(right: int, count: int):
    expected = binomtest(right, count).proportion_ci(method="wilson")
    assert Score(right, count).interval == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_nothing_asked_is_nothing_known():
    assert math.isnan(Score(0, 0).share)
    assert Score(0, 0).interval == (0.0, 1.0)


def test_rows_count_what_was_taken_for_what():
    """Three ants of which one is taken for a bee, and two bees; a cat that nobody asked about."""
    logits = np.array([[2, 0, 0], [2, 0, 0], [0, 2, 0], [0, 2, 0], [0, 2, 0], [0, 0, 2]], np.float32)
    run = replace(
        make_run(each=2),
        label=np.array([0, 0, 0, 1, 1, 2]),
        is_validation=np.array([True] * 5 + [False]),
        logits=logits,
    )
    figures = find_figures(run, ())
    assert figures.score == Score(4, 5)
    assert figures.usual == ("ant", 0.6)
    assert figures.confusion.tolist() == [[2, 1, 0], [0, 2, 0], [0, 0, 0]]
    rows = {row.label: row for row in figures.rows}
    ant, bee, cat = (rows[label] for label in ("ant", "bee", "cat"))
    assert (ant.precision, ant.recall, ant.f1, ant.support, ant.learnt) == (1.0, 2 / 3, 0.8, 3, 0)
    assert (bee.precision, bee.recall, bee.f1, bee.support, bee.learnt) == (2 / 3, 1.0, 0.8, 2, 0)
    assert (cat.support, cat.learnt) == (0, 1)
    assert all(math.isnan(value) for value in (cat.precision, cat.recall, cat.f1))
    assert figures.losses[0].index == 2
    assert (figures.losses[0].meant, figures.losses[0].said) == (0, 1)


def test_copies_do_not_count_without_them():
    run = make_run(wrong={3: 1})
    asked = np.flatnonzero(run.is_validation)
    known = Duplicate(0, int(asked[0]), 1.0, True)
    inside = Duplicate(int(asked[1]), int(asked[2]), 1.0, False)
    figures = find_figures(run, (known, inside))
    assert figures.without_copies.count == figures.score.count - 1


def test_calibration_error_is_the_mean_distance():
    """Two photographs at 95 %, one of them right; two at 65 %, both right."""
    probability = np.array([[0.95, 0.05], [0.95, 0.05], [0.35, 0.65], [0.35, 0.65]])
    calibration = calibrate(probability, np.array([0, 1, 1, 1]))
    assert [(one.confidence, one.accuracy, one.count) for one in calibration.bins] == [(0.65, 1.0, 2), (0.95, 0.5, 2)]
    assert calibration.error == pytest.approx((0.35 + 0.45) / 2)
    assert calibration.confidence == pytest.approx(0.8)


def test_certainty_itself_has_a_bin():
    assert calibrate(np.array([[1.0, 0.0]]), np.array([0])).error == 0
