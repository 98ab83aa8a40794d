"""A Darknet network as an ONNX graph that reads its own heads, for servers that want `boxes` and `scores`.

`boxes` (1, N, 4) are x1, y1, x2, y2 in pixels of the input, `scores` (1, N, classes) in 0..1.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from benchmarks.peers.contract import read_heads


class _Nodes:
    """Nodes that are added to a graph."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._graph = graph
        self._count = 0

    def add(self, operator: str, *inputs: object, count: int = 1, **attributes: object) -> str | list[str]:
        """Add a node; arrays among its inputs become constants. Returns the name of its output, or their names."""
        self._count += 1
        names = [self._constant(each) if isinstance(each, np.ndarray) else str(each) for each in inputs]
        outputs = [f"decoded{self._count}.{number}" for number in range(count)]
        self._graph.node.append(helper.make_node(operator, names, outputs, **attributes))
        return outputs[0] if count == 1 else outputs

    def rename(self, name: str, value: str) -> None:
        """Give a value the name of an output."""
        self._graph.node.append(helper.make_node("Identity", [value], [name]))

    def _constant(self, values: np.ndarray) -> str:
        self._count += 1
        self._graph.initializer.append(numpy_helper.from_array(values, f"constant{self._count}"))
        return f"constant{self._count}"


def write_decoded(raw: Path, cfg: Path, target: Path) -> None:
    """Write `target` from the ONNX file of the raw heads and the cfg that tells their anchors."""
    model = onnx.load(raw)
    size, anchors = read_heads(cfg)
    nodes = _Nodes(model.graph)
    heads = list(model.graph.output)
    parts = [_decode(nodes, head, size, sizes) for head, sizes in zip(heads, anchors, strict=True)]
    del model.graph.output[:]
    for name, values in zip(("boxes", "scores"), zip(*parts, strict=True), strict=True):
        nodes.rename(name, nodes.add("Concat", *values, axis=1))
        model.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, "n", None]))
    onnx.checker.check_model(model)
    onnx.save(model, target)


def _decode(
    nodes: _Nodes, head: onnx.ValueInfoProto, size: tuple[int, int], anchors: np.ndarray
) -> tuple[str, str]:  # fmt: skip
    """Return boxes and scores of one head: https://pjreddie.com/media/files/papers/YOLOv3.pdf section 2.1."""
    _, channels, rows, columns = (dimension.dim_value for dimension in head.type.tensor_type.shape.dim)
    values, cells = channels // len(anchors), rows * columns
    shaped = nodes.add("Reshape", head.name, np.array([1, len(anchors), values, cells]))
    last = nodes.add("Transpose", shaped, perm=[0, 1, 3, 2])
    lengths = np.array([2, 2, 1, values - 5])
    place, extent, objectness, classes = nodes.add("Split", last, lengths, count=4, axis=3)
    row, column = np.divmod(np.arange(cells, dtype=np.float32), np.float32(columns))
    stride = np.array([size[1] / columns, size[0] / rows], np.float32)
    moved = nodes.add("Add", nodes.add("Sigmoid", place), np.stack([column, row], axis=1)[None, None])
    centre = nodes.add("Mul", moved, stride)
    half = nodes.add("Mul", nodes.add("Exp", extent), (anchors / 2)[None, :, None].astype(np.float32))
    boxes = nodes.add("Concat", nodes.add("Sub", centre, half), nodes.add("Add", centre, half), axis=3)
    scores = nodes.add("Mul", nodes.add("Sigmoid", objectness), nodes.add("Sigmoid", classes))
    flat = [nodes.add("Reshape", each, np.array([1, -1, width])) for each, width in ((boxes, 4), (scores, values - 5))]
    return flat[0], flat[1]
