"""What a network says of pictures as they are, many at a time."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from api.training.backbones import Normalize

AT_ONCE = 64


def load_pixels(pixels: NDArray[np.uint8], places: NDArray[np.int64], device: torch.device) -> Tensor:
    """Return some of the pictures, (B, H, W, 3) float32 of 0 to 255, on the device."""
    return torch.from_numpy(pixels[places]).to(device).float()


def compute(
    network: nn.Module,
    normalize: Normalize,
    pixels: NDArray[np.uint8],
    places: NDArray[np.int64],
    *,
    mirrored: bool = False,
) -> Iterator[Tensor]:
    """Yield the network's answers, float32 on the processor, AT_ONCE at a time."""
    network.eval()
    for start in range(0, len(places), AT_ONCE):
        with torch.inference_mode():
            batch = normalize(load_pixels(pixels, places[start : start + AT_ONCE], normalize.mean.device))
            batch = batch.flip(3) if mirrored else batch
            yield network(batch.contiguous(memory_format=torch.channels_last)).float().cpu()
