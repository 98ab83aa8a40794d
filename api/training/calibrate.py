"""Temperature scaling: how sure a model may be, found with the validation's photographs.

Source: C. Guo et al., https://arxiv.org/abs/1706.04599.
"""

import numpy as np
from numpy.typing import NDArray

TEMPERATURES = np.exp(np.linspace(np.log(0.25), np.log(8), 401))
DOUBT = 0.5  # the deviation of the temperature's logarithm that is expected before anything is seen


def find_temperature(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Return the number by which logits (N, C) are divided to become as sure as they are right.

    A few photographs that all are right would ask for endless certainty, so that it begins near 1 and moves with
    evidence.
    """
    costs = [
        -log_softmax(logits / temperature)[np.arange(len(labels)), labels].sum()
        + (np.log(temperature) / DOUBT) ** 2 / 2
        for temperature in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmin(costs))])


def log_softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the logarithms of probabilities, in each row."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
