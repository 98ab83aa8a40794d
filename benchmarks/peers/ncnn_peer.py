"""ncnn on the CPU, in float32."""

import ncnn
import numpy as np
from numpy.typing import NDArray

from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import THREADS, Heads, SquareContestant


class Ncnn(SquareContestant):
    """See Contestant."""

    def __init__(self, files: BenchmarkFiles) -> None:
        super().__init__(files.cfg)
        self._net = ncnn.Net()
        options = self._net.opt
        options.num_threads = THREADS
        options.use_vulkan_compute = False
        options.use_fp16_packed = options.use_fp16_storage = options.use_fp16_arithmetic = False
        options.use_bf16_storage = False
        for load_file, ending in ((self._net.load_param, "param"), (self._net.load_model, "bin")):
            if load_file(str(files.peer(ending))):
                raise RuntimeError(f"ncnn refuses {files.peer(ending).name}")

    def heads_of(self, blob: NDArray[np.float32]) -> Heads:
        """Run the network."""
        extractor = self._net.create_extractor()
        extractor.input("image", ncnn.Mat(blob[0]))
        return [np.array(extractor.extract(f"head{index}")[1])[None] for index in range(len(self._anchors))]


load = Ncnn
