"""Pagesight itself, as the API runs it."""

import numpy as np
from numpy.typing import NDArray

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.options import EngineChoice, Precision, RunOptions
from api.tasks.detection.types import DetectionOptions
from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import THREADS, Heads

LIMITS = ImageLimits()
OPTIONS = DetectionOptions()


class Pagesight:
    """Options: precision, engine, input_size. The model of int8 is the one that `make quantize` wrote."""

    def __init__(self, files: BenchmarkFiles, precision: str, engine: str, input_size: int | None = None) -> None:
        name = files.quantized.stem if precision == "int8" else files.name
        options = RunOptions(
            input_size=input_size, precision=Precision(precision), engine=EngineChoice(engine),
            converted_dir=files.converted,
        )  # fmt: skip
        self._cores = Cores(THREADS)
        self._model = load_model(name, files.folder, options, self._cores)
        self._input = np.zeros((1, 3, *self._model.card.input.size), np.float32)

    def detect(self, jpeg: bytes) -> int:
        """See Contestant."""
        with self._cores.taken():  # as for a request that wants no picture: what the network cannot use is not decoded
            image = decode_image(jpeg, orientation=None, limits=LIMITS, enough_for=max(self._model.card.input.size))
            return len(self._model.run(image.pixels, OPTIONS, image_size=image.size).detections)

    def use(self, image: NDArray[np.float32]) -> None:
        """See Contestant."""
        self._input = image

    def infer(self) -> object:
        """See Contestant."""
        return self._model.engine(self._input)

    def raw(self) -> Heads:
        """See Contestant."""
        return [np.array(head, np.float32, copy=True) for head in self._model.engine(self._input).values()]


load = Pagesight
