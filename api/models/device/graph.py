"""OpenVINO's graph, which the engine compiles, as an ONNX graph with one input `image`, (1, 3, H, W) float32."""

from collections.abc import Callable

import onnx
import openvino

from api.models.device.operations.table import OPERATIONS
from api.models.device.weights import Bits
from api.models.device.writer import IR_VERSION, OPSET, Operation, Unwritable, Writer

IMAGE = "image"
FREE_SIDES = ("height", "width")  # what a side of any length is called


def write_onnx(model: openvino.Model, bits: Bits) -> onnx.ModelProto:
    """Return the graph. Its outputs keep their names. Raises Unwritable."""
    writer = Writer(bits)
    names: dict[tuple[str, int], str] = {}

    def find(port: openvino.Output) -> str:
        if port.get_node().get_type_name() == "Constant":
            return writer.constant(port.get_node().get_data())
        return names[(port.get_node().get_name(), port.get_index())]

    require_known(model)
    for node in model.get_ordered_ops():
        kind = node.get_type_name()
        if kind == "Parameter":
            names[(node.get_name(), 0)] = IMAGE
        elif kind not in ("Constant", "Result"):
            written = OPERATIONS[kind](Operation(node, find), writer)
            names |= {(node.get_name(), index): name for index, name in enumerate(written)}
    outputs = [_write_output(result, find, writer) for result in model.get_results()]
    graph = onnx.helper.make_graph(writer.nodes, "pagesight", [_image(model)], outputs, writer.initializers)
    whole = onnx.helper.make_model(
        graph,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="pagesight",
    )
    onnx.checker.check_model(whole, full_check=True)
    return whole


def require_known(model: openvino.Model) -> None:
    """Raise Unwritable for the kinds of operations that cannot be written, all at once."""
    kinds = {node.get_type_name() for node in model.get_ops()} - {"Constant", "Parameter", "Result"}
    unknown = sorted(kinds - OPERATIONS.keys())
    if unknown:
        raise Unwritable(", ".join(unknown))


def _write_output(result: openvino.Node, find: Callable[[openvino.Output], str], writer: Writer) -> onnx.ValueInfoProto:
    """Give an output its own name, whatever computes it."""
    port = result.input_value(0)
    name = result.output(0).get_any_name()
    writer.nodes.append(onnx.helper.make_node("Identity", [find(port)], [name]))
    kind = onnx.helper.np_dtype_to_tensor_dtype(port.get_element_type().to_dtype())
    if port.get_partial_shape().rank.is_dynamic:
        raise Unwritable(f"output {name} of any number of sides")
    shape = [None if side.is_dynamic else side.get_length() for side in port.get_partial_shape()]
    return onnx.helper.make_tensor_value_info(name, kind, shape)


def _image(model: openvino.Model) -> onnx.ValueInfoProto:
    batch, channels, *sides = model.inputs[0].get_partial_shape()
    lengths = [free if side.is_dynamic else side.get_length() for side, free in zip(sides, FREE_SIDES, strict=True)]
    return onnx.helper.make_tensor_value_info(
        IMAGE, onnx.TensorProto.FLOAT, [batch.get_length(), channels.get_length(), *lengths]
    )
