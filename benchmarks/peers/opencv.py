"""OpenCV's DNN module, which reads Darknet's files itself."""

import cv2
import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.types import DetectionOptions
from benchmarks.model_files import BenchmarkFiles
from benchmarks.opencv_peer import OpenCvDetector
from benchmarks.peers.contract import CONFIDENCE, IOU, THREADS, Heads


class OpenCv:
    """See Contestant."""

    def __init__(self, files: BenchmarkFiles) -> None:
        cv2.setNumThreads(THREADS)
        self._detector = OpenCvDetector(files.cfg, files.weights, files.read_labels(80), confidence=CONFIDENCE)
        self._thresholds = DetectionOptions(confidence=CONFIDENCE, iou=IOU)

    def detect(self, jpeg: bytes) -> int:
        """See Contestant."""
        image = cv2.cvtColor(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        return len(self._detector.detect(image, self._thresholds))

    def use(self, image: NDArray[np.float32]) -> None:
        """See Contestant."""
        self._input = image

    def infer(self) -> object:
        """See Contestant."""
        return self._detector.run(self._input)

    def raw(self) -> Heads:
        """See Contestant."""
        return self._detector.run_raw(self._input)


load = OpenCv
