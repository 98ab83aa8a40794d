"""The models of the benchmarks in every form that a contestant reads.

`python -m benchmarks.model_files FOLDER yolov3 yolov3-tiny` writes them, with photographs of `--data` for int8. It is a
process of its own, so that its threads and its memory are gone before anything is measured.

yolov3's weights are generated: the speed of a network does not depend on the values of its weights, and so everybody
can repeat the measurement without a download of 248 MB.
"""

import argparse
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from api.images.limits import ImageLimits
from api.models.darknet.files import ModelFiles
from benchmarks.calibration import write_calibration
from benchmarks.peers.letterbox import letterbox
from benchmarks.photographs import EXAMPLES, write_photographs

WEIGHTS = Path(__file__).parents[1] / "weights"
TRAINED = "yolov3-tiny"  # has its published weights
SIZE = 416
THREADS = os.cpu_count() or 1
CELLS_WITH_OBJECTS = 6  # of each head, in the photograph with the most
CONFIDENCE = 0.25


@dataclass(frozen=True)
class BenchmarkFiles(ModelFiles):
    """A model's three files and what is made from them."""

    @property
    def converted(self) -> Path:
        """The folder with what Pagesight makes of models."""
        return self.folder / "converted"

    @property
    def quantized(self) -> Path:
        """The int8 graph that `make quantize` writes."""
        return self.folder / f"{self.name}-int8.xml"

    @property
    def reference(self) -> Path:
        """The raw outputs of plain float32, for the input `image`."""
        return self.folder / f"{self.name}.reference.npz"

    def peer(self, ending: str) -> Path:
        """Return a file for the peers, who have a folder of their own."""
        return self.folder / "peers" / f"{self.name}.{ending}"


def main() -> None:
    """Write all forms of the models that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--data", type=Path, help="photographs: every other one calibrates int8")
    arguments = parser.parse_args()
    for name in arguments.models:
        files = BenchmarkFiles(name, arguments.folder)
        files.peer("").parent.mkdir(parents=True, exist_ok=True)
        if not files.reference.exists():
            write_darknet(files)
            _write_graphs(files)
            _write_reference(files)
        photographs = write_calibration(arguments.folder / "calibration", arguments.data)
        if not files.quantized.exists():
            _quantize_ours(files, photographs, is_judged=name == TRAINED and bool(arguments.data))
        if not files.peer("int8.xml").exists():
            _quantize_peer(files, photographs)


def write_darknet(files: BenchmarkFiles) -> None:
    """Write cfg, weights and names."""
    from harness.darknet_models import ARCHITECTURES

    labels = (WEIGHTS / "coco.names").read_text().split("\n")[:80]
    if files.name == TRAINED:
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
    write_onnx(network, files.peer("onnx"))
    write_ncnn(network, files.peer("param"), files.peer("bin"))


def _quantize_ours(files: BenchmarkFiles, folder: Path, *, is_judged: bool) -> None:
    """Quantize as `make quantize` does.

    If it is not judged, only its speed is wanted: generated weights find noise, and in int8 other noise.
    """
    from api.commands.photographs import Photographs, find_photographs
    from api.models.engines.cores import Cores
    from api.models.options import RunOptions
    from api.models.quantized import quantize

    if not is_judged:
        quantize.LEAST_AGREEMENT, quantize.LEAST_FOUND = 0.0, 0
    paths = find_photographs(folder, len(list(folder.iterdir())))
    held_out = paths[quantize.HELD_OUT - 1 :: quantize.HELD_OUT]
    photographs = (
        Photographs([path for path in paths if path not in held_out], ImageLimits(), f"{files.name}: calibrating"),
        Photographs(held_out, ImageLimits(), f"{files.name}: comparing with float32"),
    )
    options = RunOptions(converted_dir=files.converted)
    print(quantize.quantize_model(files.name, files.folder, photographs, options, Cores(THREADS)))


def _quantize_peer(files: BenchmarkFiles, photographs: Path) -> None:
    """Quantize the peers' graph by the defaults of OpenVINO's own tool, on the same photographs."""
    import nncf
    import openvino

    paths = sorted(photographs.iterdir())
    data = nncf.Dataset(paths, square_tensor)
    quantized = nncf.quantize(openvino.Core().read_model(files.peer("onnx")), data, subset_size=len(paths))
    openvino.save_model(quantized, files.peer("int8.xml"), compress_to_fp16=False)


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
    np.savez(files.reference, image=image, **{name: head.numpy() for name, head in raw.items()})


def square_tensor(path: Path) -> np.ndarray:
    """Return a photograph letterboxed into the network's square, (1, 3, H, W) float32 in 0..1."""
    return cv2.dnn.blobFromImage(letterbox(cv2.imread(str(path)), (SIZE, SIZE)).canvas, 1 / 255, swapRB=True)


if __name__ == "__main__":
    main()
