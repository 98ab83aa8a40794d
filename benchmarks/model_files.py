"""The models of the benchmarks in every form that a contestant reads.

`python -m benchmarks.model_files FOLDER yolov3 yolov3-tiny` writes them; it runs in a process of its own, so that its
threads and its memory are gone before anything is measured.

yolov3's weights are generated: the speed of a network does not depend on the values of its weights, and so everybody
can repeat the measurement without a download of 248 MB.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from api.models.darknet.files import ModelFiles
from benchmarks.peers.letterbox import letterbox
from benchmarks.photographs import EXAMPLES, write_photographs

WEIGHTS = Path(__file__).parents[1] / "weights"
SIZE = 416
CELLS_WITH_OBJECTS = 6  # of each head, in the photograph with the most
CONFIDENCE = 0.25


@dataclass(frozen=True)
class BenchmarkFiles(ModelFiles):
    """A model's three files and what is made from them."""

    def file(self, ending: str) -> Path:
        """Return `NAME.ending`."""
        return self.folder / f"{self.name}.{ending}"


def main(folder: Path, names: list[str]) -> None:
    """Write all forms of the models that are not there yet."""
    for name in names:
        files = BenchmarkFiles(name, folder)
        if not files.file("reference.npz").exists():
            write_darknet(files)
            _write_graphs(files)
            _write_int8(files)
            _write_reference(files)


def write_darknet(files: BenchmarkFiles) -> None:
    """Write cfg, weights and names."""
    from harness.darknet_models import ARCHITECTURES

    labels = (WEIGHTS / "coco.names").read_text().split("\n")[:80]
    if files.name == "yolov3-tiny":
        shutil.copy(WEIGHTS / "yolov3-tiny.cfg", files.cfg)
        shutil.copy(WEIGHTS / "yolov3-tiny.weights", files.weights)
        files.names.write_text("\n".join(labels) + "\n")
    else:
        write_generated(files, ARCHITECTURES[files.name], labels)


def write_generated(files: BenchmarkFiles, cfg: str, labels: Sequence[str] | None = None) -> None:
    """Write a model with generated weights that finds about as much as a photograph shows."""
    from harness.darknet_models import write_model

    write_model(files.folder, files.name, cfg, labels=labels)
    _find_little(files)


def _find_little(files: BenchmarkFiles) -> None:
    """Lower the objectness of generated weights until as little is found as in a photograph.

    Else suppression, which a trained network gives little to do, would be what is measured.
    """
    import torch

    from api.models.darknet.network import YoloHead, read_network
    from api.models.darknet.weights import FLOAT_BYTES, float_count, load_weights, read_header

    network = read_network(files.cfg).eval()
    load_weights(network, files.weights)
    with torch.inference_mode():
        photographs = write_photographs(files.folder).values()
        raw = network(torch.cat([torch.from_numpy(square_tensor(path)) for path in photographs])).values()
    offset = read_header(files.weights).size
    values = np.memmap(files.weights, "u1", mode="r+")
    heads = iter(zip(raw, network.heads, strict=True))
    for index, convolution in network.convolutions():
        if isinstance(network.layers[index + 1], YoloHead):
            output, head = next(heads)
            objectness = output.unflatten(1, (len(head.anchors), -1))[:, :, 4].flatten(1)
            highest = objectness.topk(CELLS_WITH_OBJECTS, dim=1).values[:, -1].max().item()
            bias = values[offset : offset + convolution.conv.out_channels * FLOAT_BYTES].view("<f4")
            bias[4 :: 5 + head.classes] -= highest + np.log((1 - CONFIDENCE) / CONFIDENCE)
        offset += float_count(convolution) * FLOAT_BYTES
    values.flush()


def _write_graphs(files: BenchmarkFiles) -> None:
    from api.models.darknet.network import read_network
    from api.models.darknet.weights import load_weights
    from benchmarks.ncnn_graph import write_ncnn
    from benchmarks.onnx_graph import write_onnx

    network = read_network(files.cfg).eval()
    load_weights(network, files.weights)
    write_onnx(network, files.file("onnx"))
    write_ncnn(network, files.file("param"), files.file("bin"))


def _write_int8(files: BenchmarkFiles) -> None:
    """Quantize with OpenVINO's own tool on the example photographs; where that is not installed, int8 is left out."""
    try:
        import nncf
        import openvino
    except ImportError:
        sys.stderr.write("nncf is not installed: OpenVINO int8 is left out\n")
        return
    photographs = [square_tensor(path) for path in sorted(EXAMPLES.glob("*.jpg"))]
    model = openvino.Core().read_model(files.file("onnx"))
    quantized = nncf.quantize(model, nncf.Dataset(photographs), subset_size=len(photographs))
    openvino.save_model(quantized, files.file("int8.xml"), compress_to_fp16=False)


def _write_reference(files: BenchmarkFiles) -> None:
    """Compute a photograph's raw outputs with torch's own plain convolutions in float32."""
    import torch

    from api.models.darknet.network import read_network
    from api.models.darknet.weights import load_weights

    image = square_tensor(EXAMPLES / "dog.jpg")
    network = read_network(files.cfg).eval()
    load_weights(network, files.weights)
    with torch.inference_mode():
        raw = network(torch.from_numpy(image))
    np.savez(files.file("reference.npz"), image=image, **{name: head.numpy() for name, head in raw.items()})


def square_tensor(path: Path) -> np.ndarray:
    """Return a photograph letterboxed into the network's square, (1, 3, H, W) float32 in 0..1."""
    return cv2.dnn.blobFromImage(letterbox(cv2.imread(str(path)), (SIZE, SIZE)).canvas, 1 / 255, swapRB=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
