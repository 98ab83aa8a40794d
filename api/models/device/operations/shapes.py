"""Operations that only rearrange, cut or join. Shapes and places are int64 in ONNX."""

import numpy as np
import onnx

from api.models.device.operations.numbers import element_type
from api.models.device.writer import Operation, Write, Writer

INT64 = np.iinfo(np.int64)
PADS = {"constant": "constant", "reflect": "reflect", "edge": "edge"}


def write_reshape(op: Operation, writer: Writer) -> list[str]:
    """Write Reshape; a 0 is the input's own length, or nothing at all."""
    allow_zero = None if op.attributes["special_zero"] else 1
    return writer.add("Reshape", [op.input(0), _int64(op, writer, 1)], allowzero=allow_zero)


def write_squeeze(op: Operation, writer: Writer) -> list[str]:
    """Write Squeeze, of the axes named or of all that are 1 long."""
    return writer.add("Squeeze", [op.input(0), *([_int64(op, writer, 1)] if op.has_input(1) else [])])


def write_unsqueeze(op: Operation, writer: Writer) -> list[str]:
    """Write Unsqueeze; one axis may be a number by itself."""
    return writer.add("Unsqueeze", [op.input(0), writer.constant(op.whole_numbers(1))])


def write_transpose(op: Operation, writer: Writer) -> list[str]:
    """Write Transpose; without an order it turns all axes around."""
    return writer.add("Transpose", [op.input(0)], perm=op.whole_numbers(1) or None)


def write_concat(op: Operation, writer: Writer) -> list[str]:
    """Write Concat."""
    return writer.add("Concat", op.inputs, axis=int(op.attributes["axis"]))


def write_split(op: Operation, writer: Writer) -> list[str]:
    """Write Split into equal parts."""
    count = int(op.attributes["num_splits"])
    return writer.add("Split", [op.input(0)], count, axis=op.whole_numbers(1)[0], num_outputs=count)


def write_variadic_split(op: Operation, writer: Writer) -> list[str]:
    """Write VariadicSplit; one length may be -1, what is left."""
    axis, lengths = op.whole_numbers(1)[0], op.whole_numbers(2)
    if -1 in lengths:
        whole = op.shape()[axis]
        if whole is None:
            raise op.unwritable("of a free length")
        lengths[lengths.index(-1)] = whole - sum(lengths) - 1
    return writer.add("Split", [op.input(0), writer.constant(lengths)], len(lengths), axis=axis)


def write_slice(op: Operation, writer: Writer) -> list[str]:
    """Write Slice; its steps come before its axes in OpenVINO, and after them in ONNX."""
    start, stop, step = (_int64(op, writer, index) for index in (1, 2, 3))
    rank = len(op.shape())
    axes = _int64(op, writer, 4) if op.has_input(4) else writer.constant(list(range(rank)))
    return writer.add("Slice", [op.input(0), start, stop, axes, step])


def write_strided_slice(op: Operation, writer: Writer) -> list[str]:
    """Write StridedSlice with fixed bounds; its masks say which of them count, and which sides go or come."""
    masks = {name: list(op.attributes[f"{name}_mask"]) for name in ("begin", "end", "new_axis", "shrink_axis")}
    if any(op.attributes["ellipsis_mask"]):
        raise op.unwritable("with an ellipsis")
    begin, end = op.whole_numbers(1), op.whole_numbers(2)
    step = op.whole_numbers(3) if op.has_input(3) else [1] * len(begin)
    new, gone, bounds, axis = [], [], [], 0
    for place in range(len(begin)):
        if _is_set(masks["new_axis"], place):
            new.append(place)
            continue
        forward = step[place] > 0
        first = (0 if forward else INT64.max) if _is_set(masks["begin"], place) else begin[place]
        last = (INT64.max if forward else INT64.min) if _is_set(masks["end"], place) else end[place]
        if _is_set(masks["shrink_axis"], place):
            gone.append(axis)
            last = first + 1 if first != -1 else INT64.max
        bounds.append((first, last, axis, 1 if axis in gone else step[place]))
        axis += 1
    columns = [writer.constant(list(column)) for column in zip(*bounds, strict=True)] if bounds else []
    (name,) = writer.add("Slice", [op.input(0), *columns]) if columns else [op.input(0)]
    if gone:
        (name,) = writer.add("Squeeze", [name, writer.constant(gone)])
    if new:
        (name,) = writer.add("Unsqueeze", [name, writer.constant(new)])
    return [name]


def write_gather(op: Operation, writer: Writer) -> list[str]:
    """Write Gather along a fixed axis."""
    if int(op.attributes.get("batch_dims", 0)):
        raise op.unwritable("of batches")
    return writer.add("Gather", [op.input(0), _int64(op, writer, 1)], axis=op.whole_numbers(2)[0])


def write_gather_elements(op: Operation, writer: Writer) -> list[str]:
    """Write GatherElements."""
    return writer.add("GatherElements", [op.input(0), _int64(op, writer, 1)], axis=int(op.attributes["axis"]))


def write_gather_nd(op: Operation, writer: Writer) -> list[str]:
    """Write GatherND."""
    return writer.add("GatherND", [op.input(0), _int64(op, writer, 1)], batch_dims=int(op.attributes["batch_dims"]))


def write_shape_of(op: Operation, writer: Writer) -> list[str]:
    """Write ShapeOf in the kind of numbers that it has in OpenVINO."""
    return writer.add("Cast", writer.add("Shape", op.inputs), to=element_type(op.node.output(0)))


def write_broadcast(op: Operation, writer: Writer) -> list[str]:
    """Write Broadcast as NumPy does it."""
    if str(op.attributes["mode"]).lower() not in ("numpy", "bidirectional"):
        raise op.unwritable("in another way than NumPy's")
    return writer.add("Expand", [op.input(0), _int64(op, writer, 1)])


def write_tile(op: Operation, writer: Writer) -> list[str]:
    """Write Tile."""
    return writer.add("Tile", [op.input(0), _int64(op, writer, 1)])


def write_pad(op: Operation, writer: Writer) -> list[str]:
    """Write Pad."""
    mode = str(op.attributes["pad_mode"]).lower()
    if mode not in PADS:
        raise op.unwritable(f"({mode})")
    pads = writer.constant([*op.whole_numbers(1), *op.whole_numbers(2)])
    value = [op.input(3)] if op.has_input(3) and mode == "constant" else []
    return writer.add("Pad", [op.input(0), pads, *value], mode=PADS[mode])


def write_range(op: Operation, writer: Writer) -> list[str]:
    """Write Range; in OpenVINO its bounds may be of other kinds than its result."""
    kind = element_type(op.node.output(0))
    scalars = [writer.add("Cast", [name], to=kind)[0] for name in op.inputs]
    return writer.add("Range", scalars)


def depth_and_space(kind: str) -> Write:
    """Return what writes DepthToSpace or SpaceToDepth."""

    def write(op: Operation, writer: Writer) -> list[str]:
        mode = str(op.attributes["mode"]).lower()
        if kind == "SpaceToDepth" and mode != "blocks_first":
            raise op.unwritable(f"({mode})")
        order = {"blocks_first": "DCR", "depth_first": "CRD"}[mode] if kind == "DepthToSpace" else None
        return writer.add(kind, op.inputs, blocksize=int(op.attributes["block_size"]), mode=order)

    return write


def _int64(op: Operation, writer: Writer, index: int) -> str:
    """Return an input as int64 numbers."""
    if op.is_constant(index):
        return writer.constant(op.constant(index).astype(np.int64))
    return writer.add("Cast", [op.input(index)], to=onnx.TensorProto.INT64)[0]


def _is_set(mask: list[int], place: int) -> bool:
    return place < len(mask) and bool(mask[place])
