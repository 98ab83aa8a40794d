"""No detector: one packed 3 x 3 convolution, again and again, to see what the cores can give at best."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from api.models.darknet.cfg import Section
from api.models.darknet.layers import Convolution
from api.models.darknet.packed import PackedConvolution
from benchmarks.model_files import BenchmarkFiles
from benchmarks.operations import REPEATS
from benchmarks.peers.contract import THREADS, Heads


class BareConvolution:
    """Options: precision (fp32 or bf16), channels in and out, the side of the square input."""

    def __init__(self, _files: BenchmarkFiles, precision: str, in_channels: int, filters: int, side: int) -> None:
        torch.set_num_threads(THREADS)
        dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        values = {"filters": str(filters), "size": "3", "stride": "1", "pad": "1", "activation": "leaky"}
        self._x: Tensor = torch.rand(1, in_channels, side, side).to(dtype).contiguous(memory_format=torch.channels_last)
        with torch.inference_mode():
            convolution = Convolution(Section("convolutional", 0, values), in_channels)
            self._convolution = PackedConvolution(convolution, (side, side), dtype)

    def infer(self) -> object:
        """See Contestant."""
        with torch.inference_mode():
            for _ in range(REPEATS):
                self._convolution(self._x)
        return None

    def use(self, image: NDArray[np.float32]) -> None:
        """Do nothing: it has its own input."""

    def detect(self, jpeg: bytes) -> int:
        """Fail: it detects nothing."""
        raise NotImplementedError

    def raw(self) -> Heads:
        """Return nothing: it has no heads."""
        return []


load = BareConvolution
