"""Finished boxes: torchvision's own detector as PyTorch exports it; TensorFlow's and the model zoo's form; a word's.

TensorFlow's form: `detection_boxes` and its kin in `exporter_lib_v2.py` of
https://github.com/tensorflow/models/tree/master/research/object_detection. The model zoo's: the README of `ssd` in
https://github.com/onnx/models.
"""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torchvision.models.detection import ssdlite320_mobilenet_v3_large

from api.models.errors import ModelError
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.tasks.detection.boxes import make_decode
from api.tasks.detection.types import DetectionOptions
from api.tasks.letterbox import Letterbox
from harness.exported_models import SHAPES, assert_same, photograph
from harness.exporting import export

EXACT = RunOptions(precision=Precision.FP32)
OPTIONS = DetectionOptions(confidence=0.3, max_detections=1000)
LABELS = ("ant", "bee")


def make_ssd() -> nn.Module:
    """Return a random detector of torchvision whose layers are normalised, so that its answers differ."""
    torch.manual_seed(0)
    network = ssdlite320_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=3, topk_candidates=20, detections_per_img=50
    )
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0  # the statistics of the one batch below
    for module in network.head.classification_head.module_list:
        nn.init.normal_(module[1].weight, 0.0, 0.02)
    with torch.no_grad():
        network.head(list(network.backbone(torch.rand(8, 3, 320, 320) * 2 - 1).values()))
    return network.eval()


def test_torchvisions_export(tmp_path: Path, photographs: dict[str, Path]) -> None:
    network = make_ssd()
    size = (256, 320)
    export(network, tmp_path / "mine.onnx", torch.rand(1, 3, *size), names=(("image",), ("boxes", "scores", "labels")))
    (tmp_path / "mine.names").write_text("\n".join(LABELS) + "\n")
    model = load_model("mine", tmp_path, EXACT)
    assert model.card.reasons["family"] == "its outputs are those of torchvision"
    for shape in SHAPES:
        image = photograph(photographs["dog"], shape)
        gain = min(size[0] / shape[0], size[1] / shape[1])
        height, width = int(shape[0] * gain), int(shape[1] * gain)
        canvas = np.full((*size, 3), 114, np.uint8)
        canvas[:height, :width] = cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR)
        with torch.no_grad():
            (found,) = network([torch.from_numpy(canvas).permute(2, 0, 1) / 255])
        kept = found["scores"] >= OPTIONS.confidence
        boxes = (found["boxes"][kept] / gain).numpy().clip(0, [shape[1], shape[0], shape[1], shape[0]])
        inside = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
        assert_same(
            model.run(image, OPTIONS).detections,
            boxes[inside], found["scores"][kept].numpy()[inside], found["labels"][kept].numpy()[inside] - 1,
        )  # fmt: skip


def write_constant(path: Path, image: tuple[str, int, list[Any]], **outputs: NDArray[Any]) -> None:
    """Write a graph that answers the same to every image; `image`: the input's name, type and shape."""
    name, kind, shape = image
    nodes = [
        helper.make_node("Cast", [name], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["numbers"], ["highest"], keepdims=0),
        helper.make_node("Mul", ["highest", "zero"], ["nothing"]),
    ]
    constants = [numpy_helper.from_array(np.float32(0), "zero")]
    for output, value in outputs.items():
        constants.append(numpy_helper.from_array(value.astype(np.float32), f"constant_{output}"))
        nodes.append(helper.make_node("Add", [f"constant_{output}", "nothing"], [f"float_{output}"]))
        nodes.append(
            helper.make_node("Cast", [f"float_{output}"], [output], to=helper.np_dtype_to_tensor_dtype(value.dtype))
        )
    ports = [
        helper.make_tensor_value_info(output, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape)
        for output, value in outputs.items()
    ]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info(name, kind, shape)], ports, constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)


BOXES = np.array([[0.1, 0.2, 0.5, 0.9], [0.0, 0.0, 0.3, 0.3], [0.0, 0.0, 0.0, 0.0]], np.float32)
SCORES = np.array([0.9, 0.6, 0.0], np.float32)


def test_tensorflows_boxes_are_top_left_first(tmp_path: Path, photographs: dict[str, Path]) -> None:
    write_constant(
        tmp_path / "mine.onnx",
        ("input_tensor", TensorProto.UINT8, [1, "height", "width", 3]),
        detection_boxes=BOXES[None],
        detection_classes=np.array([[2, 1, 1]], np.float32),
        detection_scores=SCORES[None],
        num_detections=np.array([3], np.float32),
    )
    (tmp_path / "mine.names").write_text("\n".join(LABELS) + "\n")
    model = load_model("mine", tmp_path, EXACT)
    for height, width in SHAPES:
        expected = BOXES[:2, [1, 0, 3, 2]] * [width, height, width, height]
        found = model.run(photograph(photographs["dog"], (height, width)), OPTIONS).detections
        assert_same(found, expected, SCORES[:2], np.array([1, 0]))


def test_model_zoos_boxes_are_shares_of_the_input(tmp_path: Path, photographs: dict[str, Path]) -> None:
    write_constant(
        tmp_path / "mine.onnx",
        ("image", TensorProto.FLOAT, [1, 3, 96, 96]),
        bboxes=BOXES[None],
        labels=np.array([[1, 2, 1]]),
        scores=SCORES[None],
    )
    (tmp_path / "mine.names").write_text("\n".join(LABELS) + "\n")
    model = load_model("mine", tmp_path, EXACT)
    for height, width in SHAPES:
        expected = BOXES[:2] * [width, height, width, height]
        found = model.run(photograph(photographs["dog"], (height, width)), OPTIONS).detections
        assert_same(found, expected, SCORES[:2], np.array([0, 1]))


def test_other_names_are_read_as_the_owner_says(tmp_path: Path, photographs: dict[str, Path]) -> None:
    write_constant(
        tmp_path / "mine.onnx",
        ("image", TensorProto.FLOAT, [1, 3, 96, 96]),
        rects=BOXES[None] * 96,
        kinds=np.array([[7, 9, 7]]),
        sureness=SCORES[None],
    )
    with pytest.raises(ModelError, match=r'family = "boxes"\n *\[output\]\n *boxes = "rects"\n *classes = "..."'):
        load_model("mine", tmp_path)
    (tmp_path / "mine.toml").write_text(
        'family = "boxes"\nlabels = ["ant", "bee"]\n[output]\nboxes = "rects"\nclasses = "kinds"\nscores = "sureness"\n'
        'order = "xyxy"\nnormalised = false\nclass_ids = [9, 7]\n'
    )
    height, width = SHAPES[0]
    found = load_model("mine", tmp_path, EXACT).run(photograph(photographs["dog"], SHAPES[0]), OPTIONS).detections
    assert_same(found, BOXES[:2] * [width, height, width, height], SCORES[:2], np.array([1, 0]))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "`boxes`, `classes` and `scores` under .output. must name outputs of it, which are: rects 1 x 3 x 4"),
        ('boxes = "rects"\nclasses = "kinds"\nscores = "sureness"\n', '`.output. order` is not there, and "xyxy" or'),
        (
            'boxes = "rects"\nclasses = "kinds"\nscores = "sureness"\norder = "xyxy"\nnormalised = "no"\n',
            "`.output. normalised` is 'no', and true or false is expected",
        ),
        (
            'boxes = "rects"\nclasses = "kinds"\nscores = "sureness"\norder = "xyxy"\nnormalised = true\n'
            "first_class = 2\n",
            "`.output. first_class` is 2, and 0 or 1 is expected",
        ),
    ],
)
def test_incomplete_word_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    image = ("image", TensorProto.FLOAT, [1, 3, 96, 96])
    write_constant(tmp_path / "mine.onnx", image, rects=BOXES[None], kinds=np.array([[1, 1, 1]]), sureness=SCORES[None])
    (tmp_path / "mine.toml").write_text(f'family = "boxes"\nlabels = ["ant", "bee"]\n[output]\n{lines}')
    with pytest.raises(ModelError, match=said):
        load_model("mine", tmp_path)


def test_masks_and_points_are_in_pixels_of_the_image() -> None:
    mask = np.zeros((1, 1, 100, 200), np.float32)
    mask[0, 0, 20:60, 40:120] = 1
    points = np.array([[[50, 30, 1], [100, 40, 1]]], np.float32)
    names = {
        "boxes": "boxes", "classes": "labels", "scores": "scores", "masks": "masks", "keypoints": "keypoints",
        "points": ["nose", "tail"], "order": "xyxy", "normalised": False, "first_class": 1,
    }  # fmt: skip
    outputs = {
        "boxes": np.array([[40, 20, 120, 60]], np.float32), "labels": np.array([1]), "masks": mask,
        "scores": np.array([0.9], np.float32), "keypoints": points,
    }  # fmt: skip
    letterbox = Letterbox.stretch((300, 400), (100, 200))  # an image that was shrunk by 3 in height and 2 in width
    (one,) = make_decode(names, ("ant",))(outputs, letterbox, OPTIONS).detections
    corners = np.array(one.polygon)
    np.testing.assert_allclose(corners.min(axis=0), [80, 60], atol=1)
    np.testing.assert_allclose(corners.max(axis=0), [240, 180], atol=1)
    assert [(point.name, point.x, point.y) for point in one.keypoints] == [("nose", 100, 90), ("tail", 200, 120)]
