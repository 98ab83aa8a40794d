"""Every operation that is written: small graphs, computed by OpenVINO and, as ONNX, by onnxruntime."""

from collections.abc import Callable
from typing import Any

import numpy as np
import openvino
import pytest
from openvino import opset14 as ops

from api.models.device.engine import OnnxRuntime
from api.models.device.graph import write_onnx
from api.models.device.operations.table import OPERATIONS
from api.models.device.weights import Bits
from api.models.device.writer import Unwritable

RANDOM = np.random.default_rng(0)
Build = Callable[[openvino.Node], openvino.Node]
SIDES = (8, 6)  # (height, width)


def numbers(*shape: int) -> Any:
    return RANDOM.normal(size=shape).astype(np.float32)


def slides(**changed: Any) -> dict[str, Any]:
    return {"strides": [1, 1], "pads_begin": [1, 1], "pads_end": [1, 1], "dilations": [1, 1], **changed}


def resized(x: openvino.Node, mode: str, coordinates: str, **changed: Any) -> openvino.Node:
    given = {"image": x, "scales_or_sizes": np.array([2.0, 2.0], np.float32), "axes": np.array([2, 3])}
    words = {"mode": mode, "shape_calculation_mode": "scales", "coordinate_transformation_mode": coordinates}
    return ops.interpolate(**{**given, **words, **changed})


def sides_of(x: openvino.Node, *, times: int) -> openvino.Node:
    sides = ops.gather(ops.shape_of(x, "i64"), np.array([2, 3]), np.array(0))
    return ops.multiply(sides, np.array([times, times], np.int64))


def pooled(x: openvino.Node, kind: str, **changed: Any) -> openvino.Node:
    window = {"strides": [2, 2], "pads_begin": [0, 0], "pads_end": [1, 1], "kernel_shape": [2, 2]}
    window |= {"rounding_type": "floor", "auto_pad": "explicit", **changed}
    if kind == "max":
        return ops.max_pool(x, dilations=[1, 1], **window).output(0).get_node()
    return ops.avg_pool(x, exclude_pad=True, **window)


def above(x: openvino.Node, bound: float) -> openvino.Node:
    return ops.greater(x, np.float32(bound))


def strided(x: openvino.Node, begin: list[int], end: list[int], **masks: list[int]) -> openvino.Node:
    given = {"begin_mask": [0] * len(begin), "end_mask": [0] * len(begin), **masks}
    step = np.ones(len(begin), np.int64)
    return ops.strided_slice(x, np.array(begin), np.array(end), step, **given)


# By name: the operation, and a graph with it. Those of one kind have the same name up to the first comma.
GRAPHS: dict[str, Build] = {
    **{
        kind: lambda x, kind=kind: getattr(ops, kind)(x)
        for kind in (
            "abs", "atan", "ceiling", "cos", "erf", "exp", "floor", "hsigmoid", "hswish", "mish", "negative", "relu",
            "sigmoid", "sign", "sin", "softplus", "tan", "tanh",
        )
    },
    **{kind: lambda x, kind=kind: getattr(ops, kind)(ops.tanh(x)) for kind in ("acos", "asin")},
    **{kind: lambda x, kind=kind: getattr(ops, kind)(ops.add(ops.abs(x), np.float32(0.1))) for kind in ("log", "sqrt")},
    **{
        kind: lambda x, kind=kind: getattr(ops, kind)(x, numbers(4, 1, 1) + 3)
        for kind in ("add", "subtract", "multiply", "divide", "maximum", "minimum")
    },
    "power": lambda x: ops.power(ops.abs(x), np.float32(1.5)),
    **{
        kind: lambda x, kind=kind: ops.select(getattr(ops, kind)(x, np.float32(0.2)), x, np.float32(9))
        for kind in ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal")
    },
    "logical_and": lambda x: ops.convert(ops.logical_and(above(x, 0), above(ops.negative(x), -1)), "f32"),
    "logical_or": lambda x: ops.convert(ops.logical_or(above(x, 1), above(ops.negative(x), 0)), "f32"),
    "logical_not": lambda x: ops.convert(ops.logical_not(above(x, 0)), "f32"),
    **{
        f"reduce_{kind}": lambda x, kind=kind: getattr(ops, f"reduce_{kind}")(x, np.array([2, 3]), kind != "sum")
        for kind in ("max", "mean", "min", "prod", "sum", "l1", "l2")
    },
    "squared_difference": lambda x: ops.squared_difference(x, np.float32(0.3)),
    "mod": lambda x: ops.mod(x, np.float32(0.3)),
    "floor_mod": lambda x: ops.convert(
        ops.floor_mod(ops.convert(ops.multiply(x, np.float32(9)), "i32"), np.int32(4)), "f32"
    ),
    "cum_sum": lambda x: ops.cum_sum(x, np.array(1), exclusive=True),
    "clamp": lambda x: ops.clamp(x, -0.5, 0.7),
    "convert_like": lambda x: ops.convert_like(ops.convert(x, "i32"), x),
    "prelu, one slope": lambda x: ops.prelu(x, np.array([0.1], np.float32)),
    "prelu, a slope for each channel": lambda x: ops.prelu(x, numbers(4)),
    "swish": lambda x: ops.swish(x, np.float32(1.5)),
    "gelu": lambda x: ops.gelu(x, "erf"),
    "gelu, tanh": lambda x: ops.gelu(x, "tanh"),
    "softmax": lambda x: ops.softmax(x, 1),
    "batch_norm_inference": lambda x: ops.batch_norm_inference(x, *numbers(3, 4), numbers(4) ** 2, 1e-5),
    "mvn": lambda x: ops.mvn(x, np.array([1]), True, 1e-5, "inside_sqrt"),
    "mvn, outside": lambda x: ops.mvn(x, np.array([2, 3]), True, 1e-5, "outside_sqrt"),
    "topk": lambda x: ops.topk(x, np.array(3), 1, "max", "value").output(0).get_node(),
    "convolution": lambda x: ops.convolution(x, numbers(5, 4, 3, 3), **slides()),
    "convolution, with holes": lambda x: ops.convolution(
        x, numbers(5, 4, 3, 3), **slides(dilations=[2, 2], strides=[2, 2], pads_begin=[2, 2], pads_end=[2, 1])
    ),
    "convolution, same": lambda x: ops.convolution(
        x, numbers(5, 4, 3, 3), **slides(strides=[2, 2]), auto_pad="same_upper"
    ),
    "convolution, same, with holes": lambda x: ops.convolution(
        x, numbers(5, 4, 3, 3), **slides(dilations=[2, 2]), auto_pad="same_lower"
    ),
    "group_convolution": lambda x: ops.group_convolution(x, numbers(2, 3, 2, 3, 3), **slides()),
    "convolution_backprop_data": lambda x: ops.convolution_backprop_data(x, numbers(4, 5, 2, 2), strides=[2, 2]),
    "group_convolution_backprop_data": lambda x: ops.group_convolution_backprop_data(
        x, numbers(2, 2, 3, 2, 2), **slides(strides=[2, 2], pads_begin=[0, 0], pads_end=[0, 0])
    ),
    "max_pool": lambda x: pooled(x, "max"),
    "max_pool, rounded up": lambda x: pooled(x, "max", kernel_shape=[3, 3], pads_end=[0, 0], rounding_type="ceil"),
    "avg_pool": lambda x: pooled(x, "average"),
    "matmul": lambda x: ops.matmul(x, numbers(6, 3), False, False),
    "matmul, turned": lambda x: ops.matmul(x, numbers(3, 6), False, True),
    "matmul, of two": lambda x: ops.matmul(x, x, True, False),
    "interpolate": lambda x: resized(x, "nearest", "asymmetric", nearest_mode="floor"),
    "interpolate, linear": lambda x: resized(x, "linear_onnx", "half_pixel"),
    "interpolate, cubic": lambda x: resized(x, "cubic", "half_pixel"),
    "interpolate, to a size": lambda x: resized(
        x, "linear_onnx", "align_corners", scales_or_sizes=np.array([11, 9]), shape_calculation_mode="sizes"
    ),
    "interpolate, to a computed size": lambda x: resized(
        x, "linear_onnx", "pytorch_half_pixel", scales_or_sizes=sides_of(x, times=3), shape_calculation_mode="sizes"
    ),
    "reshape": lambda x: ops.reshape(x, np.array([0, 2, -1]), True),
    "squeeze": lambda x: ops.squeeze(x, np.array([0])),
    "unsqueeze": lambda x: ops.unsqueeze(x, np.array(1)),
    "transpose": lambda x: ops.transpose(x, np.array([0, 2, 3, 1])),
    "concat": lambda x: ops.concat([x, x], 1),
    "split": lambda x: ops.split(x, np.array(1), 2).output(1).get_node(),
    "variadic_split": lambda x: ops.variadic_split(x, np.array(1), np.array([1, -1])).output(1).get_node(),
    "slice": lambda x: ops.slice(x, np.array([1]), np.array([7]), np.array([2]), np.array([2])),
    "strided_slice": lambda x: strided(x, [0, 1, 0, 0], [0, 3, 0, -1], begin_mask=[1, 0, 1, 1], end_mask=[1, 0, 1, 0]),
    "strided_slice, a side less": lambda x: strided(
        x, [0, -1], [0, 0], begin_mask=[1, 0], end_mask=[1, 0], shrink_axis_mask=[0, 1]
    ),
    "strided_slice, a side more": lambda x: strided(
        x, [0, 0], [0, 0], begin_mask=[1, 1], end_mask=[1, 1], new_axis_mask=[0, 1]
    ),
    "gather": lambda x: ops.gather(x, np.array([2, 0]), np.array(1)),
    "gather_elements": lambda x: ops.gather_elements(x, np.zeros((1, 4, 8, 6), np.int32), 1),
    "gather_nd": lambda x: ops.gather_nd(x, np.array([[[0, 1], [2, 3]]]), 1),
    "grid_sample": lambda x: ops.grid_sample(
        x, RANDOM.uniform(-1.2, 1.2, (1, 5, 3, 2)).astype(np.float32),
        {"mode": "bilinear", "padding_mode": "zeros", "align_corners": False},
    ),
    "shape_of": lambda x: ops.convert(ops.shape_of(x, "i32"), "f32"),
    "broadcast": lambda x: ops.broadcast(
        ops.reduce_mean(x, np.array([2, 3]), keep_dims=True), ops.shape_of(x), "BIDIRECTIONAL"
    ),
    "tile": lambda x: ops.tile(x, np.array([1, 2, 1, 1])),
    "pad": lambda x: ops.pad(x, np.array([0, 0, 1, 2]), np.array([0, 0, 0, 1]), "constant", np.float32(5)),
    "pad, reflected": lambda x: ops.pad(x, np.array([0, 0, 1, 2]), np.array([0, 0, 0, 1]), "reflect"),
    "range": lambda x: ops.add(
        ops.range(np.array(0), ops.gather(ops.shape_of(x), np.array(3), np.array(0)), np.array(1), "f32"), x
    ),
    "depth_to_space": lambda x: ops.depth_to_space(x, "blocks_first", 2),
    "depth_to_space, depth first": lambda x: ops.depth_to_space(x, "depth_first", 2),
    "space_to_depth": lambda x: ops.space_to_depth(x, "blocks_first", 2),
}  # fmt: skip
OF_ONE_SIZE = ("convolution, same, with holes", "gather_elements")  # the others take pictures of any size, too
CASES = [(name, sides) for name in GRAPHS for sides in (SIDES, (-1, -1)) if sides == SIDES or name not in OF_ONE_SIZE]


def graph_of(build: Build, sides: tuple[int, int]) -> openvino.Model:
    x = ops.parameter([1, 4, *sides], np.float32, "x")
    built = build(x)
    model = openvino.Model([ops.result(built)], [x], "small")
    model.outputs[0].get_tensor().set_names({"found"})
    return model


@pytest.mark.parametrize(("name", "sides"), CASES)
def test_onnxruntime_computes_what_openvino_does(name: str, sides: tuple[int, int]):
    model = graph_of(GRAPHS[name], sides)
    file = write_onnx(model, Bits.WHOLE).SerializeToString()
    x = numbers(1, 4, *SIDES)
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    (expected,) = openvino.Core().compile_model(model, "CPU", settings)([x]).values()
    found = OnnxRuntime(file, 1)(x)
    np.testing.assert_allclose(found["found"], expected, rtol=1e-4, atol=1e-5)


def test_each_kind_is_tried():
    tried = {node.get_type_name() for build in GRAPHS.values() for node in graph_of(build, SIDES).get_ops()}
    assert OPERATIONS.keys() <= tried


def test_names_all_kinds_that_onnx_does_not_have_here():
    def build(x: openvino.Node) -> openvino.Node:
        return ops.reverse_sequence(ops.grn(x, 1.0), np.array([2]), 0, 1)

    with pytest.raises(Unwritable, match=r"^GRN, ReverseSequence$"):
        write_onnx(graph_of(build, SIDES), Bits.WHOLE)


def test_refuses_what_it_would_compute_otherwise():
    def build(x: openvino.Node) -> openvino.Node:
        return resized(x, "nearest", "tf_half_pixel_for_nn", nearest_mode="floor")

    with pytest.raises(Unwritable, match="Interpolate .nearest, tf_half_pixel_for_nn"):
        write_onnx(graph_of(build, SIDES), Bits.WHOLE)
