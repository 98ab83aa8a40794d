"""pytorchyolo (PyTorch-YOLOv3), which is plain eager PyTorch: batch norm apart, no fusion, its own detect path."""

import re
import tempfile
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.model_files import BenchmarkFiles
from benchmarks.peers.contract import CONFIDENCE, IOU, THREADS, Heads

# imgaug, which it imports, asks for what NumPy 2 took away.
np.sctypes = {  # type: ignore[attr-defined]
    "int": [np.int8, np.int16, np.int32, np.int64],
    "uint": [np.uint8, np.uint16, np.uint32, np.uint64],
    "float": [np.float16, np.float32, np.float64],
    "complex": [np.complex64, np.complex128],
    "others": [bool, object, bytes, str, np.void],
}
from pytorchyolo.detect import detect_image  # noqa: E402
from pytorchyolo.models import load_model  # noqa: E402

# It reads how a network was trained, too.
TRAINING = (
    "batch=1\nsubdivisions=1\nmomentum=0.9\ndecay=0.0005\nlearning_rate=0.001\nburn_in=1000\nmax_batches=1\n"
    "policy=steps\nsteps=1\nscales=1\n"
)


class PyTorchYolo:
    """See Contestant."""

    def __init__(self, files: BenchmarkFiles) -> None:
        torch.set_num_threads(THREADS)
        with tempfile.TemporaryDirectory() as folder:
            cfg = Path(folder) / files.cfg.name
            text = re.sub(r"(?m)^(batch|subdivisions)=.*\n", "", files.cfg.read_text())
            cfg.write_text(text.replace("[net]\n", f"[net]\n{TRAINING}"))
            self._model = load_model(str(cfg), str(files.weights)).eval()

    def detect(self, jpeg: bytes) -> int:
        """See Contestant."""
        image = cv2.cvtColor(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        return len(detect_image(self._model, image, conf_thres=CONFIDENCE, nms_thres=IOU))

    def use(self, image: NDArray[np.float32]) -> None:
        """See Contestant."""
        self._input = torch.from_numpy(image)

    def infer(self) -> object:
        """See Contestant."""
        with torch.no_grad():
            return self._model(self._input)

    def raw(self) -> Heads:
        """See Contestant."""
        heads: Heads = []
        hooks = [
            layer.register_forward_pre_hook(lambda _layer, inputs: heads.append(inputs[0].numpy().copy()))
            for layer in self._model.yolo_layers
        ]
        self.infer()
        for hook in hooks:
            hook.remove()
        return heads


load = PyTorchYolo
