"""Pagesight itself, as the API runs it."""

import numpy as np
from numpy.typing import NDArray

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.tasks.detection.types import DetectionOptions
from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import THREADS, Heads

LIMITS = ImageLimits()
OPTIONS = DetectionOptions()


class Pagesight:
    """Options: precision, canvas ("grid" or "square"), input_size, and `how`.

    "plain": with the convolutions that need no private operator.
    """

    def __init__(
        self, files: BenchmarkFiles, precision: str, canvas: str, how: str = "", input_size: int | None = None
    ) -> None:
        if how == "plain":
            import api.models.darknet.reader

            api.models.darknet.reader.packing_works = lambda _dtype: False
        options = RunOptions(input_size=input_size, precision=Precision(precision), whole_square=canvas == "square")
        self._model = load_model(files.name, files.folder, options, Cores(THREADS))
        self._input = np.zeros((1, 3, *self._model.card.input.size), np.float32)

    def detect(self, jpeg: bytes) -> int:
        """See Contestant."""
        # As for a request that wants no picture back: pixels that the network has no use for are not decoded.
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
        return list(self._model.engine(self._input).values())


load = Pagesight
