"""Turn the ONNX Model Zoo's tiny-yolov3-11.onnx into a Darknet yolov3-tiny.weights.

The Zoo's graph was made from the Darknet file by way of Keras. Kernels and the two
heads' biases are in it unchanged. Of each batch norm's four values a filter it keeps
two: keras2onnx 1.6.0 folded gamma, mean and variance into a scale and a shift, and
left a mean of zero (with the old mean's sign) and a variance of one. What is written
here therefore computes what the published file computes, up to float32 rounding, but
can never be the same bytes: it has a sha256 of its own, in weights/catalogue.toml.

Runs on the standard library alone, because it runs before anything is installed.
ONNX is protobuf (https://protobuf.dev/programming-guides/encoding/); the field
numbers below are those of onnx.proto3 (https://github.com/onnx/onnx).

Usage: tiny_onnx_to_darknet.py tiny-yolov3-11.onnx yolov3-tiny.weights
"""

from __future__ import annotations

import math
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # protobuf wire types

MODEL_GRAPH = 7
GRAPH_NODE, GRAPH_INITIALIZER = 1, 5
NODE_INPUT, NODE_OUTPUT, NODE_OP_TYPE = 1, 2, 4
TENSOR_DIMS, TENSOR_DATA_TYPE, TENSOR_FLOAT_DATA, TENSOR_NAME, TENSOR_RAW_DATA = 1, 2, 4, 8, 9
FLOAT = 1  # TensorProto.DataType

# Filters of each convolution of yolov3-tiny.cfg, in the cfg's order. Keras counted its
# layers in that order too, while the graph's own order of nodes is another.
CFG_FILTERS = (16, 32, 64, 128, 256, 512, 1024, 256, 512, 255, 128, 256, 255)
KERNEL_NAME = re.compile(r"conv2d_(\d+)/kernel:0")

# int32 major, minor, revision; int64 images seen in training (as published).
HEADER = struct.pack("<3iq", 0, 2, 0, 32013312)


class ConversionError(Exception):
    """The ONNX file does not hold what a yolov3-tiny needs."""


@dataclass(frozen=True)
class Tensor:
    """One initializer; `data` is little-endian float32, empty for other types."""

    name: str
    dims: tuple[int, ...]
    data: bytes


@dataclass(frozen=True)
class Node:
    """One operation of the graph, its edges by name."""

    op_type: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """The operations in the file's order, and the initializers by name."""

    nodes: list[Node] = field(default_factory=list)
    tensors: dict[str, Tensor] = field(default_factory=dict)


def read_varint(buffer: memoryview, at: int) -> tuple[int, int]:
    """Return the varint at offset `at` and the offset behind it."""
    value = shift = 0
    while True:
        if at >= len(buffer) or shift > 63:
            raise ConversionError("the ONNX file ends in the middle of a number")
        byte = buffer[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def read_fields(buffer: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield (field number, value) of one protobuf message."""
    at = 0
    while at < len(buffer):
        key, at = read_varint(buffer, at)
        number, wire_type = key >> 3, key & 7
        if wire_type == VARINT:
            value, at = read_varint(buffer, at)
            yield number, value
            continue
        if wire_type == BYTES:
            size, at = read_varint(buffer, at)
        elif wire_type in (FIXED32, FIXED64):
            size = 4 if wire_type == FIXED32 else 8
        else:
            raise ConversionError(f"not an ONNX file: unknown protobuf wire type {wire_type}")
        if at + size > len(buffer):
            raise ConversionError("the ONNX file is cut short")
        yield number, buffer[at : at + size]
        at += size


def as_bytes(value: int | memoryview) -> memoryview:
    """Return the value of a string, bytes or message field."""
    if isinstance(value, int):
        raise ConversionError("not an ONNX file: a number where a message should be")
    return value


def as_text(value: int | memoryview) -> str:
    """Return the value of a string field."""
    return bytes(as_bytes(value)).decode("utf-8", "replace")


def as_integers(value: int | memoryview) -> list[int]:
    """Read a repeated integer field, which arrives one by one or packed."""
    if isinstance(value, int):
        return [value]
    integers, at = [], 0
    while at < len(value):
        integer, at = read_varint(value, at)
        integers.append(integer)
    return integers


def read_tensor(buffer: memoryview) -> Tensor:
    """Read a TensorProto."""
    name, data_type, data = "", 0, bytearray()
    dims: list[int] = []
    for number, value in read_fields(buffer):
        if number == TENSOR_NAME:
            name = as_text(value)
        elif number == TENSOR_DIMS:
            dims += as_integers(value)
        elif number == TENSOR_DATA_TYPE and isinstance(value, int):
            data_type = value
        elif number in (TENSOR_FLOAT_DATA, TENSOR_RAW_DATA):
            data += as_bytes(value)
    return Tensor(name, tuple(dims), bytes(data) if data_type == FLOAT else b"")


def read_node(buffer: memoryview) -> Node:
    """Read a NodeProto."""
    op_type = ""
    inputs: list[str] = []
    outputs: list[str] = []
    for number, value in read_fields(buffer):
        if number == NODE_OP_TYPE:
            op_type = as_text(value)
        elif number == NODE_INPUT:
            inputs.append(as_text(value))
        elif number == NODE_OUTPUT:
            outputs.append(as_text(value))
    return Node(op_type, tuple(inputs), tuple(outputs))


def read_graph(model: bytes) -> Graph:
    """Read the nodes and float32 initializers of a serialized ModelProto."""
    graph = Graph()
    for number, value in read_fields(memoryview(model)):
        if number != MODEL_GRAPH:
            continue
        for graph_number, graph_value in read_fields(as_bytes(value)):
            if graph_number == GRAPH_NODE:
                graph.nodes.append(read_node(as_bytes(graph_value)))
            elif graph_number == GRAPH_INITIALIZER:
                tensor = read_tensor(as_bytes(graph_value))
                graph.tensors[tensor.name] = tensor
    return graph


def convolutions_in_cfg_order(graph: Graph) -> list[Node]:
    """Return the graph's 13 convolutions, sorted by Keras' layer number."""
    numbered = {}
    for node in graph.nodes:
        name = KERNEL_NAME.fullmatch(node.inputs[1]) if node.op_type == "Conv" else None
        if name:
            numbered[int(name[1])] = node
    if sorted(numbered) != list(range(1, len(CFG_FILTERS) + 1)):
        raise ConversionError(
            f"a yolov3-tiny has {len(CFG_FILTERS)} convolutions, conv2d_1 to "
            f"conv2d_{len(CFG_FILTERS)}; found {sorted(numbered) or 'none'}"
        )
    return [numbered[number] for number in sorted(numbered)]


def values_of(graph: Graph, name: str, filters: int) -> bytes:
    """Return a tensor's float32 bytes, having checked that they fit its `filters` rows."""
    tensor = graph.tensors.get(name)
    if tensor is None:
        raise ConversionError(f"the graph has no values for {name}")
    if tensor.dims[:1] != (filters,) or len(tensor.data) != 4 * math.prod(tensor.dims):
        raise ConversionError(
            f"{name} should hold float32 for {filters} filters; found shape {tensor.dims} and {len(tensor.data)} bytes"
        )
    return tensor.data


def to_darknet(model: bytes) -> bytes:
    """Return the Darknet file for a serialized tiny-yolov3 ModelProto."""
    graph = read_graph(model)
    batch_norm_of = {node.inputs[0]: node for node in graph.nodes if node.op_type == "BatchNormalization"}
    parts = [HEADER]
    for node, filters in zip(convolutions_in_cfg_order(graph), CFG_FILTERS, strict=True):
        kernel, *biases = node.inputs[1:]
        if batch_norm := batch_norm_of.get(node.outputs[0]):
            gamma, beta, mean, variance = batch_norm.inputs[1:]
            biases = [beta, gamma, mean, variance]
        parts += [values_of(graph, name, filters) for name in (*biases, kernel)]
    return b"".join(parts)


def main(arguments: list[str]) -> int:
    """Convert IN.onnx to OUT.weights; return the exit status."""
    if len(arguments) != 2:
        print("usage: tiny_onnx_to_darknet.py IN.onnx OUT.weights", file=sys.stderr)
        return 2
    source, destination = map(Path, arguments)
    try:
        destination.write_bytes(to_darknet(source.read_bytes()))
    except (ConversionError, OSError) as error:
        print(f"{source.name} cannot be converted: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
