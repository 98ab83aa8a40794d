"""api/tasks/detection/tracks/motion.py against the filter as textbooks write it, with matrices."""

import numpy as np
import pytest

from api.tasks.detection.tracks.motion import FIRST_SPEED, JOLT, MEASURED, begin, correct, predict

BOXES = np.array([[100.0, 50.0, 20.0, 60.0], [10.0, 10.0, 40.0, 8.0]])
LATER = np.array([[112.0, 51.0, 22.0, 58.0], [9.0, 14.0, 41.0, 9.0]])
STEP_S = 0.25


def by_matrices(box: np.ndarray, later: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    size = max(box[2:])
    state, variance = np.array([box[axis], 0.0]), np.diag([(MEASURED * size) ** 2, (FIRST_SPEED * size) ** 2])
    move = np.array([[1.0, STEP_S], [0.0, 1.0]])
    noise = (JOLT * size) ** 2 * np.array([[STEP_S**3 / 3, STEP_S**2 / 2], [STEP_S**2 / 2, STEP_S]])
    state, variance = move @ state, move @ variance @ move.T + noise
    seen = np.array([[1.0, 0.0]])
    gain = variance @ seen.T / (seen @ variance @ seen.T + (MEASURED * max(later[2:])) ** 2)
    return state + gain[:, 0] * (later[axis] - state[0]), (np.eye(2) - gain @ seen) @ variance


def test_is_the_filter_of_the_textbooks():
    states, variances = correct(*predict(*begin(BOXES), np.full(2, STEP_S)), LATER)
    for row in range(2):
        for axis in range(4):
            state, variance = by_matrices(BOXES[row], LATER[row], axis)
            assert states[row, axis] == pytest.approx(state)
            assert variances[row, axis] == pytest.approx([variance[0, 0], variance[0, 1], variance[1, 1]])


def test_learns_a_speed():
    states, variances = begin(BOXES[:1])
    for step in range(1, 11):
        states, variances = predict(states, variances, np.array([STEP_S]))
        states, variances = correct(states, variances, BOXES[:1] + np.array([30.0 * STEP_S * step, 0, 0, 0]))
    assert states[0, 0, 1] == pytest.approx(30, rel=0.02)
    assert states[0, 1, 1] == pytest.approx(0, abs=0.1)
