"""Small exported models as the server takes them: byte checks here, all else in a process of its own."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto, helper, numpy_helper

from api.models.errors import ModelError
from api.models.load import load_model
from api.models.options import EngineChoice, Precision, RunOptions
from api.tasks.detection.types import DetectionOptions
from harness.small_exports import TOML, tflite, write_yolox, yolox_onnx

pytestmark = pytest.mark.long

EXACT = RunOptions(precision=Precision.FP32)


def add_10_gb(model: ModelProto) -> None:
    """Let a graph of 4 KB compute 2,500,000,000 numbers."""
    model.graph.initializer.append(numpy_helper.from_array(np.array([50_000, 50_000]), "sides"))
    model.graph.node[1].input[0] = "sum"
    nodes = [
        helper.make_node("ReduceMax", ["images"], ["largest"], keepdims=0),
        helper.make_node("ConstantOfShape", ["sides"], ["zeros"]),
        helper.make_node("Add", ["zeros", "largest"], ["many"]),
        helper.make_node("ReduceMax", ["many"], ["one"], keepdims=0),
        helper.make_node("Add", ["mean", "one"], ["sum"]),
    ]
    for place, node in enumerate(nodes, start=1):
        model.graph.node.insert(place, node)


def last_operator(kind: str, domain: str) -> Callable[[ModelProto], None]:
    def replace(model: ModelProto) -> None:
        model.graph.node[-1].CopyFrom(helper.make_node(kind, ["flat"], ["output"], domain=domain))
        model.opset_import.append(helper.make_opsetid(domain, 1))

    return replace


def test_model_is_converted_and_answers(tmp_path: Path) -> None:
    write_yolox(tmp_path, "mine")
    model = load_model("mine", tmp_path, EXACT)
    outputs = model.engine(np.full((1, 3, 32, 32), 0.5, np.float32))
    assert {name: values.shape for name, values in outputs.items()} == {"output": (1, 21, 7)}
    model.run(np.zeros((90, 160, 3), np.uint8), DetectionOptions())


def test_weights_beside_it_are_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(TOML)
    onnx.save(yolox_onnx(), tmp_path / "mine.onnx", save_as_external_data=True, location="w.data", size_threshold=0)
    x = np.full((1, 3, 32, 32), 0.5, np.float32)
    before = load_model("mine", tmp_path, EXACT).engine(x)["output"].copy()
    weights = np.fromfile(tmp_path / "w.data", np.uint8)
    weights[: weights.size // 2] = 0
    weights.tofile(tmp_path / "w.data")
    assert (load_model("mine", tmp_path, EXACT).engine(x)["output"] != before).any(), "it was not converted anew"


@pytest.mark.parametrize("precision", [Precision.AUTO, Precision.FP32])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (add_10_gb, "mine.* it needs more memory than a conversion may take"),
        (last_operator("Foo", "my.ops"), r"^mine.onnx cannot be read: OpenVINO does not have .*: my\.ops\.Foo; export"),
    ],
    ids=["10 GB", "operator of one's own"],
)
def test_what_cannot_be_computed_is_said(
    change: Callable[[ModelProto], None], said: str, precision: Precision, tmp_path: Path
) -> None:
    write_yolox(tmp_path, "mine")
    model = yolox_onnx()
    change(model)
    onnx.save(model, tmp_path / "mine.onnx")
    with pytest.raises(ModelError, match=said):
        load_model("mine", tmp_path, RunOptions(precision=precision))
    assert not list((tmp_path / "converted" / "mine").iterdir())


def test_boxes_inside_tflite_are_named(tmp_path: Path) -> None:
    (tmp_path / "mine.tflite").write_bytes(tflite(custom="TFLite_Detection_PostProcess"))
    with pytest.raises(
        ModelError, match="mine.tflite cannot be read: .* TFLite_Detection_PostProcess.*export it to ONNX"
    ):
        load_model("mine", tmp_path)


def test_pytorch_does_not_compute_it(tmp_path: Path) -> None:
    write_yolox(tmp_path, "mine")
    with pytest.raises(ModelError, match="and not by PyTorch: choose the engine auto or openvino"):
        load_model("mine", tmp_path, RunOptions(engine=EngineChoice.TORCH))
