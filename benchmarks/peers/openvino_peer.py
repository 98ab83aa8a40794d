"""OpenVINO on the CPU: float32, bfloat16, and int8 as its own tool quantizes the network."""

import numpy as np
import openvino
from numpy.typing import NDArray

from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import THREADS, Heads, SquareContestant

PRECISION_HINTS = {"fp32": "f32", "bf16": "bf16", "int8": "f32"}


class OpenVino(SquareContestant):
    """Option: precision."""

    def __init__(self, files: BenchmarkFiles, precision: str) -> None:
        super().__init__(files.cfg)
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": THREADS,
            "INFERENCE_PRECISION_HINT": PRECISION_HINTS[precision],
        }
        source = files.file("int8.xml" if precision == "int8" else "onnx")
        core = openvino.Core()
        self._request = core.compile_model(core.read_model(source), "CPU", settings).create_infer_request()

    def heads_of(self, blob: NDArray[np.float32]) -> Heads:
        """Run the network."""
        outputs = self._request.infer([blob], share_inputs=True, share_outputs=True)
        return list(outputs.values())


load = OpenVino
