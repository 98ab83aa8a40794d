"""The last layer alone, on features that stay as they are: multinomial logistic regression."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

ROUNDS, STEPS_A_ROUND = 10, 8
DECAY = 0.02  # how much large numbers cost, for as many features as photographs
Follow = Callable[[int, nn.Linear], None]  # the round, from 1, and the head so far


def fit_head(features: Tensor, labels: Tensor, weights: Tensor, follow: Follow | None = None) -> nn.Linear:
    """Return the head that fits features (N, D) float32 to labels (N,); `weights` (C,) are the labels' in the loss.

    It begins with zeros and sees everything at once, so nothing in it is by chance. The more features there are for a
    photograph, the more its numbers are held to be small.
    """
    mean, spread = features.mean(0), features.std(0) + 1e-3
    known = (features - mean) / spread
    decay = DECAY * known.shape[1] / known.shape[0]
    weight = torch.zeros(len(weights), known.shape[1], device=features.device, requires_grad=True)
    bias = torch.zeros(len(weights), device=features.device, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=STEPS_A_ROUND, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        total = F.cross_entropy(known @ weight.T + bias, labels, weights) + decay * weight.square().sum() / 2
        total.backward()  # type: ignore[no-untyped-call]
        return total

    for number in range(1, ROUNDS + 1):
        optimizer.step(loss)  # type: ignore[no-untyped-call]
        if follow:
            follow(number, _linear(weight, bias, mean, spread))
    return _linear(weight, bias, mean, spread)


def label_weights(labels: Tensor, classes: int) -> Tensor:
    """Return (C,) float32: a rarer label counts more, by the root of how rare it is, and a photograph 1 on average."""
    counts = torch.bincount(labels, minlength=classes).float()
    weights = counts.clamp(min=1).rsqrt()
    return weights * counts.sum() / (weights * counts).sum()


def _linear(weight: Tensor, bias: Tensor, mean: Tensor, spread: Tensor) -> nn.Linear:
    """Return the layer that does the same with features that nobody has shifted and scaled."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], device=weight.device)
    with torch.no_grad():
        layer.weight.copy_(weight / spread)
        layer.bias.copy_(bias - layer.weight @ mean)
    return layer
