"""Pagesight itself, as the API runs it."""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.darknet.detector import Detector
from api.models.darknet.network import read_network
from api.models.engines.options import Canvas, Precision, RunOptions
from api.models.engines.runtime import Execution, Runtime, choose_execution
from api.work.allocator import give_back_at_once, keep_for_reuse, use_one_arena
from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import THREADS, Heads
from harness.raw_outputs import as_tensor

LIMITS = ImageLimits()


class Pagesight:
    """Options: precision, canvas, input_size, and `how`.

    "plain": with the convolutions that need no private operator; "whole": heads computed in every cell, and not only
    where something may be.
    """

    def __init__(
        self, files: BenchmarkFiles, precision: str, canvas: str, how: str = "", input_size: int | None = None
    ) -> None:
        options = RunOptions(
            threads=THREADS, input_size=input_size, precision=Precision(precision), canvas=Canvas(canvas)
        )
        use_one_arena()
        give_back_at_once()  # as the server does while it loads, and the other once it serves
        network = read_network(files.cfg)
        if input_size:
            network.input_size = (input_size, input_size)
        chosen = Execution(torch.float32, packed=False) if how == "plain" else choose_execution(options.precision)
        execution = replace(chosen, on_demand=how != "whole")
        self._runtime = Runtime(network, files.weights, options, execution)
        labels = files.read_labels(network.classes)
        self._detector = Detector(files.name, network, labels, runtime=self._runtime, options=options)
        self._input = torch.zeros((1, 3, *network.input_size))
        keep_for_reuse()

    def detect(self, jpeg: bytes) -> int:
        """See Contestant."""
        # As for a request that wants no picture back: pixels that the network has no use for are not decoded.
        image = decode_image(jpeg, orientation=None, limits=LIMITS, enough_for=max(self._detector.input_size))
        return len(self._detector.detect(image.pixels, image_size=image.size).detections)

    def use(self, image: NDArray[np.float32]) -> None:
        """See Contestant."""
        self._input = torch.from_numpy(image)

    def infer(self) -> object:
        """See Contestant."""
        return [raw.objectness() for raw in self._runtime.run(self._input)]

    def raw(self) -> Heads:
        """See Contestant."""
        return [as_tensor(raw).numpy() for raw in self._runtime.run(self._input)]


load = Pagesight
