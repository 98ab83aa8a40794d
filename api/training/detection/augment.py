"""Photographs as a network learns from them: cut, moved, mirrored and in another light, with their boxes.

The recipe is SSD's (https://arxiv.org/abs/1512.02325, section 2.2), by torchvision's transforms, with one difference:
colours are not exchanged, because a red light is not a green one.
"""

from typing import Any

import torch
from torch import Tensor
from torchvision import tv_tensors
from torchvision.transforms import v2

GREY = 114.0


def make_augmentation(size: tuple[int, int] | None) -> v2.Transform:
    """Return what changes a sample, by chance. `size`: (height, width) to which it is then stretched, if it is."""
    fitting = [v2.Resize(size, antialias=True)] if size else []
    return v2.Compose(
        [
            v2.RandomZoomOut(fill=GREY, side_range=(1.0, 2.0), p=0.3),
            v2.RandomIoUCrop(min_scale=0.3),
            v2.RandomHorizontalFlip(0.5),
            *fitting,
            v2.ColorJitter(brightness=0.3, contrast=0.3, saturation=0.4, hue=0.03),
            v2.SanitizeBoundingBoxes(min_size=2),
            v2.ToDtype(torch.float32, scale=True),
        ]
    )


def make_plain(size: tuple[int, int] | None) -> v2.Transform:
    """Return what fits a sample to the network and changes nothing else."""
    fitting = [v2.Resize(size, antialias=True)] if size else []
    return v2.Compose([*fitting, v2.ToDtype(torch.float32, scale=True)])


def apply(transform: v2.Transform, image: Tensor, boxes: Tensor, labels: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the image, (3, H, W) from 0 to 1, and the `boxes` and `labels` that are left in it."""
    height, width = image.shape[-2:]
    target: dict[str, Any] = {
        "boxes": tv_tensors.BoundingBoxes(boxes, format="XYXY", canvas_size=(height, width)),
        "labels": labels,
    }
    changed, target = transform(tv_tensors.Image(image), target)
    return changed.as_subclass(Tensor), {name: values.as_subclass(Tensor) for name, values in target.items()}
