"""Convolutions with weights laid out for oneDNN beforehand and the activation computed in the same pass.

The operators are torch's own but private (`torch.ops.mkldnn`), so only this module uses them, and `packing_works` tries
them out first. If they do not work, `reader` takes plain `conv2d`.
"""

from functools import cache

import torch
from torch import Tensor, nn

from api.models.darknet.cfg import Section
from api.models.darknet.layers import ACTIVATIONS, LEAKY_SLOPE, Convolution

# What oneDNN calls the activations that it fuses, with their parameters.
FUSED: dict[type[nn.Module], tuple[str, list[float]]] = {
    nn.Identity: ("none", []),
    nn.LeakyReLU: ("leaky_relu", [LEAKY_SLOPE]),
    nn.ReLU: ("relu", []),
    nn.ReLU6: ("hardtanh", [0.0, 6.0]),
    nn.Sigmoid: ("sigmoid", []),
    nn.SiLU: ("swish", []),
}
# bfloat16 keeps 8 bits: a sum of products of order 1 is off by a few thousandths.
TOLERANCE = {torch.float32: 1e-4, torch.bfloat16: 3e-2}


class PackedConvolution(nn.Module):
    """A convolution with its bias and activation in one call. Made for inputs of (height, width); takes any size."""

    def __init__(self, convolution: Convolution, input_size: tuple[int, int], dtype: torch.dtype) -> None:
        super().__init__()
        conv, activation = convolution.conv, convolution.activation
        name, parameters = FUSED.get(type(activation), ("none", []))
        self._after = None if type(activation) in FUSED else activation
        geometry = (list(conv.padding), list(conv.stride), list(conv.dilation), conv.groups)
        self._kernel = torch.ops.mkldnn._reorder_convolution_weight(
            conv.weight.detach().to(dtype).contiguous(memory_format=torch.channels_last),
            *geometry,
            [1, conv.in_channels, *input_size],
        )
        bias = None if conv.bias is None else conv.bias.detach().to(dtype)
        self._arguments = (bias, *geometry, name, parameters, "")

    def forward(self, x: Tensor) -> Tensor:
        """Return the activated convolution of `x`, (N, C, H, W) in channels_last."""
        y: Tensor = torch.ops.mkldnn._convolution_pointwise.default(x, self._kernel, *self._arguments)
        return y if self._after is None else self._after(y)


@cache
def packing_works(dtype: torch.dtype) -> bool:
    """Whether packed convolutions exist here and agree with plain ones, with each activation and kernel size."""
    try:
        return all(_agrees(name, size, dtype) for name in ACTIVATIONS for size in (1, 3))
    except (AttributeError, RuntimeError, TypeError):  # no such operator, not for this type, or of another signature
        return False


def _agrees(activation: str, kernel: int, dtype: torch.dtype) -> bool:
    """Compare at the size packed for and at another one."""
    values = {"filters": "32", "size": str(kernel), "stride": "2", "pad": "1", "activation": activation}
    convolution = Convolution(Section("convolutional", 0, values), in_channels=16)
    packed = PackedConvolution(convolution, (32, 32), dtype)
    for size in ((32, 32), (16, 48)):
        x = torch.linspace(-1, 1, 16 * size[0] * size[1]).view(1, 16, *size)
        x = x.contiguous(memory_format=torch.channels_last)
        found, tolerance = packed(x.to(dtype)).float(), TOLERANCE[dtype]
        if not torch.allclose(found, convolution(x), atol=tolerance, rtol=tolerance):
            return False
    return True
