"""A Darknet network with folded weights as an ONNX graph, input `image` (1, 3, H, W) in 0..1, outputs the raw heads.

Written operator by operator, so that the peers get the plainest graph there is: https://onnx.ai/onnx/operators/
"""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import Tensor, nn

from api.models.darknet.layers import LEAKY_SLOPE, Add, Concatenate, Convolution, MaxPool, Upsample
from api.models.darknet.network import INPUT, Network, YoloHead

OPSET = 17
IR_VERSION = 10


class _Graph:
    """The graph while it grows."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, operator: str, inputs: list[str], output: str | list[str], **attributes: object) -> str:
        outputs = [output] if isinstance(output, str) else output
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=outputs[0], **attributes))
        return outputs[0]

    def constant(self, name: str, values: Tensor | NDArray[np.generic]) -> str:
        array = values.detach().numpy() if isinstance(values, Tensor) else values
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name


def write_onnx(network: Network, target: Path) -> None:
    """Write the graph of a network whose weights `load_weights` has filled in."""
    graph, names, heads = _Graph(), {INPUT: "image"}, []
    sizes = {"image": network.input_size}
    for index, (node, layer) in enumerate(zip(network.nodes, network.layers, strict=True)):
        inputs = [names[source] for source in node.sources]
        names[index] = _add_layer(graph, f"layer{index}", layer, inputs, network, index)
        sizes[names[index]] = _side(network, node.stride)
        if isinstance(layer, YoloHead):
            shape = [1, node.channels, *sizes[names[index]]]
            heads.append(helper.make_tensor_value_info(names[index], onnx.TensorProto.FLOAT, shape))
    image = helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, [1, 3, *network.input_size])
    body = helper.make_graph(graph.nodes, "darknet", [image], heads, graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    onnx.save(model, target)


def _side(network: Network, stride: float) -> tuple[int, int]:
    height, width = network.input_size
    return int(height / stride), int(width / stride)


def _add_layer(
    graph: _Graph, name: str, layer: nn.Module, inputs: list[str], network: Network, index: int
) -> str:  # fmt: skip
    match layer:
        case Convolution():
            conv = layer.conv
            top, left = conv.padding
            arguments = [
                *inputs, graph.constant(f"{name}.kernel", conv.weight), graph.constant(f"{name}.bias", conv.bias)
            ]  # fmt: skip
            convolved = graph.add(
                "Conv", arguments, f"{name}.conv", group=conv.groups, strides=list(conv.stride),
                kernel_shape=list(conv.kernel_size), pads=[top, left, top, left],
            )  # fmt: skip
            return _activate(graph, name, layer.activation, convolved)
        case MaxPool():
            source = network.nodes[network.nodes[index].sources[0]].stride
            (top, bottom), (left, right) = (layer._pads(side) for side in _side(network, source))
            return graph.add(
                "MaxPool", inputs, name, kernel_shape=[layer.size] * 2, strides=[layer.stride] * 2,
                pads=[top, left, bottom, right],
            )  # fmt: skip
        case Upsample():
            scales = graph.constant(f"{name}.scales", np.array([1, 1, layer.stride, layer.stride], np.float32))
            return graph.add(
                "Resize", [*inputs, "", scales], name, mode="nearest", nearest_mode="floor",
                coordinate_transformation_mode="asymmetric",
            )  # fmt: skip
        case Add():
            for number, further in enumerate(inputs[1:]):
                inputs = [graph.add("Add", [inputs[0], further], f"{name}.sum{number}")]
            return _activate(graph, name, layer.activation, inputs[0])
        case Concatenate():
            parts = [_group(graph, f"{name}.{number}", layer, part) for number, part in enumerate(inputs)]
            return parts[0] if len(parts) == 1 else graph.add("Concat", parts, name, axis=1)
        case YoloHead() | nn.Identity():
            return inputs[0]
        case _:
            raise NotImplementedError(type(layer).__name__)


def _group(graph: _Graph, name: str, layer: Concatenate, source: str) -> str:
    if layer.groups == 1:
        return source
    outputs = [f"{name}.group{group}" for group in range(layer.groups)]
    graph.add("Split", [source], outputs, axis=1)
    return outputs[layer.group_id]


def _activate(graph: _Graph, name: str, activation: nn.Module, source: str) -> str:
    match activation:
        case nn.Identity():
            return source
        case nn.LeakyReLU():
            return graph.add("LeakyRelu", [source], name, alpha=LEAKY_SLOPE)
        case nn.Mish():
            return graph.add("Mul", [source, graph.add("Tanh", [graph.add("Softplus", [source], f"{name}.softplus")],
                                                       f"{name}.tanh")], name)  # fmt: skip
        case _:
            raise NotImplementedError(type(activation).__name__)
