"""Operations on numbers by themselves, and on all numbers along an axis."""

from typing import Any

import numpy as np
import onnx
import openvino

from api.models.device.writer import Operation, Write, Writer


def same(kind: str) -> Write:
    """Return what writes an operation that ONNX has as it is."""
    return lambda op, writer: writer.add(kind, op.inputs)


def elementwise(kind: str) -> Write:
    """Return what writes an operation on two arrays. Both broadcast as NumPy does."""

    def write(op: Operation, writer: Writer) -> list[str]:
        if op.attributes.get("auto_broadcast", "numpy") not in ("numpy", "none"):
            raise op.unwritable("that broadcasts in another way than NumPy")
        return writer.add(kind, op.inputs)

    return write


def write_not_equal(op: Operation, writer: Writer) -> list[str]:
    """Write NotEqual."""
    return writer.add("Not", elementwise("Equal")(op, writer))


def write_squared_difference(op: Operation, writer: Writer) -> list[str]:
    """Write SquaredDifference."""
    (difference,) = elementwise("Sub")(op, writer)
    return writer.add("Mul", [difference, difference])


def remainder(*, has_sign_of_divisor: bool) -> Write:
    """Return what writes FloorMod, of whole numbers alone, or Mod, whose sign is that of what is divided."""

    def write(op: Operation, writer: Writer) -> list[str]:
        if has_sign_of_divisor and op.node.output(0).get_element_type().is_real():
            raise op.unwritable("of real numbers")
        return writer.add("Mod", op.inputs, fmod=int(not has_sign_of_divisor))

    return write


def write_running_sum(op: Operation, writer: Writer) -> list[str]:
    """Write CumSum along an axis."""
    exclusive, reverse = (int(op.attributes[name]) for name in ("exclusive", "reverse"))
    return writer.add("CumSum", op.inputs, exclusive=exclusive, reverse=reverse)


def reduce(kind: str) -> Write:
    """Return what writes a sum, mean, or the like, along axes."""

    def write(op: Operation, writer: Writer) -> list[str]:
        axes = writer.constant(op.whole_numbers(1))
        return writer.add(kind, [op.input(0), axes], keepdims=int(op.attributes["keep_dims"]))

    return write


def write_clamp(op: Operation, writer: Writer) -> list[str]:
    """Write Clamp, whose bounds are attributes."""
    bounds = [writer.constant(float(op.attributes[name])) for name in ("min", "max")]
    return writer.add("Clip", [op.input(0), *bounds])


def write_prelu(op: Operation, writer: Writer) -> list[str]:
    """Write PRelu; if all channels have one slope it is ONNX's LeakyRelu, which goes into the convolution before."""
    slope = op.constant(1).astype(np.float32)
    if slope.size == 1:
        return writer.add("LeakyRelu", [op.input(0)], alpha=float(slope.item()))
    sides = (-1, *[1] * (len(op.shape()) - 2)) if slope.ndim == 1 else slope.shape
    return writer.add("PRelu", [op.input(0), writer.constant(slope.reshape(sides))])


def write_swish(op: Operation, writer: Writer) -> list[str]:
    """Write x * sigmoid(beta * x)."""
    (x, *beta) = op.inputs
    scaled = writer.add("Mul", [x, *beta]) if beta else [x]
    return writer.add("Mul", [x, *writer.add("Sigmoid", scaled)])


def write_hard_sigmoid(op: Operation, writer: Writer) -> list[str]:
    """Write HSigmoid, min(max(x + 3, 0), 6) / 6."""
    return writer.add("HardSigmoid", op.inputs, alpha=1 / 6, beta=0.5)


def write_gelu(op: Operation, writer: Writer) -> list[str]:
    """Write Gelu."""
    approximate = str(op.attributes.get("approximation_mode", "ERF")).lower()
    return writer.add("Gelu", op.inputs, approximate="tanh" if approximate == "tanh" else "none")


def write_softmax(op: Operation, writer: Writer) -> list[str]:
    """Write Softmax along an axis."""
    return writer.add("Softmax", op.inputs, axis=int(op.attributes["axis"]))


def write_convert(op: Operation, writer: Writer) -> list[str]:
    """Write Convert, and ConvertLike, to another kind of numbers."""
    return writer.add("Cast", [op.input(0)], to=element_type(op.node.output(0)))


def write_batch_norm(op: Operation, writer: Writer) -> list[str]:
    """Write BatchNormInference, whose data come first, then gamma, beta, mean and variance."""
    return writer.add("BatchNormalization", op.inputs, epsilon=float(op.attributes["epsilon"]))


def write_mvn(op: Operation, writer: Writer) -> list[str]:
    """Write MVN, the mean taken off and the spread made 1, in its parts."""
    axes = writer.constant(op.whole_numbers(1))
    (mean,) = writer.add("ReduceMean", [op.input(0), axes], keepdims=1)
    (centred,) = writer.add("Sub", [op.input(0), mean])
    if not op.attributes["normalize_variance"]:
        return [centred]
    (squares,) = writer.add("Mul", [centred, centred])
    (variance,) = writer.add("ReduceMean", [squares, axes], keepdims=1)
    eps = writer.constant(float(op.attributes["eps"]))
    if str(op.attributes["eps_mode"]).lower() == "inside_sqrt":
        spread = writer.add("Sqrt", writer.add("Add", [variance, eps]))
    else:
        spread = writer.add("Add", [*writer.add("Sqrt", [variance]), eps])
    return writer.add("Div", [centred, *spread])


def write_top_k(op: Operation, writer: Writer) -> list[str]:
    """Write TopK; its indices are int64 in ONNX."""
    (count,) = writer.add("Reshape", [op.input(1), writer.constant([1])])
    (count,) = writer.add("Cast", [count], to=onnx.TensorProto.INT64)
    mode, sort = str(op.attributes["mode"]).lower(), str(op.attributes["sort"]).lower()
    if sort not in ("value", "none"):
        raise op.unwritable("that sorts by index")
    values, indices = writer.add(
        "TopK", [op.input(0), count], 2, axis=int(op.attributes["axis"]), largest=int(mode == "max"), sorted=1
    )
    return [values, *writer.add("Cast", [indices], to=element_type(op.node.output(1)))]


def element_type(port: openvino.Output) -> Any:
    """Return ONNX's number of a port's element type."""
    return onnx.helper.np_dtype_to_tensor_dtype(port.get_element_type().to_dtype())
