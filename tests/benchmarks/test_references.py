"""benchmarks/references: our results are those of each reference, on pictures, by other code than ours."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from pycocotools import mask as masks

from api.models.card import InputSpec, ModelCard
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model, make_model
from api.models.options import EngineChoice, Precision, RunOptions
from api.models.torchvision.reader import read_model
from api.tasks.detection.types import DetectionOptions
from benchmarks.datasets import DatasetError
from benchmarks.found import Found, Point, from_detections
from benchmarks.references import torchvision_eager
from benchmarks.references.reference import Reference, find_reference
from benchmarks.task_parity import compare_classes, compare_detections, compare_maps, count_alone, match
from harness.real_models import real_model
from harness.small_exports import write_yolox
from harness.torchvision_models import generate, save_model

EXACT = RunOptions(precision=Precision.FP32)
Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def picture() -> Pixels:
    """Soft spots, wider than high."""
    spots = np.random.default_rng(1).integers(0, 256, (9, 12, 3), np.uint8)
    return np.asarray(np.kron(spots, np.ones((24, 24, 1))), np.uint8)


def with_torch(builder: str, picture: Pixels, folder: Path, more: str = "") -> tuple[Model, Reference]:
    """Return a builder's network as PyTorch computes it here, with generated weights, and torchvision itself."""
    save_model(generate(builder, [picture, picture[:, ::-1]]), folder, "mine", f'builder = "{builder}"\n{more}')
    options = RunOptions(precision=Precision.FP32, engine=EngineChoice.TORCH)
    return (model := read_model("mine", folder, options, Cores(2))), find_reference(model, folder)


def test_classifier_of_torchvision(picture: Pixels, tmp_path: Path):
    model, reference = with_torch("mobilenet_v3_small", picture, tmp_path)
    assert reference.name.startswith("torchvision 0.")
    assert reference.run(picture).sum() == pytest.approx(1, abs=1e-5)
    same, off = compare_classes(model, reference, [picture])
    assert same == "the first label on 1"
    assert float(off.split()[0]) < 1e-4
    assert compare_classes(model, Reference("other", lambda _: np.eye(1000)[7]), [picture])[0] == "the first label on 0"


def test_segmenter_of_torchvision(picture: Pixels, tmp_path: Path):
    builder = "lraspp_mobilenet_v3_large"
    model, reference = with_torch(builder, picture, tmp_path, "[input]\nsize = [128, 512]\n")
    same, _ = compare_maps(model, reference, [picture])
    assert same.endswith("99.9% or more on 1")
    other = Reference("other", lambda image: (reference.run(image) + 1) % 21)
    assert compare_maps(model, other, [picture])[0] == "0.0000% of the pixels, 99.9% or more on 0"


def test_detector_of_torchvision(picture: Pixels, tmp_path: Path):
    model, reference = with_torch("ssdlite320_mobilenet_v3_large", picture, tmp_path)
    options = DetectionOptions(confidence=0.1, iou=0.55, max_detections=300)  # that builder's own
    same, words = compare_detections(model, reference, [picture], options)
    found, alone = int(same.split()[0]), int(same.split()[2])
    assert found > 5
    assert alone <= 0.02 * found  # at rank 300 or at the limit of overlap a rounding decides
    assert float(words.split()[1].strip(",")) > 0.98


def test_masks_and_points_of_torchvision_are_read(picture: Pixels):
    inside = torch.zeros(1, 1, *picture.shape[:2])
    inside[..., 10:20, 30:50] = 0.6

    class Selecting(torch.nn.Module):
        def forward(self, _images: list[torch.Tensor]) -> list[dict[str, torch.Tensor]]:
            return [
                {
                    "boxes": torch.tensor([[30.0, 10.0, 50.0, 20.0]]), "labels": torch.tensor([3]),
                    "scores": torch.tensor([0.75]), "masks": inside, "keypoints": torch.tensor([[[31.0, 12.0, 1.0]]]),
                }
            ]  # fmt: skip

    (found,) = torchvision_eager.detect(Selecting(), picture, ("nose",))
    assert (found.class_id, found.confidence, found.box_xyxy) == (3, 0.75, (30, 10, 50, 20))
    assert masks.area(found.mask) == 200
    assert found.points == (Point("nose", 31, 12),)


def write_onnx(folder: Path, *, by_pixel: bool) -> None:
    """Write a network of one convolution: 4 classes of each pixel of 64 x 64, or of all together."""
    kernel = np.random.default_rng(2).normal(0, 1, (4, 3, 5, 5)).astype(np.float32)
    nodes = [helper.make_node("Conv", ["image", "kernel"], ["scores"], pads=[2, 2, 2, 2])]
    if not by_pixel:
        nodes.append(helper.make_node("ReduceMean", ["scores", "axes"], ["means"], keepdims=0))
    shape = (1, 4, 64, 64) if by_pixel else (1, 4)
    graph = helper.make_graph(
        nodes,
        "mine",
        [helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, (1, 3, 64, 64))],
        [helper.make_tensor_value_info("scores" if by_pixel else "means", onnx.TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(np.array([2, 3]), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, folder / "mine.onnx")
    (folder / "mine.names").write_text("ant\nbee\ncat\ndog\n")


USUAL = 'mean = [0.4, 0.5, 0.6]\nstd = [0.2, 0.25, 0.3]\nsampling = "antialias"\n'


def test_exported_classifier(picture: Pixels, tmp_path: Path):
    write_onnx(tmp_path, by_pixel=False)
    fit = 'resize = "centre-crop"\nshorter_side = 80\ncolour = "bgr"\n'
    (tmp_path / "mine.toml").write_text(
        f'family = "classifier"\n[input]\n{fit}{USUAL}[output]\nactivation = "softmax"\n'
    )
    model = load_model("mine", tmp_path, EXACT)
    reference = find_reference(model, tmp_path)
    assert reference.name.startswith("onnxruntime 1.")
    assert float(compare_classes(model, reference, [picture])[1].split()[0]) < 1e-5


def test_exported_segmenter(picture: Pixels, tmp_path: Path):
    write_onnx(tmp_path, by_pixel=True)
    (tmp_path / "mine.toml").write_text(f'family = "segmenter"\n[input]\nresize = "stretch"\n{USUAL}')
    model = load_model("mine", tmp_path, EXACT)
    reference = find_reference(model, tmp_path)
    assert compare_maps(model, reference, [picture])[0].endswith("99.9% or more on 1")
    assert reference.run(picture).shape == picture.shape[:2]


def test_exported_detector(picture: Pixels, tmp_path: Path):
    write_yolox(tmp_path, "mine")
    model = load_model("mine", tmp_path, EXACT)
    options = DetectionOptions(confidence=0.005, max_detections=1000)
    reference = find_reference(model, tmp_path, options)
    found = from_detections(model.run(picture, options).detections, picture.shape[:2])
    assert len(match(found, reference.run(picture))) == len(found) > 0


def test_faces_are_found_by_opencv(picture: Pixels, tmp_path: Path):
    (tmp_path / "faces.onnx").symlink_to(real_model("faces") / "faces.onnx")
    model = load_model("faces", tmp_path, EXACT)
    assert find_reference(model, tmp_path).name.endswith("FaceDetectorYN")
    assert compare_detections(model, find_reference(model, tmp_path), [picture])[0] == "0 objects, 0 by one alone"


def test_format_without_a_reference_is_named(tmp_path: Path):
    card = ModelCard(
        name="mine", task="detection", family="yolox", labels=("ant",), input=InputSpec(size=(32, 32)),
        source_format="OpenVINO", output={"decoded": True},
    )  # fmt: skip
    with pytest.raises(DatasetError, match="no reference for mine, which is in the format OpenVINO"):
        find_reference(make_model(card, None), tmp_path)  # type: ignore[arg-type]


def test_what_one_alone_has_found_is_counted():
    one, near = Found(0, 0.9, (0, 0, 100, 100)), Found(0, 0.9, (0, 0, 100, 99))
    far, doubtful = Found(0, 0.6, (0, 0, 40, 40)), Found(0, 0.25, (50, 50, 60, 60))
    pairs = match([one, far], [near, doubtful])
    assert pairs == [(one, near)]
    assert count_alone([one, far], [near, doubtful], pairs) == 1
    assert match([one], [Found(1, 0.9, (0, 0, 100, 100))]) == []
