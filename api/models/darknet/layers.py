"""Darknet's layers as torch modules, each built from its cfg section.

Sources: the layers of https://github.com/pjreddie/darknet (`src/*_layer.c`) and, for the v4 family (`groups`,
`group_id`, mish, swish), of https://github.com/AlexeyAB/darknet. Tensors are NCHW float.
"""

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from api.models.darknet.cfg import Section

LEAKY_SLOPE = 0.1

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "leaky": partial(nn.LeakyReLU, LEAKY_SLOPE),
    "linear": nn.Identity,
    "logistic": nn.Sigmoid,
    "mish": nn.Mish,
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "swish": nn.SiLU,
}

# Keys that change what a layer computes, with the only value at which this network computes the same.
NEUTRAL_VALUES: dict[str, dict[str, str]] = {
    "convolutional": {
        "antialiasing": "0", "assisted_excitation": "0", "binary": "0", "coordconv": "0", "deform": "0",
        "dilation": "1", "flipped": "0", "share_index": "", "stride_x": "", "stride_y": "", "xnor": "0",
    },
    "maxpool": {"antialiasing": "0", "maxpool_depth": "0", "stride_x": "", "stride_y": ""},
    "shortcut": {"alpha": "1", "beta": "1", "weights_type": "none"},
    "upsample": {"reverse": "0"},
}  # fmt: skip


class Convolution(nn.Module):
    """Convolution with a bias, then the activation. Batch norm is folded into both when weights are loaded."""

    def __init__(self, section: Section, in_channels: int) -> None:
        super().__init__()
        filters = _positive(section, "filters", 1)
        size = _positive(section, "size", 1)
        groups = _positive(section, "groups", 1)
        if in_channels % groups or filters % groups:
            raise section.error(f"groups={groups} divides not both {in_channels} input channels and filters={filters}")
        padding = size // 2 if section.integer("pad", 0) else section.integer("padding", 0)
        self.section = section
        self.batch_normalize = bool(section.integer("batch_normalize", 0))
        self.conv = nn.Conv2d(
            in_channels, filters, size, stride=_positive(section, "stride", 1), padding=padding, groups=groups
        )
        self.activation = build_activation(section, default="logistic")

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.activation(self.conv(x))
        return result


class MaxPool(nn.Module):
    """Max-pooling with Darknet's padding: `padding` pixels in all (size - 1 unless given), the smaller half first.

    So size 2 with stride 1 pads on the right and at the bottom only, and keeps the size.
    """

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.stride = _positive(section, "stride", 1)
        self.size = _positive(section, "size", self.stride)
        self.padding = section.integer("padding", self.size - 1)

    def forward(self, x: Tensor) -> Tensor:
        # As plain numbers: a traced network then holds them as constants, which all inputs of the right stride share.
        top, bottom = self._pads(int(x.shape[2]))
        left, right = self._pads(int(x.shape[3]))
        if top == bottom == left == right:
            return F.max_pool2d(x, self.size, self.stride, padding=top)
        return F.max_pool2d(F.pad(x, (left, right, top, bottom), value=-torch.inf), self.size, self.stride)

    def _pads(self, length: int) -> tuple[int, int]:
        outputs = (length + self.padding - self.size) // self.stride + 1
        before = self.padding // 2
        return before, max((outputs - 1) * self.stride + self.size - length - before, 0)


class Upsample(nn.Module):
    """Each pixel repeated `stride` times in both directions."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.stride = _positive(section, "stride", 2)
        self.scale = section.number("scale", 1.0)

    def forward(self, x: Tensor) -> Tensor:
        enlarged = F.interpolate(x, scale_factor=self.stride, mode="nearest")
        return enlarged if self.scale == 1.0 else enlarged * self.scale


class Add(nn.Module):
    """A shortcut: the sum of its inputs, then the activation."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.activation = build_activation(section, default="linear")

    def forward(self, *inputs: Tensor) -> Tensor:
        result: Tensor = self.activation(sum(inputs[1:], start=inputs[0]))
        return result


class Concatenate(nn.Module):
    """A route: its inputs side by side in channels; of each it takes only group `group_id` of `groups`."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.groups = _positive(section, "groups", 1)
        self.group_id = section.integer("group_id", 0)
        if not 0 <= self.group_id < self.groups:
            raise section.error(f"group_id={self.group_id} is not one of 0..{self.groups - 1}")

    def forward(self, *inputs: Tensor) -> Tensor:
        parts = inputs if self.groups == 1 else [x.chunk(self.groups, dim=1)[self.group_id] for x in inputs]
        return parts[0] if len(parts) == 1 else torch.cat(parts, dim=1)


class GlobalAverage(nn.Module):
    """The mean over the whole picture: (N, C, H, W) -> (N, C, 1, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean(dim=(2, 3), keepdim=True)


def build_activation(section: Section, *, default: str) -> nn.Module:
    """Return the module for the section's `activation`. Raises ModelError for one that is not supported."""
    name = section.text("activation", default)
    if name not in ACTIVATIONS:
        raise section.error(f"activation={name} is not supported; {', '.join(ACTIVATIONS)} are")
    return ACTIVATIONS[name]()


def refuse_unsupported_keys(section: Section) -> None:
    """Raise ModelError if a key asks for something that this layer would silently not compute."""
    for key, neutral in NEUTRAL_VALUES.get(section.kind, {}).items():
        value = section.values.get(key, neutral)
        if value != neutral and not (neutral and _equal_numbers(value, neutral)):
            raise section.error(f"{key}={value} is not supported")


def _equal_numbers(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _positive(section: Section, key: str, default: int) -> int:
    value = section.integer(key, default)
    if value < 1:
        raise section.error(f"{key}={value} is not 1 or more")
    return value
