"""ONNX Runtime on the CPU, in float32."""

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import THREADS, Heads, SquareContestant


class OnnxRuntime(SquareContestant):
    """See Contestant."""

    def __init__(self, files: BenchmarkFiles) -> None:
        super().__init__(files.cfg)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self._session = onnxruntime.InferenceSession(
            str(files.peer("onnx")), options, providers=["CPUExecutionProvider"]
        )

    def heads_of(self, blob: NDArray[np.float32]) -> Heads:
        """Run the network."""
        return self._session.run(None, {"image": blob})


load = OnnxRuntime
