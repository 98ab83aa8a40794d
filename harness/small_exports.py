"""Exported models made by the tests: as small as can be, and right, so that a test can break one thing of each.

The ONNX one has a YOLOX's outputs. The TFLite one is a graph of one operator, written by field numbers of
https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs.
"""

from collections.abc import Sequence
from pathlib import Path

import flatbuffers
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE, CELLS, CLASSES = 32, 21, 2  # a YOLOX of 32 x 32 has 16 + 4 + 1 cells
TOML = 'family = "yolox"\nlabels = ["ant", "bee"]\n[output]\ndecoded = false\n'
BUILTIN_LOGISTIC, BUILTIN_CUSTOM = 14, 32


def yolox_onnx() -> onnx.ModelProto:
    """Return a graph with a YOLOX's one input and one output, and random weights."""
    rng = np.random.default_rng(0)
    weights = {
        "kernel": rng.random((CELLS * (5 + CLASSES), 3, 1, 1), np.float32) / 100,
        "shape": np.array([1, CELLS, 5 + CLASSES]),
    }
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["mean"]),
        helper.make_node("Conv", ["mean", "kernel"], ["flat"]),
        helper.make_node("Reshape", ["flat", "shape"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, CELLS, 5 + CLASSES])],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def write_yolox(folder: Path, name: str) -> None:
    """Write a small ONNX model, and the description that it needs."""
    onnx.save(yolox_onnx(), folder / f"{name}.onnx")
    (folder / f"{name}.toml").write_text(TOML)


def tflite(*, custom: str = "", shape: Sequence[int] = (1, SIDE, SIDE, 3)) -> bytes:
    """Return a graph of one operator: a sigmoid, or one of the name `custom`."""
    build = flatbuffers.Builder(1024)
    code = build.CreateString(custom) if custom else None
    names = [build.CreateString(name) for name in ("image", "out")]

    def numbers(values: Sequence[int]) -> int:
        build.StartVector(4, len(values), 4)
        for value in reversed(values):
            build.PrependInt32(value)
        return build.EndVector()

    def tables(offsets: Sequence[int]) -> int:
        build.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            build.PrependUOffsetTRelative(offset)
        return build.EndVector()

    def table(**fields: int) -> int:
        """Write a table; a field is its kind and number, such as `at3`, with an offset or a value."""
        build.StartObject(8)
        for field, value in fields.items():
            kind, slot = field[:-1], int(field[-1])
            if kind == "at":
                build.PrependUOffsetTRelativeSlot(slot, value, 0)
            elif kind == "byte":
                build.PrependInt8Slot(slot, value, 0)
            else:
                build.PrependInt32Slot(slot, value, 0)
        return build.EndObject()

    builtin = BUILTIN_CUSTOM if custom else BUILTIN_LOGISTIC
    codes = tables([table(byte0=builtin, int3=builtin, **({"at1": code} if code else {}))])
    shapes = [numbers(shape) for _ in names]
    tensors = tables([table(at0=sides, at3=name) for sides, name in zip(shapes, names, strict=True)])
    first, second = numbers([0]), numbers([1])
    operators = tables([table(at1=first, at2=second)])
    graphs = tables([table(at0=tensors, at1=first, at2=second, at3=operators)])
    buffers = tables([table()])
    build.Finish(table(int0=3, at1=codes, at2=graphs, at4=buffers), b"TFL3")
    return bytes(build.Output())
