"""From a published network to one that all layers can be trained from: its norms know these photographs.

While it is trained, batch normalization goes by the batch's own mean and spread, otherwise by those that it remembers.
The ones of ImageNet are far from those of, say, handwritten digits: a head that was made for them would be of no use in
the first step.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from api.training.backbones import Normalize, put_head
from api.training.features import AT_ONCE, compute, load_pixels
from api.training.head import fit_head

MOST = 1000  # photographs that are looked at


def adapt(
    network: nn.Module,
    builder: str,
    normalize: Normalize,
    pixels: NDArray[np.uint8],
    labels: Tensor,
    *,
    places: NDArray[np.int64],
    weights: Tensor,
    seed: int,
) -> None:
    """Let the network's norms remember the photographs at `places`, and give it a head for what it then sees."""
    some = np.sort(np.random.default_rng(seed).permutation(places)[:MOST])
    put_head(network, builder, nn.Identity())
    _remember(network, normalize, pixels, some)
    features = torch.cat(list(compute(network, normalize, pixels, some))).to(labels.device)
    known = labels[torch.from_numpy(some).to(labels.device)]
    put_head(network, builder, fit_head(features, known, weights))


def _remember(network: nn.Module, normalize: Normalize, pixels: NDArray[np.uint8], places: NDArray[np.int64]) -> None:
    """Set the remembered means and spreads to the average of these photographs' batches."""
    norms = [layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]
    before = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain average of all batches
    network.train()
    with torch.no_grad():
        for batch in np.array_split(places, max(1, len(places) // AT_ONCE)):
            seen = normalize(load_pixels(pixels, batch, normalize.mean.device))
            network(seen.contiguous(memory_format=torch.channels_last))
    for norm, momentum in zip(norms, before, strict=True):
        norm.momentum = momentum
