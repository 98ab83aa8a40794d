"""Networks computed by PyTorch, on a processor or on an NVIDIA GPU."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from api.models.engines.cores import Cores
from api.models.engines.processor import has_bfloat16
from api.models.errors import ModelError
from api.models.options import Precision


@dataclass(frozen=True, slots=True)
class Execution:
    """Where a network is computed, and in which numbers."""

    dtype: torch.dtype
    device: torch.device = torch.device("cpu")  # noqa: RUF009, it is immutable

    @property
    def precision(self) -> str:
        """The numbers it computes in: `float32`, `bfloat16` or `float16`."""
        return str(self.dtype).removeprefix("torch.")


def choose_execution(precision: Precision) -> Execution:
    """Return the fastest execution of this precision that works here. Raises ModelError if there is none.

    A GPU, if there is one, computes in float16 unless another precision is asked for.
    """
    if torch.cuda.is_available():
        return Execution(_gpu_dtype(precision), torch.device("cuda"))
    if precision is Precision.INT8:
        raise ModelError("PyTorch does not compute in int8 here; choose auto, fp32 or bf16")
    if precision is Precision.FP32:
        return Execution(torch.float32)
    if has_bfloat16():
        return Execution(torch.bfloat16)
    if precision is Precision.BF16:
        raise ModelError("this processor has no bfloat16 in hardware (avx512_bf16 or amx_bf16); choose auto or fp32")
    return Execution(torch.float32)


def _gpu_dtype(precision: Precision) -> torch.dtype:
    if precision is Precision.INT8:
        raise ModelError("a GPU does not compute in int8 here; choose auto (float16), bf16 or fp32")
    if precision is Precision.BF16 and not torch.cuda.is_bf16_supported(including_emulation=False):
        raise ModelError("this GPU has no bfloat16 in hardware; choose auto (float16) or fp32")
    return {Precision.AUTO: torch.float16, Precision.BF16: torch.bfloat16, Precision.FP32: torch.float32}[precision]


class Precise(nn.Module):
    """A part of a network whose numbers stay in float32, whatever the rest computes in."""


class InFloat32(Precise):
    """A part of a network that computes in float32, whatever the rest computes in."""

    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = part

    def forward(self, x: Tensor) -> Tensor:
        """Return the part's output for `x`, of any precision, in float32."""
        result: Tensor = self.part(x.float())
        return result


class TorchEngine:
    """A torch module that returns its outputs by name. See Engine."""

    def __init__(self, module: nn.Module, execution: Execution, cores: Cores) -> None:
        self._module = _place(module.eval(), execution)
        self._execution = execution
        self._cores = cores
        if execution.device.type == "cuda":
            torch.backends.cudnn.conv.fp32_precision = "ieee"  # type: ignore[attr-defined] # else TF32: 10 bits

    @property
    def precision(self) -> str:
        """See Engine."""
        return self._execution.precision

    @property
    def description(self) -> str:
        """See Engine."""
        return f"{self.precision} by PyTorch on {self._execution.device.type}"

    def complete(self, sizes: Sequence[tuple[int, int]]) -> None:
        """See Engine. Nothing is left to do."""

    def warm_up(self, sizes: Sequence[tuple[int, int]]) -> None:
        """See Engine."""
        for size in sizes:
            self(np.full((1, 3, *size), 0.5, np.float32))

    def __call__(self, x: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """See Engine."""
        self._adopt_share()
        with torch.inference_mode():
            tensor = torch.from_numpy(x).to(self._execution.device, self._execution.dtype)
            outputs: dict[str, Tensor] = self._module(tensor.contiguous(memory_format=torch.channels_last))
            return {name: output.float().cpu().numpy() for name, output in outputs.items()}

    def _adopt_share(self) -> None:
        """Let the calling thread's inference use its share of the cores.

        This affects only the calling thread (OpenMP's `nthreads-var`; torch does not document it) and is quick. Call
        `get_num_threads` first: a new thread inherits the last value set anywhere.
        """
        share = self._cores.share()
        if torch.get_num_threads() != share:
            torch.set_num_threads(share)


def _place(module: nn.Module, execution: Execution) -> nn.Module:
    """Bring a module's numbers into the execution's precision, layout and memory; Precise parts stay in float32."""
    parts = [part for part in module.modules() if isinstance(part, Precise)]
    precise = {id(layer) for part in parts for layer in part.modules()}
    for layer in module.modules():
        if id(layer) not in precise:
            for values in (*layer.parameters(recurse=False), *layer.buffers(recurse=False)):
                values.data = values.data.to(execution.dtype) if values.is_floating_point() else values.data
    return module.to(execution.device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]
