"""Writes just enough protobuf to make an ONNX file by hand."""

import struct

FILTERS = (16, 32, 64, 128, 256, 512, 1024, 256, 512, 255, 128, 256, 255)
HEADS = (10, 13)  # Keras' numbers of the two convolutions without batch norm


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def number(key: int, value: int) -> bytes:
    return varint(key << 3) + varint(value)


def chunk(key: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return varint(key << 3 | 2) + varint(len(data)) + data


def floats(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def tensor(name: str, dims: tuple[int, ...], data: bytes, packed: bool = False) -> bytes:
    """Return an initializer; `packed` takes the other of the two spellings ONNX allows."""
    if packed:
        body = chunk(1, b"".join(map(varint, dims))) + chunk(4, data)
    else:
        body = b"".join(number(1, dim) for dim in dims) + chunk(9, data)
    return chunk(5, body + number(2, 1) + chunk(8, name))


def node(op_type: str, inputs: list[str], output: str) -> bytes:
    return chunk(1, b"".join(chunk(1, name) for name in inputs) + chunk(2, output) + chunk(4, op_type))


def layer_floats(layer: int, part: int) -> bytes:
    """Return the values of one part of a layer: all different, so that a mix-up shows."""
    return floats(*(layer * 10 + part + filter_ / 4096 for filter_ in range(FILTERS[layer - 1])))


def tiny_model(*, packed: bool = False, left_out: str = "", wrong_shape: str = "") -> bytes:
    """Return a graph of 13 convolutions with 1 x 1 kernels of one input channel.

    Nodes stand in the wrong order on purpose, as they do in the real file.
    """
    nodes, tensors = [], []

    def add(name: str, layer: int, part: int, *rest: int) -> str:
        one_more = name == wrong_shape
        data = layer_floats(layer, part) + floats(0) * one_more
        if name != left_out:
            tensors.append(tensor(name, (FILTERS[layer - 1] + one_more, *rest), data, packed))
        return name

    for layer in range(len(FILTERS), 0, -1):
        inputs = ["x", add(f"conv2d_{layer}/kernel:0", layer, 5, 1, 1, 1)]
        if layer in HEADS:
            inputs.append(add(f"bias_{layer}", layer, 1))
        else:
            names = [add(f"{part}_{layer}", layer, i) for i, part in ((2, "g"), (1, "b"), (3, "m"), (4, "v"))]
            nodes.append(node("BatchNormalization", [f"y_{layer}", *names], f"z_{layer}"))
        nodes.append(node("Conv", inputs, f"y_{layer}"))
    return number(1, 6) + chunk(7, b"".join(nodes + tensors)) + chunk(2, "by hand")


def darknet_file() -> bytes:
    """Return what `tiny_model` must become."""
    body = b""
    for layer in range(1, len(FILTERS) + 1):
        parts = (1, 5) if layer in HEADS else (1, 2, 3, 4, 5)
        body += b"".join(layer_floats(layer, part) for part in parts)
    return struct.pack("<iiiq", 0, 2, 0, 32013312) + body
