"""Photographs as they might have been taken, too: turned a little, nearer, shifted, brighter, mirrored."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

DEGREES = 10.0
NEAREST, FARTHEST = 0.7, 1.1  # the side of what is seen, of the photograph's
STRETCHED = 0.1  # of one side against the other
SHIFTED = 0.1  # of the photograph's side
BRIGHTER, STARKER = 0.25, 0.25


def augment(batch: Tensor, *, mirrors: bool) -> Tensor:
    """Return a batch (B, 3, H, W) changed by chance, each picture otherwise: shape, place, light and contrast.

    The chances are drawn from torch's own generator. Beyond an edge lies the picture mirrored.
    """
    count = len(batch)
    chance = torch.rand(8, count) * 2 - 1  # on the processor, so that every device draws the same
    angle = chance[0] * math.radians(DEGREES)
    zoom = (NEAREST + FARTHEST) / 2 + chance[1] * (FARTHEST - NEAREST) / 2
    wide = torch.exp(chance[2] * STRETCHED)
    turned = torch.where((chance[3] > 0) & torch.tensor(mirrors), -1.0, 1.0)
    room = (1 - zoom).clamp(min=0) + SHIFTED
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    rows = [cos * wide * turned, -sin, chance[4] * room, sin * turned, cos / wide, chance[5] * room]
    grid = F.affine_grid(torch.stack(rows, 1).reshape(count, 2, 3), list(batch.shape), align_corners=False)
    seen = F.grid_sample(batch, grid.to(batch.device), padding_mode="reflection", align_corners=False)
    contrast, light = (torch.exp(chance[6] * STARKER), chance[7] * BRIGHTER)
    middle = seen.mean((1, 2, 3), keepdim=True)
    spread = contrast.to(batch.device).reshape(-1, 1, 1, 1)
    return (seen - middle) * spread + middle + light.to(batch.device).reshape(-1, 1, 1, 1)
