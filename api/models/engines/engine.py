"""What computes a network, whatever it is made with."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Engine(Protocol):
    """A network in one precision, callable from several threads at once. It knows nothing of boxes."""

    @property
    def precision(self) -> str:
        """The numbers it computes in: `float32`, `bfloat16`, `float16` or `int8`."""

    @property
    def description(self) -> str:
        """How it computes, in words for the log."""

    def __call__(self, x: NDArray[np.float32]) -> Mapping[str, NDArray[np.float32]]:
        """Return the network's named outputs, in their order, for an input (1, 3, H, W).

        They hold until the same thread calls this engine again, which may write over them.
        """

    def warm_up(self, sizes: Sequence[tuple[int, int]]) -> None:
        """Make inputs of each (height, width) quick from the first one on."""

    def complete(self, sizes: Sequence[tuple[int, int]]) -> None:
        """Make several images at once quick, too. It may take seconds, and the engine serves meanwhile."""
