"""How the network is executed: on which device, in which precision, with which convolutions."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from api.models.darknet.layers import Convolution
from api.models.darknet.network import Network
from api.models.darknet.raw import LastConvolution, OnDemand, RawOutput, Whole
from api.models.darknet.weights import load_weights
from api.models.engines.cores import SharedThreads
from api.models.engines.options import Precision, RunOptions
from api.models.engines.packed import PackedConvolution, has_fast_bfloat16, packing_works
from api.models.errors import ModelError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Execution:
    """One way to run a network.

    `packed`: convolutions with oneDNN's own layout and fused activations. `on_demand`: the heads' last convolutions run
    only where they are read. Both on the CPU only.
    """

    dtype: torch.dtype
    packed: bool
    device: torch.device = torch.device("cpu")  # noqa: RUF009, it is immutable
    on_demand: bool = True

    @property
    def precision(self) -> str:
        """The numbers it computes in: `float32`, `bfloat16` or `float16`."""
        return str(self.dtype).removeprefix("torch.")

    @property
    def description(self) -> str:
        """Say for a person what it is."""
        return f"{self.precision}, {'packed' if self.packed else 'plain'} convolutions on {self.device.type}"


def choose_execution(precision: Precision) -> Execution:
    """Return the fastest execution of this precision that works here. Raises ModelError where there is none.

    A GPU, where there is one, computes in half precision unless float32 is asked for.
    """
    if torch.cuda.is_available():
        dtype = torch.float32 if precision is Precision.FP32 else torch.float16
        return Execution(dtype, packed=False, device=torch.device("cuda"), on_demand=False)
    if precision is not Precision.FP32:
        if has_fast_bfloat16() and packing_works(torch.bfloat16):
            return Execution(torch.bfloat16, packed=True)
        if precision is Precision.BF16:
            raise ModelError(
                "this processor has no bfloat16 in hardware (avx512_bf16 or amx_bf16); choose auto or fp32"
            )
    return Execution(torch.float32, packed=packing_works(torch.float32))


class Runtime:
    """A network with its weights, ready to run; may be called from several threads at once."""

    def __init__(
        self, network: Network, weights: Path, options: RunOptions, execution: Execution | None = None
    ) -> None:
        """Load the weights, each layer straight into the form it runs in. Raises ModelError."""
        self.threads = SharedThreads(options.threads)
        self.execution = execution or choose_execution(options.precision)
        self._network = network.eval()
        self._put_off: dict[int, LastConvolution] = {}  # by the number of the head
        if self.execution.device.type == "cuda":
            torch.backends.cudnn.conv.fp32_precision = "ieee"  # type: ignore[attr-defined] # else TF32: 10 bits
        with torch.inference_mode():
            load_weights(network, weights, self._realize)

    def run(self, x: Tensor) -> list[RawOutput]:
        """Return the raw output of each head, on the CPU, for `x`, (1, 3, H, W) float32 in 0..1."""
        with torch.inference_mode():
            x = x.to(self.execution.device, self.execution.dtype).contiguous(memory_format=torch.channels_last)
            return [
                self._raw_output(number, computed)
                for number, computed in enumerate(self._network(x, self.threads.adopt))
            ]

    def warm_up(self, sizes: Sequence[tuple[int, int]]) -> None:
        """Run once at each (height, width), so that the first visitor does not pay for what is made lazily."""
        for size in sizes:
            for raw in self.run(torch.full((1, 3, *size), 0.5)):
                raw.objectness()

    def _raw_output(self, head: int, computed: Tensor) -> RawOutput:
        """Return what can be asked of a head's output; `computed` is that, or the features that it is made from."""
        if head in self._put_off:
            return OnDemand(computed, self._put_off[head])
        return Whole(computed, self._network.heads[head])

    def _realize(self, index: int, convolution: Convolution) -> nn.Module:
        """Return the module that runs in the place of a filled convolution."""
        head = self._network.head_after(index) if self.execution.on_demand else None
        if head is not None and LastConvolution.suits(convolution):
            self._put_off[head] = LastConvolution(convolution, self._network.heads[head])
            return nn.Identity()
        if self.execution.packed:
            return PackedConvolution(convolution, self._input_size(index, convolution), self.execution.dtype)
        channels_last = convolution.to(memory_format=torch.channels_last)
        return channels_last.to(self.execution.device, self.execution.dtype)

    def _input_size(self, index: int, convolution: Convolution) -> tuple[int, int]:
        """Return the (height, width) that layer `index` reads at the network's own input size."""
        stride = self._network.nodes[index].stride / convolution.conv.stride[0]
        height, width = self._network.input_size
        return (max(1, int(height // stride)), max(1, int(width // stride))) if stride else (1, 1)
