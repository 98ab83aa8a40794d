"""YOLOX-Nano, as it is exported and with its boxes decoded, against onnxruntime and the decoding of YOLOX's own demo.

Source of the decoding: `demo_postprocess` in `yolox/utils/demo_utils.py`, of the input `preproc` in
`yolox/data/data_augment.py` of https://github.com/Megvii-BaseDetection/YOLOX.
"""

import shutil
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from api.models.errors import ModelError
from api.models.load import load_model
from api.models.model import Model
from api.models.options import Precision, RunOptions
from api.tasks.detection.types import DetectionOptions
from harness.exported_models import SHAPES, assert_same, keep_best, photograph, run_onnx, write_random_yolox
from harness.gunicorn_server import PROJECT
from harness.real_models import real_model

SIDE = 416
OPTIONS = DetectionOptions(confidence=0.1)
EXACT = RunOptions(precision=Precision.FP32)


@pytest.fixture(scope="module", params=["published", "generated"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """YOLOX-Nano as it was exported, as `--decode_in_inference` and as `--dynamic` would have exported it."""
    folder = tmp_path_factory.mktemp("yolox")
    shutil.copy(PROJECT / "weights" / "coco.names", folder)
    raw = folder / "raw.onnx"
    if request.param == "published":
        shutil.copy(real_model("yolox-nano") / "yolox-nano.onnx", raw)
    else:
        write_random_yolox(raw, SIDE)
    onnx.save(add_decoding(onnx.load(raw)), folder / "decoded.onnx")
    onnx.save(with_free_batch(onnx.load(raw)), folder / "batch.onnx")
    return folder


@pytest.fixture(scope="module")
def models(folder: Path) -> dict[str, Model]:
    return {name: load_model(name, folder, EXACT) for name in ("raw", "decoded", "batch")}


def grid() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return each row's cell (column, row) and stride: (1, 3549, 2) and (1, 3549, 1)."""
    cells, strides = [], []
    for stride in (8, 16, 32):
        columns, rows = np.meshgrid(np.arange(SIDE // stride), np.arange(SIDE // stride))
        cells.append(np.stack((columns, rows), axis=2).reshape(1, -1, 2))
        strides.append(np.full((1, columns.size, 1), stride))
    return np.concatenate(cells, axis=1).astype(np.float32), np.concatenate(strides, axis=1).astype(np.float32)


def add_decoding(model: onnx.ModelProto) -> onnx.ModelProto:
    """Append what YOLOXHead.decode_outputs adds to the graph."""
    graph, (cells, strides) = model.graph, grid()
    (last,) = [node for node in graph.node if "output" in node.output]
    last.output[:] = ["raw"]
    numbers = {"cells": cells, "strides": strides, **{str(n): np.array([n]) for n in (0, 2, 4, 9999)}}
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in numbers.items())
    graph.node.extend(
        [
            helper.make_node("Slice", ["raw", "0", "2", "2"], ["xy"]),
            helper.make_node("Slice", ["raw", "2", "4", "2"], ["wh"]),
            helper.make_node("Slice", ["raw", "4", "9999", "2"], ["rest"]),
            helper.make_node("Add", ["xy", "cells"], ["places"]),
            helper.make_node("Mul", ["places", "strides"], ["centres"]),
            helper.make_node("Exp", ["wh"], ["grown"]),
            helper.make_node("Mul", ["grown", "strides"], ["sizes"]),
            helper.make_node("Concat", ["centres", "sizes", "rest"], ["output"], axis=2),
        ]
    )
    return model


def with_free_batch(model: onnx.ModelProto) -> onnx.ModelProto:
    for port in (model.graph.input[0], model.graph.output[0]):
        port.type.tensor_type.shape.dim[0].dim_param = "batch"
    return model


def detect_by_reference(
    network: Path, image: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """Return boxes in pixels of the image, scores and classes."""
    height, width = image.shape[:2]
    ratio = min(SIDE / height, SIDE / width)
    size = (int(width * ratio), int(height * ratio))
    canvas = np.full((SIDE, SIDE, 3), 114, np.uint8)
    canvas[: size[1], : size[0]] = cv2.resize(image[..., ::-1], size, interpolation=cv2.INTER_LINEAR)
    x = np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], np.float32)
    (rows,) = np.float32(run_onnx(network, images=x)["output"])
    cells, strides = grid()
    centres, sizes = (rows[:, :2] + cells[0]) * strides[0], np.exp(rows[:, 2:4]) * strides[0]
    corners = np.concatenate((centres - sizes / 2, centres + sizes / 2), axis=1) / ratio
    corners = corners.clip(0, [width, height, width, height]).astype(np.float32)
    scores = rows[:, 4:5] * rows[:, 5:]
    is_inside = (corners[:, 2:] > corners[:, :2]).all(axis=1, keepdims=True)
    index, classes = ((scores >= OPTIONS.confidence) & is_inside).nonzero()
    boxes, confidences = corners[index], scores[index, classes]
    kept = keep_best(boxes, confidences, classes, OPTIONS.iou)
    return boxes[kept], confidences[kept], classes[kept]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["raw", "decoded", "batch"])
def test_detections_are_those_of_the_reference(
    models: dict[str, Model], folder: Path, photographs: dict[str, Path], name: str, shape: tuple[int, int]
) -> None:
    image = photograph(photographs["horses"], shape)
    assert_same(models[name].run(image, OPTIONS).detections, *detect_by_reference(folder / "raw.onnx", image))


def test_file_tells_whether_it_is_decoded(models: dict[str, Model]) -> None:
    assert {name: dict(model.card.output) for name, model in models.items()} == {
        "raw": {"decoded": False}, "decoded": {"decoded": True}, "batch": {"decoded": False},
    }  # fmt: skip
    assert models["raw"].card.reasons["output.decoded"] == "the graph does not take the exponential of the sizes itself"


def test_owner_is_asked_if_the_names_are_others(folder: Path, tmp_path: Path) -> None:
    model = onnx.load(folder / "raw.onnx")
    (last,) = [node for node in model.graph.node if "output" in node.output]
    last.output[:] = ["detections"]
    model.graph.output[0].name = "detections"
    onnx.save(model, tmp_path / "mine.onnx")
    shutil.copy(folder / "coco.names", tmp_path)
    with pytest.raises(ModelError, match='detections 1 x 3549 x 85. Write into mine.toml .*\n *family = "yolox"'):
        load_model("mine", tmp_path)
    (tmp_path / "mine.toml").write_text('family = "yolox"\n')
    assert load_model("mine", tmp_path, EXACT).card.output == {"decoded": False}


def test_wrong_word_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "raw.onnx", tmp_path / "mine.onnx")
    (tmp_path / "mine.toml").write_text('family = "yolox"\n[output]\ndecoded = "no"\n')
    with pytest.raises(ModelError, match=r"`\[output\] decoded` is 'no', and true or false is expected"):
        load_model("mine", tmp_path)
