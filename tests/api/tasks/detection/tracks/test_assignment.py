"""api/tasks/detection/tracks/assignment.py against SciPy's solver of the same problem."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from api.tasks.detection.tracks.assignment import assign


def total(values: np.ndarray, pairs) -> float:
    return float(sum(values[row, column] for row, column in pairs))


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (7, 3), (20, 20), (40, 25)])
@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_is_as_good_as_the_best(shape: tuple[int, int], share: float):
    dice = np.random.default_rng(7)
    for _ in range(10):
        values = dice.random(shape) * (dice.random(shape) < share)
        pairs = assign(values)
        assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
        assert all(values[pair] > 0 for pair in pairs)
        best = zip(*linear_sum_assignment(values, maximize=True), strict=True)
        assert total(values, pairs) == pytest.approx(total(values, best))


def test_gives_up_a_good_pair_for_two():
    assert assign(np.array([[0.9, 0.8], [0.85, 0.0]])) == [(0, 1), (1, 0)]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (4, 4)])
def test_nothing_to_match_is_no_pair(shape: tuple[int, int]):
    assert assign(np.zeros(shape)) == []
