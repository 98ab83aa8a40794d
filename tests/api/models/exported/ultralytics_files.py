"""Files as Ultralytics exports them, with outputs that a test knows, and a reader of them that is not Pagesight's.

The reader follows Ultralytics' documentation of its outputs and the published arithmetic of its `LetterBox`,
`scale_boxes`, `process_mask` and `xywhr2xyxyxyxy` (version 8.4.190), and computes with onnxruntime, NumPy and OpenCV.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from api.models.converted.files import ConvertedFiles
from api.models.engines.cores import Cores
from api.models.engines.openvino import OpenVinoEngine
from api.models.exported.definition import write_graph
from api.models.model import Model, make_model
from api.models.options import Precision
from harness.exported_models import keep_best

Array = NDArray[np.float32]

CANVAS = (160, 224)  # (height, width)
LABELS = ("cat", "dog", "bird")
MASKS = 32

METADATA = {
    "description": "Ultralytics YOLOv8n model trained on pets.yaml",
    "author": "Ultralytics",
    "date": "2026-01-02T03:04:05",
    "version": "8.4.190",
    "license": "AGPL-3.0 License (https://ultralytics.com/license)",
    "docs": "https://docs.ultralytics.com",
    "stride": "32",
    "task": "detect",
    "head": "Detect",
    "batch": "1",
    "imgsz": str(list(CANVAS)),
    "names": str(dict(enumerate(LABELS))),
    "args": "{'data': None, 'batch': 1, 'nms': None, 'dynamic': False}",
    "channels": "3",
    "end2end": "False",
}
OF_YOLOV5 = {"stride": "32", "names": METADATA["names"]}


@dataclass(frozen=True)
class Kind:
    """One kind of export: a task, the layout of its rows, and what else its metadata says."""

    task: str
    version: int = 8
    end_to_end: bool = False
    points: tuple[int, int] = (17, 3)
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def extras(self) -> int:
        """How many numbers of a prediction come after the classes."""
        return {"detect": 0, "segment": MASKS, "pose": self.points[0] * self.points[1], "obb": 1}[self.task]

    @property
    def metadata(self) -> dict[str, str]:
        if self.version == 5:
            return OF_YOLOV5
        pose = {"kpt_shape": str(list(self.points))} if self.task == "pose" else {}
        return {**METADATA, "task": self.task, "end2end": str(self.end_to_end), **pose, **self.more}


def make_outputs(kind: Kind, batch: int = 1) -> list[Array]:
    """Return outputs as such a network has them, of random numbers; no box reaches beyond a photograph."""
    random = np.random.default_rng(kind.extras + kind.version)
    count = 300 if kind.end_to_end else 735 * (3 if kind.version == 5 else 1)
    middles = random.uniform((80, 40), (145, 120), (batch, count, 2))
    sizes = random.uniform(10, 35, (batch, count, 2))
    extras = random.normal(size=(batch, count, kind.extras))
    if kind.task == "obb":
        sizes, extras = sizes * (1.3, 0.4), random.uniform(-0.7, 2.3, (batch, count, 1))
    elif kind.task == "segment":
        extras[..., 0] = 6  # of the prototype that is 1 everywhere: holes and bites in masks that fill their boxes
    elif kind.task == "pose":
        places = middles[:, :, None] + random.uniform(-80, 80, (batch, count, kind.points[0], 2))
        seen = random.uniform(size=(batch, count, kind.points[0], kind.points[1] - 2))
        extras = np.concatenate((places, seen), axis=3).reshape(batch, count, -1)
    if kind.end_to_end:
        boxes = [middles, sizes] if kind.task == "obb" else [middles - sizes / 2, middles + sizes / 2]
        confidences = -np.sort(-(random.uniform(size=(batch, count, 1)) ** 4), axis=1)
        table = [*boxes, confidences, random.integers(0, len(LABELS), (batch, count, 1)), extras]
    else:
        objectness = [random.uniform(size=(batch, count, 1))] if kind.version == 5 else []
        table = [middles, sizes, *objectness, random.uniform(size=(batch, count, len(LABELS))) ** 12, extras]
    rows = np.concatenate(table, axis=2).astype(np.float32)
    outputs = [rows if kind.end_to_end or kind.version == 5 else rows.transpose(0, 2, 1)]
    if kind.task == "segment":
        coarse = random.normal(size=(batch, MASKS, 6, 8)).astype(np.float32)
        masks = [[cv2.resize(one, (56, 40), interpolation=cv2.INTER_CUBIC) for one in image] for image in coarse]
        outputs.append(np.array(masks, np.float32))
        outputs[1][:, 0] = 1
    return outputs


def write_export(path: Path, outputs: Sequence[Array], metadata: Mapping[str, str], *, is_free: bool = False) -> Path:
    """Write an ONNX file that has these outputs for every picture; `is_free`: of any batch and size, else of one."""
    shape = ["batch", 3, "height", "width"] if is_free else [len(outputs[0]), 3, *CANVAS]
    flat = [-1] if is_free else [len(outputs[0]), 3, -1]  # Ultralytics' graphs, too, name their batch in such a shape
    nodes = [
        helper.make_node("Reshape", ["images", "flat"], ["values"]),
        helper.make_node("ReduceMean", ["values"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
    ]
    constants = [numpy_helper.from_array(np.float32(0), "zero"), numpy_helper.from_array(np.array(flat), "flat")]
    for index, output in enumerate(outputs):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(output), f"table{index}"))
        nodes.append(helper.make_node("Add", [f"table{index}", "nothing"], [f"output{index}"]))
    ports = [
        helper.make_tensor_value_info(f"output{index}", TensorProto.FLOAT, output.shape)
        for index, output in enumerate(outputs)
    ]
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, shape)
    graph = helper.make_graph(nodes, "export", [images], ports, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    helper.set_model_props(model, dict(metadata))
    onnx.save(model, path)
    return path


def load(path: Path) -> Model:
    """Return the model as Pagesight reads it, computed in float32. Raises ModelError."""
    files = ConvertedFiles(path.parent, f"{path.stem}-converted")
    card = write_graph(path.stem, path.parent, files)
    model = make_model(card, OpenVinoEngine(files.graph, Precision.FP32, Cores(1)))
    model.warm_up()
    return model


@dataclass(frozen=True)
class Placed:
    """Where Ultralytics' LetterBox puts an image."""

    image_size: tuple[int, int]
    canvas_size: tuple[int, int]

    @property
    def scaled_size(self) -> tuple[int, int]:
        gain = min(room / side for room, side in zip(self.canvas_size, self.image_size, strict=True))
        return max(1, round(self.image_size[0] * gain)), max(1, round(self.image_size[1] * gain))

    @property
    def corner(self) -> tuple[int, int]:
        """The (top, left) corner."""
        halves = ((room - side) / 2 for room, side in zip(self.canvas_size, self.scaled_size, strict=True))
        top, left = (round(half - 0.1) for half in halves)
        return top, left

    def prepare(self, image: NDArray[np.uint8]) -> Array:
        """Return the network's input, (1, 3, height, width)."""
        canvas = np.full((*self.canvas_size, 3), 114, np.uint8)
        (top, left), (height, width) = self.corner, self.scaled_size
        canvas[top : top + height, left : left + width] = cv2.resize(image, (width, height))
        return (canvas.transpose(2, 0, 1)[None] / 255).astype(np.float32)

    def to_image(self, points: Array) -> Array:
        """Return points (..., 2) of the canvas in pixels of the image."""
        (top, left), (height, width) = self.corner, self.scaled_size
        return (points - (left, top)) / (width / self.image_size[1], height / self.image_size[0])


@dataclass(frozen=True)
class Found:
    """What the reader finds. Boxes and points are in pixels of the image."""

    boxes: Array  # (N, 4)
    scores: Array  # (N,)
    classes: NDArray[np.int64]  # (N,)
    extras: Array  # (N, any)
    corners: Array  # (N, 4, 2), of rotated boxes


def read(
    kind: Kind, table: Array, placed: Placed, confidence: float, iou: float, *, classes: int = len(LABELS)
) -> Found:
    """Return the detections in the first image's output, row by row."""
    rows = table if kind.end_to_end or kind.version == 5 else table.T
    found = []
    for row in rows:
        x, y, width, height = row[:4]
        if kind.end_to_end:
            score, number, extras = row[4], int(row[5]), row[6:]
        else:
            first = 5 if kind.version == 5 else 4
            probabilities = row[first : first + classes] * (row[4] if kind.version == 5 else 1)
            score, number, extras = probabilities.max(), int(probabilities.argmax()), row[first + classes :]
        if score < confidence:
            continue
        if kind.task == "obb":
            along = np.array([np.cos(row[-1]), np.sin(row[-1])]) * width / 2
            across = np.array([-np.sin(row[-1]), np.cos(row[-1])]) * height / 2
            arms = np.array((along + across, along - across, -along - across, across - along))
        else:
            arms = np.array([(width, height), (width, -height), (-width, -height), (-width, height)]) / 2
        corners = np.array((x, y)) + arms
        if kind.end_to_end and kind.task != "obb":
            corners = np.array([(x, y), (width, y), (width, height), (x, height)])  # they are x1, y1, x2, y2
        corners = placed.to_image(corners)
        found.append((*corners.min(axis=0), *corners.max(axis=0), score, number, extras, corners))
    boxes = np.array([one[:4] for one in found], np.float32)
    scores, numbers = np.array([one[4] for one in found]), np.array([one[5] for one in found])
    kept = np.argsort(-scores).tolist() if kind.end_to_end else keep_best(boxes, scores, numbers, iou)
    extras, corners = np.array([one[6] for one in found]), np.array([one[7] for one in found])
    boxes = boxes.clip(0, placed.image_size[::-1] * 2)
    return Found(boxes[kept], scores[kept], numbers[kept], extras[kept], corners[kept])


def draw_mask(coefficients: Array, prototypes: Array, box: Array, placed: Placed) -> NDArray[np.uint8]:
    """Return where an object is, (height, width) of the image, 0 or 1: its mask, enlarged and cut to its box."""
    logits = np.tensordot(coefficients, prototypes, 1)
    logits = cv2.resize(logits, placed.canvas_size[::-1], interpolation=cv2.INTER_LINEAR)
    (top, left), (height, width) = placed.corner, placed.scaled_size
    cut = logits[top : top + height, left : left + width]
    whole = cv2.resize(cut, placed.image_size[::-1], interpolation=cv2.INTER_LINEAR)
    inside = 1 / (1 + np.exp(-whole)) > 0.5
    rows, columns = np.indices(inside.shape) + 0.5
    inside &= (columns >= box[0]) & (columns < box[2]) & (rows >= box[1]) & (rows < box[3])
    return inside.astype(np.uint8)
