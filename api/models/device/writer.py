"""The nodes and constants of an ONNX graph, as they are collected.

The operators are those of https://github.com/onnx/onnx/blob/main/docs/Operators.md in version OPSET.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
import openvino
from numpy.typing import NDArray

from api.models.device.weights import Bits, pack

OPSET = 20
IR_VERSION = 10  # the first one with OPSET, so that older runtimes read the file, too


class Unwritable(Exception):
    """An operation that ONNX does not have, or not with what it was asked here; the message names it."""


class Operation:
    """One operation of OpenVINO's graph. `find` returns what a port is called in ONNX, and writes a constant."""

    def __init__(self, node: openvino.Node, find: Callable[[openvino.Output], str]) -> None:
        self.node = node
        self._find = find
        self.attributes: dict[str, Any] = node.get_attributes()

    @property
    def kind(self) -> str:
        """OpenVINO's name of it, such as "Convolution"."""
        return str(self.node.get_type_name())

    @property
    def inputs(self) -> list[str]:
        """What all inputs are called."""
        return [self._find(port) for port in self.node.input_values()]

    def input(self, index: int) -> str:
        """Return what an input is called; the others are not written."""
        return self._find(self.node.input_value(index))

    def shape(self, index: int = 0) -> list[int | None]:
        """Return the shape of an input; None: any length. Raises Unwritable if it has any number of sides."""
        shape = self.node.input_value(index).get_partial_shape()
        if shape.rank.is_dynamic:
            raise self.unwritable("of any number of sides")
        return [None if side.is_dynamic else side.get_length() for side in shape]

    def is_constant(self, index: int) -> bool:
        """Whether an input is a constant."""
        return bool(self.node.input_value(index).get_node().get_type_name() == "Constant")

    def constant(self, index: int) -> NDArray[Any]:
        """Return the value of an input that is a constant. Raises Unwritable if it is computed."""
        if not self.is_constant(index):
            raise self.unwritable("whose parameters are computed")
        return np.asarray(self.node.input_value(index).get_node().get_data())

    def whole_numbers(self, index: int) -> list[int]:
        """Return a constant input as a list of whole numbers."""
        return [int(value) for value in self.constant(index).ravel()]

    def has_input(self, index: int) -> bool:
        """Whether there is such an input."""
        return bool(index < self.node.get_input_size())

    def unwritable(self, why: str) -> Unwritable:
        """Return the error that says that this operation cannot be written."""
        return Unwritable(f"{self.kind} {why}")


class Writer:
    """Collects nodes and constants. Names are numbers, so that the same graph is always the same file."""

    def __init__(self, bits: Bits) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self._bits = bits
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._count = 0

    def add(self, kind: str, inputs: Sequence[str], outputs: int = 1, **attributes: Any) -> list[str]:
        """Add a node; returns the names of its outputs. Attributes that are None are left out."""
        names = [self._name(kind) for _ in range(outputs)]
        given = {key: value for key, value in attributes.items() if value is not None}
        self.nodes.append(onnx.helper.make_node(kind, list(inputs), names, **given))
        return names

    def constant(self, values: NDArray[Any] | Sequence[int] | float) -> str:
        """Add a constant as it is (a list: int64, a number: float32), once; returns its name."""
        given = (
            values if isinstance(values, np.ndarray) else np.array(values, np.float32 if _is_real(values) else np.int64)
        )
        array = np.ascontiguousarray(given).reshape(given.shape)  # a number stays one
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            self._constants[key] = self._name("constant")
            self.initializers.append(onnx.numpy_helper.from_array(array, self._constants[key]))
        return self._constants[key]

    def weights(self, values: NDArray[np.float32], *, channels: int) -> str:
        """Add the weights of a layer, stored small; `channels` is the axis of its output channels."""
        packed = pack(values, channels, self._bits)
        name = self.constant(packed.values)
        if packed.values.dtype != np.float32:
            (name,) = self.add("Cast", [name], to=onnx.TensorProto.FLOAT)
        if packed.scale is not None:
            (name,) = self.add("Mul", [name, self.constant(packed.scale)])
        return name

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}_{self._count}"


def _is_real(values: Sequence[int] | float) -> bool:
    return isinstance(values, float)


Write = Callable[[Operation, Writer], list[str]]  # adds the nodes of an operation; returns the names of its outputs
