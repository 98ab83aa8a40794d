"""OpenVINO on the CPU, as an expert writes it by hand: one compiled network, its LATENCY setting, one request."""

from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray

from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import THREADS, Heads, SquareContestant

ANY_SIZE = [1, 3, -1, -1]


class OpenVino(SquareContestant):
    """Options: precision, canvas ("square" or "grid"), and `graph`.

    The graph of float32 and bfloat16 is the ONNX file; int8 is that file as NNCF quantizes it by its defaults, or with
    "pagesight" what `make quantize` wrote.
    """

    def __init__(self, files: BenchmarkFiles, precision: str, canvas: str, graph: str = "") -> None:
        super().__init__(files.cfg, canvas)
        core = openvino.Core()
        source = files.quantized if graph else files.peer("int8.xml" if precision == "int8" else "onnx")
        model = core.read_model(source)
        model.reshape([1, 3, *self._size] if canvas == "square" else ANY_SIZE)
        settings = {**settings_of(precision), "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": THREADS}
        self._request = core.compile_model(model, "CPU", settings).create_infer_request()

    def heads_of(self, blob: NDArray[np.float32]) -> Heads:
        """Run the network."""
        outputs = self._request.infer([blob], share_inputs=True, share_outputs=True)
        return list(outputs.values())


def settings_of(precision: str) -> dict[str, Any]:
    """Return the setting that asks for the precision. What int8 leaves in float is computed as OpenVINO sees fit."""
    return {} if precision == "int8" else {"INFERENCE_PRECISION_HINT": {"fp32": "f32", "bf16": "bf16"}[precision]}


load = OpenVino
