"""Networks computed by OpenVINO on a processor.

A graph is compiled twice: for one image alone with all threads in one stream, and for several images at once with a
stream for each. Both from one compiled network is not possible: with one stream two images wait for each other, with
two streams an image alone has half of the threads. Each has a set of weights in memory (docs/performance.md). The first
serves already while the second is prepared, which takes as long again.
"""

import mmap
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openvino
import openvino.properties as properties
import openvino.properties.hint as hint
from numpy.typing import NDArray

from api.models.engines.cores import Cores
from api.models.engines.processor import has_bfloat16
from api.models.errors import ModelError
from api.models.options import Precision

# Of what OpenVINO prepares, operation by operation, for a size that it has not seen. Without a limit, a reader's
# networks take 4 MB more with each size; with this one, the last sizes are as quick as one.
REMEMBERED = 400
NAMES = {Precision.FP32: "float32", Precision.BF16: "bfloat16", Precision.INT8: "int8"}


class OpenVinoEngine:
    """A graph in OpenVINO's own format with one input (1, 3, H, W). See Engine."""

    def __init__(self, graph: Path, precision: Precision, cores: Cores, *, forgets_sizes: bool = False) -> None:
        """Compile it. INT8 is for a quantized graph; its other operations compute in bfloat16 where the processor can.

        `forgets_sizes`: inputs come in so many sizes that what OpenVINO prepares for each cannot all be remembered.
        Raises ModelError if the processor has no bfloat16 that is asked for.
        """
        if precision is Precision.BF16 and not has_bfloat16():
            raise ModelError(
                "this processor has no bfloat16 in hardware (avx512_bf16 or amx_bf16); choose auto or fp32"
            )
        self.precision = NAMES[precision]
        self._cores = cores
        is_exact = precision is Precision.FP32 or not has_bfloat16()
        # Mapped by ourselves, so that the pages can be given back. Copy on write: OpenVINO wants to be able to write.
        with graph.with_suffix(".bin").open("rb") as file:
            self._weights = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        weights = openvino.Tensor(np.frombuffer(self._weights, np.uint8), shared_memory=True)
        core = openvino.Core()
        model = core.read_model(graph.read_text(encoding="utf-8"), weights)
        names = [output.get_any_name() for output in model.outputs]  # a compiled network adds names of its own

        def compile_for(streams: int) -> "_Compiled":
            settings = {
                hint.inference_precision: openvino.Type.f32 if is_exact else openvino.Type.bf16,
                properties.num_streams: streams,
                properties.inference_num_threads: cores.threads,
                hint.enable_cpu_pinning: False,  # other processes use these cores, too
            }
            if forgets_sizes:
                settings["CPU_RUNTIME_CACHE_CAPACITY"] = REMEMBERED
            return _Compiled(core.compile_model(model, "CPU", settings), names, streams)

        self._compile_for = compile_for
        self._streams = min(cores.images, cores.threads)
        self._alone = self._several = compile_for(1)

    @property
    def description(self) -> str:
        """See Engine."""
        version = openvino.__version__.partition("-")[0]
        return (
            f"{self.precision} by OpenVINO {version} (threads: {self._cores.threads}, images at once: {self._streams})"
        )

    def __call__(self, x: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """See Engine."""
        return (self._several if self._cores.is_shared else self._alone).infer(x)

    def warm_up(self, sizes: Sequence[tuple[int, int]]) -> None:
        """See Engine. Until `complete`, several images at once share the network for one alone."""
        self._alone.warm_up(sizes)
        if self._streams == 1:
            self._let_go_of_the_file()

    def complete(self, sizes: Sequence[tuple[int, int]]) -> None:
        """See Engine."""
        if self._streams > 1 and self._several is self._alone:
            several = self._compile_for(self._streams)
            several.warm_up(sizes)
            self._several = several
            self._let_go_of_the_file()

    def _let_go_of_the_file(self) -> None:
        """Give its pages back: each network has its own copy. If a size not seen yet needs them, they come again."""
        del self._compile_for
        self._weights.madvise(mmap.MADV_DONTNEED)


class _Compiled:
    """A compiled network. A request serves one thread at a time, so each thread has its own."""

    def __init__(self, compiled: openvino.CompiledModel, names: Sequence[str], streams: int) -> None:
        self.streams = streams
        self._compiled = compiled
        self._names = names
        self._own = threading.local()

    def infer(self, x: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Return the outputs by name, in the memory of the thread's request: copying them takes a tenth of the time."""
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        outputs = self._own.request.infer([x], share_inputs=True, share_outputs=True)
        return dict(zip(self._names, outputs.values(), strict=True))

    def warm_up(self, sizes: Sequence[tuple[int, int]]) -> None:
        """Run each size once in each stream: every stream keeps what it prepares for a size to itself."""
        requests = [self._compiled.create_infer_request() for _ in range(self.streams)]
        for size in sorted(sizes, reverse=True):  # the largest first, so that the memory of the first serves all
            x = np.full((1, 3, *size), 0.5, np.float32)
            for request in requests:
                # Unless shared, x would be written to what a new request begins with: an earlier caller's array.
                request.start_async([x], share_inputs=True)
            for request in requests:
                request.wait()
