"""OpenVINO's own THROUGHPUT setting behind the decoding that Pagesight has: JPEG bytes to raw outputs, no HTTP.

What it gives to several clients is what a server around the same network can be held to.
"""

import threading

import openvino

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.card import InputSpec
from api.models.input import prepare_input
from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import GRID, THREADS, read_heads
from benchmarks.peers.openvino_peer import ANY_SIZE, settings_of

LIMITS = ImageLimits()


class OpenVinoThroughput:
    """Option: precision. The graph of int8 is the one that Pagesight serves."""

    def __init__(self, files: BenchmarkFiles, precision: str) -> None:
        core = openvino.Core()
        model = core.read_model(files.quantized if precision == "int8" else files.peer("onnx"))
        model.reshape(ANY_SIZE)
        settings = {**settings_of(precision), "PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_NUM_THREADS": THREADS}
        self._compiled = core.compile_model(model, "CPU", settings)
        self._input = InputSpec(size=read_heads(files.cfg)[0], cell=GRID)
        self._own = threading.local()

    def carry(self, jpeg: bytes) -> bool:
        """Decode, prepare the input and run the network, with a request of the calling thread's own."""
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        image = decode_image(jpeg, orientation=None, limits=LIMITS, enough_for=max(self._input.size))
        x = prepare_input(image.pixels, self._input.place(image.size), self._input)
        self._own.request.infer([x], share_inputs=True, share_outputs=True)
        return True


load = OpenVinoThroughput
