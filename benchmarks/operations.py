"""How many multiplications and additions there are, counted apart: 1 GFLOP is 1e9 of them."""

from functools import cache
from pathlib import Path

REPEATS = 16  # of the bare convolution in one call


def bare_operations(precision: str, in_channels: int, filters: int, side: int) -> int:
    """Return what one call of the bare 3 x 3 convolution computes, whatever its precision."""
    del precision
    return 2 * 9 * in_channels * filters * side * side * REPEATS


@cache
def network_operations(cfg: Path) -> int:
    """Return what the network computes at its cfg's own size."""
    from api.models.darknet.check import measure_costs
    from api.models.darknet.network import read_network

    return sum(layer.operations for layer in measure_costs(read_network(cfg)).layers)
