"""How much two sets of boxes overlap, each with each."""

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]  # (N, 4): x, y of the centre, width, height


def overlap(first: Boxes, second: Boxes, margins: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return the IoU, (len(first), len(second)).

    `margins` (len(first), 2) widen a box of `first`, and those it is compared with, by so much to each side, across and
    down: buffered IoU (arXiv 2211.14317), here by how far an object may have come.
    """
    centres_1, sizes_1 = first[:, None, :2], first[:, None, 2:]
    centres_2, sizes_2 = second[None, :, :2], second[None, :, 2:]
    if margins is not None:
        sizes_1, sizes_2 = sizes_1 + 2 * margins[:, None], sizes_2 + 2 * margins[:, None]
    low = np.maximum(centres_1 - sizes_1 / 2, centres_2 - sizes_2 / 2)
    high = np.minimum(centres_1 + sizes_1 / 2, centres_2 + sizes_2 / 2)
    common = (high - low).clip(0).prod(axis=2)
    whole = sizes_1.prod(axis=2) + sizes_2.prod(axis=2) - common
    shares: NDArray[np.float64] = np.divide(common, whole, out=np.zeros_like(common), where=whole > 0)
    return shares
