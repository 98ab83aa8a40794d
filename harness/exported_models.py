"""What tests of exported models share: photographs of three shapes, a reference's steps, and the comparison.

Nothing here uses the code under test: an input is prepared by OpenCV or Pillow alone, a network is run by onnxruntime.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from api.tasks.detection.types import Detection

SHAPES = ((576, 768), (768, 500), (333, 640))  # (height, width)


def photograph(path: Path, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a photograph's pixels, HWC uint8 RGB, scaled to (height, width)."""
    with Image.open(path) as image:
        return np.array(image.convert("RGB").resize(shape[::-1], Image.Resampling.BICUBIC))


def run_onnx(path: Path, **inputs: NDArray[np.generic]) -> dict[str, NDArray[np.generic]]:
    """Return the outputs that onnxruntime computes, by name."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def write_random_yolox(path: Path, side: int = 416, classes: int = 80) -> None:
    """Write a YOLOX whose weights nobody trained, in the form that its program exports, and not decoded."""
    random = np.random.default_rng(4)
    numbers, nodes, columns = 5 + classes, [], []
    bias = np.array([0, 0, 0, 0, -1.0, *[-3.5] * classes], np.float32)
    constants = {"bias": bias, "flat": np.array([1, numbers, -1]), **{f"at{n}": np.array([n]) for n in (0, 2, 4, 9999)}}
    for stride in (8, 16, 32):
        kernel = random.normal(0, 3 / (255 * stride), (numbers, 3, stride, stride)).astype(np.float32)
        constants[f"kernel{stride}"] = kernel - kernel.mean(axis=(1, 2, 3), keepdims=True)
        columns.append(f"rows{stride}")
        nodes += [
            helper.make_node("Conv", ["images", f"kernel{stride}", "bias"], [f"map{stride}"], strides=[stride, stride]),
            helper.make_node("Reshape", [f"map{stride}", "flat"], [f"rows{stride}"]),
        ]
    nodes += [
        helper.make_node("Concat", columns, ["joined"], axis=2),
        helper.make_node("Transpose", ["joined"], ["rows"], perm=[0, 2, 1]),
        helper.make_node("Slice", ["rows", "at0", "at4", "at2"], ["boxes"]),
        helper.make_node("Slice", ["rows", "at4", "at9999", "at2"], ["scores"]),
        helper.make_node("Sigmoid", ["scores"], ["probabilities"]),
        helper.make_node("Concat", ["boxes", "probabilities"], ["output"], axis=2),
    ]
    cells = sum((side // stride) ** 2 for stride in (8, 16, 32))
    graph = helper.make_graph(
        nodes,
        "yolox",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, side, side])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, cells, numbers])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 13)]), path)


def stretched(image: NDArray[np.uint8], size: tuple[int, int], *, antialias: bool) -> NDArray[np.float32]:
    """Return the image at (height, width) as (1, 3, height, width) in 0..1."""
    if antialias:
        scaled = np.asarray(Image.fromarray(image).resize(size[::-1], Image.Resampling.BILINEAR))
    else:
        scaled = np.asarray(cv2.resize(image, size[::-1], interpolation=cv2.INTER_LINEAR))
    return (scaled.transpose(2, 0, 1)[None] / 255).astype(np.float32)


def keep_best(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], classes: NDArray[np.int64], iou: float
) -> list[int]:
    """Return the indices that greedy suppression within a class keeps, best first."""
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept: list[int] = []
    for index in np.argsort(-scores, kind="stable").tolist():
        rivals = [other for other in kept if classes[other] == classes[index]]
        low = np.maximum(boxes[index, :2], boxes[rivals, :2])
        common = (np.minimum(boxes[index, 2:], boxes[rivals, 2:]) - low).clip(0).prod(axis=1)
        if not (common / (areas[index] + areas[rivals] - common) > iou).any():
            kept.append(index)
    return kept


def assert_same(
    found: Sequence[Detection],
    boxes: NDArray[np.floating],
    scores: NDArray[np.floating],
    classes: NDArray[np.integer],
    *,
    pixels: float = 0.05,
) -> None:
    """Compare detections with a reference's, in pixels of the image, in any order."""
    assert len(found) == len(boxes) > 0
    order = sorted(range(len(boxes)), key=lambda index: (classes[index], boxes[index][0], boxes[index][1]))
    found = sorted(found, key=lambda one: (one.class_id, one.box.x1, one.box.y1))
    assert [one.class_id for one in found] == classes[order].tolist()
    own = np.array([(one.box.x1, one.box.y1, one.box.x2, one.box.y2) for one in found])
    np.testing.assert_allclose(own, boxes[order], atol=pixels)
    np.testing.assert_allclose([one.confidence for one in found], scores[order], atol=1e-3)
