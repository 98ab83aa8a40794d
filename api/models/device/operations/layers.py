"""Layers that slide over the picture: convolutions, pooling, resizing; and products of matrices."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx

from api.models.device.writer import Operation, Write, Writer

COORDINATES = {"half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners"}
NEAREST = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"}
MODES = {"nearest": "nearest", "linear_onnx": "linear", "linear": "linear", "cubic": "cubic"}


def write_convolution(op: Operation, writer: Writer) -> list[str]:
    """Write Convolution, weights (O, I, kh, kw)."""
    weights = op.constant(1).astype(np.float32)
    return writer.add("Conv", [op.input(0), writer.weights(weights, channels=0)], **_slides(op, weights.shape[2:]))


def write_group_convolution(op: Operation, writer: Writer) -> list[str]:
    """Write GroupConvolution, weights (G, O / G, I / G, kh, kw)."""
    weights = op.constant(1).astype(np.float32)
    groups, outputs, *rest = weights.shape
    stored = writer.weights(weights.reshape(groups * outputs, *rest), channels=0)
    return writer.add("Conv", [op.input(0), stored], group=groups, **_slides(op, rest[1:]))


def write_transposed(*, is_grouped: bool) -> Write:
    """Return what writes ConvolutionBackpropData: weights (I, O, kh, kw), of groups (G, I / G, O / G, kh, kw)."""

    def write(op: Operation, writer: Writer) -> list[str]:
        if op.has_input(2) or op.attributes["auto_pad"].startswith("same"):
            raise op.unwritable("whose output's size is not told by its padding")
        weights = op.constant(1).astype(np.float32)
        groups = weights.shape[0] if is_grouped else 1
        weights = weights.reshape(-1, *weights.shape[2:]) if is_grouped else weights
        stored = writer.weights(weights, channels=1)
        slides = _slides(op, weights.shape[2:])
        slides["output_padding"] = [int(side) for side in op.attributes["output_padding"]]
        return writer.add("ConvTranspose", [op.input(0), stored], group=groups, **slides)

    return write


def write_max_pool(op: Operation, writer: Writer) -> list[str]:
    """Write MaxPool, of whose two outputs the second, the indices, is not written."""
    if len(op.node.outputs()) > 1 and op.node.output(1).get_target_inputs():
        raise op.unwritable("whose indices are read")
    return writer.add("MaxPool", op.inputs, **_window(op))


def write_average_pool(op: Operation, writer: Writer) -> list[str]:
    """Write AvgPool."""
    counts = int(not op.attributes["exclude-pad"])
    return writer.add("AveragePool", op.inputs, count_include_pad=counts, **_window(op))


def write_interpolate(op: Operation, writer: Writer) -> list[str]:
    """Write Interpolate by fixed factors or to a fixed or computed size."""
    attributes = op.attributes
    mode, coordinates = attributes["mode"], attributes["coordinate_transformation_mode"]
    if mode not in MODES or coordinates not in COORDINATES or any((*attributes["pads_begin"], *attributes["pads_end"])):
        raise op.unwritable(f"({mode}, {coordinates})")
    if mode == "nearest" and attributes["nearest_mode"] not in NEAREST:
        raise op.unwritable(f"({mode}, {attributes['nearest_mode']})")
    is_by_factors = attributes["shape_calculation_mode"] == "scales"
    wanted = [_all_factors(op, writer)] if is_by_factors else ["", _all_lengths(op, writer)]
    return writer.add(
        "Resize",
        [op.input(0), "", *wanted],
        mode=MODES[mode],
        coordinate_transformation_mode=coordinates,
        nearest_mode=attributes["nearest_mode"] if mode == "nearest" else None,
        cubic_coeff_a=float(attributes["cube_coeff"]) if mode == "cubic" else None,
        antialias=int(attributes["antialias"]) or None,
    )


def _all_factors(op: Operation, writer: Writer) -> str:
    """Return by how much each axis is resized; OpenVINO may name only some of them."""
    factors = np.ones(len(op.shape()), np.float32)
    factors[_axes(op)] = op.constant(1)
    return writer.constant(factors)


def _all_lengths(op: Operation, writer: Writer) -> str:
    """Return how long each axis will be."""
    lengths, axes = op.shape(), _axes(op)
    if op.is_constant(1):
        wanted = dict(zip(axes, op.whole_numbers(1), strict=True))
        lengths = [wanted.get(axis, length) for axis, length in enumerate(lengths)]
    if None not in lengths and op.is_constant(1):
        return writer.constant([length or 0 for length in lengths])
    own = writer.add("Shape", [op.input(0)])[0]
    asked = writer.add("Cast", [op.input(1)], to=onnx.TensorProto.INT64)[0]
    places = [(asked, axes.index(axis)) if axis in axes else (own, axis) for axis in range(len(lengths))]
    parts = [writer.add("Gather", [name, writer.constant([place])])[0] for name, place in places]
    return writer.add("Concat", parts, axis=0)[0]


def _axes(op: Operation) -> list[int]:
    """Return the axes that are resized."""
    rank = len(op.shape())
    return [axis % rank for axis in op.whole_numbers(2)] if op.has_input(2) else list(range(rank))


def write_grid_sample(op: Operation, writer: Writer) -> list[str]:
    """Write GridSample, which reads the picture at places between its pixels."""
    mode = {"bilinear": "linear", "bicubic": "cubic", "nearest": "nearest"}[str(op.attributes["mode"]).lower()]
    padding, corners = str(op.attributes["padding_mode"]).lower(), int(op.attributes["align_corners"])
    return writer.add("GridSample", op.inputs, mode=mode, padding_mode=padding, align_corners=corners)


def write_matrix_product(op: Operation, writer: Writer) -> list[str]:
    """Write MatMul, either side of which may be transposed."""
    names = []
    for index, side in enumerate(("transpose_a", "transpose_b")):
        is_turned, shape = op.attributes[side], op.shape(index)
        if index == 1 and op.is_constant(1) and len(shape) == 2:
            weights = op.constant(1).astype(np.float32)
            names.append(writer.weights(weights.T if is_turned else weights, channels=1))
        elif is_turned and len(shape) > 1:
            turned = [*range(len(shape) - 2), len(shape) - 1, len(shape) - 2]
            names += writer.add("Transpose", [op.input(index)], perm=turned)
        else:
            names.append(op.input(index))
    return writer.add("MatMul", names)


def _slides(op: Operation, kernel: Sequence[int]) -> dict[str, Any]:
    """Return the steps and the padding of what slides over (N, C, H, W) with a kernel of this (height, width)."""
    attributes = op.attributes
    strides = [int(side) for side in attributes["strides"]]
    dilations = [int(side) for side in attributes.get("dilations", [1] * len(strides))]
    slides: dict[str, Any] = {"strides": strides, "dilations": dilations if max(dilations) > 1 else None}
    padding = attributes["auto_pad"]
    if not padding.startswith("same"):
        pads = (*attributes["pads_begin"], *attributes["pads_end"]) if padding == "explicit" else (0,) * 4
        return {**slides, "pads": [int(side) for side in pads]}
    lengths = op.shape()[2:]
    if None in lengths:
        if slides["dilations"]:
            raise op.unwritable("that pads by itself, with holes, at any size")
        return {**slides, "auto_pad": padding.upper()}
    before, after = [], []
    for length, side, stride, dilation in zip(lengths, kernel, strides, dilations, strict=True):
        lacking = max((-(-(length or 0) // stride) - 1) * stride + (side - 1) * dilation + 1 - (length or 0), 0)
        before.append(lacking // 2 if padding == "same_upper" else lacking - lacking // 2)
        after.append(lacking - before[-1])
    return {**slides, "pads": [*before, *after]}


def _window(op: Operation) -> dict[str, Any]:
    """Return how a window is moved over the picture, and whether its output's size is rounded up."""
    kernel = [int(side) for side in op.attributes["kernel"]]
    is_up = str(op.attributes["rounding_type"]).startswith("ceil")
    return {"kernel_shape": kernel, "ceil_mode": int(is_up) or None, **_slides(op, kernel)}
