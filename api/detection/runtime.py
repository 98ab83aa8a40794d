"""How the network is executed."""

from collections.abc import Sequence

import torch
from torch import Tensor

from api.detection.network import Network


class Runtime:
    """Runs a loaded network for inference; may be called from several threads at once."""

    description = "float32"

    def __init__(self, network: Network, *, threads: int) -> None:
        torch.set_num_threads(threads)
        self._network = network.eval().to(memory_format=torch.channels_last)

    def run(self, x: Tensor) -> Sequence[Tensor]:
        """Return the raw output of each head for `x`, (1, 3, H, W) float32 in 0..1."""
        with torch.inference_mode():
            outputs: list[Tensor] = self._network(x.contiguous(memory_format=torch.channels_last))
        return outputs

    def warm_up(self, input_size: tuple[int, int]) -> None:
        """Run once on grey of (height, width), so that the first visitor does not pay for what is made lazily."""
        self.run(torch.full((1, 3, *input_size), 0.5))
