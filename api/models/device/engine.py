"""An ONNX file computed by onnxruntime, whose WebAssembly build is what computes it in a browser."""

from collections.abc import Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from api.models.device.graph import IMAGE

ERRORS_ALONE = 3  # onnxruntime's number of how much it says


class OnnxRuntime:
    """See Engine."""

    precision = "float32"

    def __init__(self, file: bytes, threads: int) -> None:
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        settings.log_severity_level = ERRORS_ALONE
        self._session = onnxruntime.InferenceSession(file, settings, providers=["CPUExecutionProvider"])
        self._names = [output.name for output in self._session.get_outputs()]

    @property
    def description(self) -> str:
        """See Engine."""
        return f"{self.precision} by onnxruntime {onnxruntime.__version__}"

    def __call__(self, x: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """See Engine."""
        return dict(zip(self._names, self._session.run(None, {IMAGE: x}), strict=True))

    def warm_up(self, sizes: Sequence[tuple[int, int]]) -> None:
        """See Engine."""
        for size in sizes:
            self(np.full((1, 3, *size), 0.5, np.float32))

    def complete(self, sizes: Sequence[tuple[int, int]]) -> None:
        """See Engine. Nothing is left to do."""
