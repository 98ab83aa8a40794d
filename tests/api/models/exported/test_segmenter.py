"""Plain segmenters: DeepLab as OpenVINO alone computes it, and what an owner is asked for."""

from pathlib import Path

import numpy as np
import onnx
import openvino
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from onnx import TensorProto, helper
from PIL import Image

from api.models.errors import ModelError
from api.models.exported.definition import read_definition
from api.models.load import load_model
from api.models.model import Model
from api.models.options import Precision, RunOptions
from api.tasks.segmentation.types import SegmentationOptions
from harness.exported_tasks import DEEPLAB_TOML, put_deeplab
from harness.real_models import real_model

SAME = 0.999  # of the pixels
USUAL = 'family = "segmenter"\n[input]\nresize = "stretch"\nmean = [0.485, 0.456, 0.406]\nstd = [0.229, 0.224, 0.225]\n'
Shape = tuple[int | str, ...]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("segmenters")
    put_deeplab(folder)
    put_deeplab(folder, "letterboxed")
    (folder / "letterboxed.toml").write_text(DEEPLAB_TOML.replace('"stretch"', '"letterbox"'))
    return folder


@pytest.fixture(scope="module")
def deeplab(folder: Path) -> Model:
    return load_model("deeplab", folder, RunOptions(precision=Precision.FP32))


@pytest.fixture(scope="module")
def scores_of() -> object:
    """DeepLab's own scores (1, 21, 257, 257) of an image of 257 x 257 pixels, by OpenVINO without this project."""
    network = openvino.Core().compile_model(
        real_model("deeplabv3") / "deeplabv3.tflite", "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )

    def compute(pixels: NDArray[np.number]) -> torch.Tensor:
        x = pixels.astype(np.float32)[None] / 127.5 - 1
        return torch.from_numpy(network(x)[0]).permute(0, 3, 1, 2)

    return compute


def class_map(scores: torch.Tensor, size: tuple[int, int]) -> NDArray[np.int64]:
    return F.interpolate(scores, size, mode="bilinear", align_corners=False)[0].argmax(0).numpy()


def test_stretched_deeplab_has_openvinos_mask(deeplab: Model, photographs: dict[str, Path], scores_of: object):
    for path in photographs.values():
        with Image.open(path) as image:
            pixels = np.asarray(image)
            scaled = np.asarray(image.resize((257, 257), Image.Resampling.BILINEAR))
        expected = class_map(scores_of(scaled), pixels.shape[:2])
        found = deeplab.run(pixels, SegmentationOptions())
        assert found.class_map.shape == pixels.shape[:2]
        assert (found.class_map == expected).mean() >= SAME
        assert found.background == 0


@pytest.mark.parametrize("name", ["dog", "person", "eagle"])
def test_letterboxed_deeplab_has_openvinos_mask(
    folder: Path, photographs: dict[str, Path], scores_of: object, name: str
):
    """A reference of its own: the image on a grey canvas, and of the result the part that it covers."""
    with Image.open(photographs[name]) as image:
        pixels = np.asarray(image)
        scaled = image.resize((257, round(257 * image.height / image.width)), Image.Resampling.BILINEAR)
    top = (257 - scaled.height) // 2
    canvas = np.full((257, 257, 3), 127.5)
    canvas[top : top + scaled.height] = scaled
    expected = class_map(scores_of(canvas)[:, :, top : top + scaled.height], pixels.shape[:2])
    found = load_model("letterboxed", folder, RunOptions(precision=Precision.FP32)).run(pixels, SegmentationOptions())
    assert (found.class_map == expected).mean() >= SAME


def test_dog_and_bicycle_are_there(deeplab: Model, photographs: dict[str, Path]):
    with Image.open(photographs["dog"]) as image:
        found = deeplab.run(np.asarray(image), SegmentationOptions())
    assert [one.label for one in found.segments][:3] == ["background", "bicycle", "dog"]
    assert sum(one.share for one in found.segments) == pytest.approx(1)


def write_model(folder: Path, shape: Shape, kind: int = TensorProto.FLOAT, *, toml: str = "", outputs: int = 1) -> None:
    """Write a graph `mine` that takes 64 x 64 pixels, and whose outputs have this shape."""
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, (1, 3, 64, 64))
    names = [f"out{number}" for number in range(outputs)]
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["mean"], keepdims=0),
        helper.make_node("Cast", ["mean"], ["cast"], to=kind),
        helper.make_node("Constant", [], ["sides"], value_ints=shape),
        *(helper.make_node("Expand", ["cast", "sides"], [name]) for name in names),
    ]
    infos = [helper.make_tensor_value_info(name, kind, shape) for name in names]
    graph = helper.make_graph(nodes, "mine", [image], infos)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), folder / "mine.onnx"
    )
    (folder / "mine.names").write_text("\n".join(f"label {index}" for index in range(5)))
    if toml:
        (folder / "mine.toml").write_text(toml)


@pytest.mark.parametrize(
    ("shape", "kind", "output", "layout"),
    [
        ((1, 5, 16, 16), TensorProto.FLOAT, "", "nchw"),
        ((1, 16, 16, 5), TensorProto.FLOAT, "", "nhwc"),
        ((1, 5, 5, 5), TensorProto.FLOAT, 'layout = "nhwc"', "nhwc"),
        ((1, 5, 5, 5), TensorProto.FLOAT, 'layout = "nchw"', "nchw"),
        ((1, 16, 16), TensorProto.INT64, "", "ids"),
        ((1, 1, 16, 16), TensorProto.INT32, "", "ids"),
        ((1, 16, 16, 1), TensorProto.INT64, 'layout = "ids"', "ids"),
    ],
)
def test_layout_is_the_only_possible_one_or_the_owners(
    shape: Shape, kind: int, output: str, layout: str, tmp_path: Path
):
    write_model(tmp_path, shape, kind, toml=f"{USUAL}[output]\n{output}")
    model = load_model("mine", tmp_path, RunOptions(precision=Precision.FP32))
    assert (model.card.task, model.card.output["layout"]) == ("segmentation", layout)
    assert model.run(np.zeros((30, 40, 3), np.uint8), SegmentationOptions()).class_map.shape == (30, 40)


@pytest.mark.parametrize(
    ("shape", "outputs", "toml", "said"),
    [
        (
            (1, 5, 5, 5),
            1,
            USUAL,
            r'`\[output\] layout` must be "nchw" or "nhwc" for the output out0 1 x 5 x 5 x 5, not None',
        ),
        ((1, 5, 16, 16), 1, USUAL + '[output]\nlayout = "nhwc"', 'layout` must be "nchw" for'),
        ((1, 5, 16, 16), 2, USUAL, r"needs `\[output\] name`, one of its outputs: out0 .*; out1"),
        ((1, 5, 16, 16), 1, USUAL + '[output]\nname = "out"', r"needs `\[output\] name`, one of its outputs: out0"),
        ((1, 5, 16, 16), 1, USUAL + "[output]\nbackground = true", "background` is True, and a class id is expected"),
        ((1, 5, 16, 16), 1, 'family = "segmenter"', r"write `resize`, `mean` into \[input\] of mine.toml"),
        ((1, 5, 16, 16), 1, USUAL.replace("stretch", "centre-crop"), "a centre crop hides what is at the border"),
        ((1, 16), 1, USUAL, "is no segmenter, which has a score for each class and place"),
        ((1, 1, 16, 16), 1, USUAL, "is no segmenter"),
        ((1, 5, 16, 64), 1, USUAL, "is no segmenter"),
    ],
)
def test_what_is_missing_or_wrong_is_said(shape: Shape, outputs: int, toml: str, said: str, tmp_path: Path):
    write_model(tmp_path, shape, outputs=outputs, toml=toml)
    with pytest.raises(ModelError, match=said):
        read_definition("mine", tmp_path)


@pytest.mark.parametrize(("shape", "outputs"), [((1, 5, 16, 16), 1), ((1, 5, 5, 5), 1), ((1, 5, 16, 16), 2)])
def test_the_lines_that_are_asked_for_are_enough(shape: Shape, outputs: int, tmp_path: Path):
    write_model(tmp_path, shape, outputs=outputs)
    with pytest.raises(ModelError, match="Write into mine.toml beside it") as caught:
        read_definition("mine", tmp_path)
    (tmp_path / "mine.toml").write_text(str(caught.value).partition("beside it:\n")[2])
    card, _ = read_definition("mine", tmp_path)
    assert (card.task, card.output["name"]) == ("segmentation", "out0")
