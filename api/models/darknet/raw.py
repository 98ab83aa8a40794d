"""What a head of the network computed, before anything is decoded.

The last convolution before a [yolo] layer is 1 x 1: it makes each cell's numbers from that cell alone. So it need not
run everywhere: `OnDemand` computes every cell's objectness, and the rest (84 of COCO's 85 numbers) only for those cells
that somebody asks for, in float32.
"""

from typing import Protocol

import torch
from torch import Tensor

from api.models.darknet.layers import Convolution
from api.models.darknet.network import Head

OBJECTNESS = 4  # its place among a cell's numbers, after the box


class RawOutput(Protocol):
    """The raw output of one head for one image: for each anchor and cell a box, objectness and a score a class."""

    def objectness(self) -> Tensor:
        """Return it for every cell: (anchors, rows, columns) float32."""

    def at(self, anchor: Tensor, row: Tensor, column: Tensor) -> Tensor:
        """Return all numbers of the cells that the three indices (N,) name: (N, 5 + classes) float32.

        They are in the order of their anchors, as `nonzero` gives them.
        """


class Whole:
    """A raw output that is there for every cell: `raw` is (1, anchors x (5 + classes), rows, columns)."""

    def __init__(self, raw: Tensor, head: Head) -> None:
        self._cells = raw[0].float().cpu().view(len(head.anchors), 5 + head.classes, *raw.shape[2:])

    def objectness(self) -> Tensor:
        """See RawOutput."""
        return self._cells[:, OBJECTNESS]

    def at(self, anchor: Tensor, row: Tensor, column: Tensor) -> Tensor:
        """See RawOutput."""
        return self._cells[anchor, :, row, column]


class LastConvolution:
    """The weights of a head's last convolution, which runs on demand."""

    def __init__(self, convolution: Convolution, head: Head) -> None:
        conv = convolution.conv
        shape = (len(head.anchors), 5 + head.classes)
        self.kernels = conv.weight.detach().float().reshape(*shape, conv.in_channels)
        bias = torch.zeros(head.channels) if conv.bias is None else conv.bias.detach().float()
        self.biases = bias.reshape(shape)
        self.objectness_kernels = self.kernels[:, OBJECTNESS].contiguous()  # (anchors, channels)
        self.objectness_biases = self.biases[:, OBJECTNESS, None]
        self.activation = convolution.activation

    @staticmethod
    def suits(convolution: Convolution) -> bool:
        """Whether each cell's output comes from that cell alone."""
        conv = convolution.conv
        return (conv.kernel_size, conv.stride, conv.padding, conv.groups) == ((1, 1), (1, 1), (0, 0), 1)


class OnDemand:
    """A raw output of which only the cells' features are there: (1, channels, rows, columns), in any precision."""

    def __init__(self, features: Tensor, last: LastConvolution) -> None:
        self._features = features[0].permute(1, 2, 0)  # (rows, columns, channels)
        self._last = last

    def objectness(self) -> Tensor:
        """See RawOutput."""
        last, (rows, columns, _) = self._last, self._features.shape
        cells = self._features.flatten(0, 1).float()
        computed: Tensor = last.activation(torch.addmm(last.objectness_biases, last.objectness_kernels, cells.T))
        return computed.view(-1, rows, columns)

    def at(self, anchor: Tensor, row: Tensor, column: Tensor) -> Tensor:
        """See RawOutput."""
        last = self._last
        counts = anchor.bincount(minlength=len(last.kernels)).tolist()
        features = self._features[row, column].float().split_with_sizes(counts)
        parts = map(torch.addmm, last.biases, features, last.kernels.mT)
        result: Tensor = last.activation(torch.cat(list(parts)))
        return result
