"""For each of OpenVINO's operations, by its name, what writes it. What is not here cannot be written."""

from api.models.device.operations import layers, numbers, shapes
from api.models.device.operations.numbers import elementwise, reduce, same
from api.models.device.writer import Write

SAME = (
    "Abs", "Acos", "Asin", "Atan", "Cos", "Erf", "Exp", "Floor", "HSwish", "Log", "Mish",
    "Relu", "Sigmoid", "Sign", "Sin", "SoftPlus", "Sqrt", "Tan", "Tanh",
)  # fmt: skip
NAMES = {"HSwish": "HardSwish", "SoftPlus": "Softplus"}  # where ONNX spells it otherwise
ELEMENTWISE = {
    "Add": "Add", "Divide": "Div", "Equal": "Equal", "Greater": "Greater", "GreaterEqual": "GreaterOrEqual",
    "Less": "Less", "LessEqual": "LessOrEqual", "LogicalAnd": "And", "LogicalOr": "Or", "Maximum": "Max",
    "Minimum": "Min", "Multiply": "Mul", "Power": "Pow", "Subtract": "Sub",
}  # fmt: skip
REDUCTIONS = ("Max", "Mean", "Min", "Prod", "Sum", "L1", "L2")

OPERATIONS: dict[str, Write] = {
    **{kind: same(NAMES.get(kind, kind)) for kind in SAME},
    **{kind: elementwise(name) for kind, name in ELEMENTWISE.items()},
    **{f"Reduce{kind}": reduce(f"Reduce{kind}") for kind in REDUCTIONS},
    "AvgPool": layers.write_average_pool,
    "BatchNormInference": numbers.write_batch_norm,
    "Broadcast": shapes.write_broadcast,
    "Ceiling": same("Ceil"),
    "Clamp": numbers.write_clamp,
    "Concat": shapes.write_concat,
    "Convert": numbers.write_convert,
    "ConvertLike": numbers.write_convert,
    "Convolution": layers.write_convolution,
    "ConvolutionBackpropData": layers.write_transposed(is_grouped=False),
    "CumSum": numbers.write_running_sum,
    "DepthToSpace": shapes.depth_and_space("DepthToSpace"),
    "FloorMod": numbers.remainder(has_sign_of_divisor=True),
    "Gather": shapes.write_gather,
    "GatherElements": shapes.write_gather_elements,
    "GatherND": shapes.write_gather_nd,
    "Gelu": numbers.write_gelu,
    "GridSample": layers.write_grid_sample,
    "GroupConvolution": layers.write_group_convolution,
    "GroupConvolutionBackpropData": layers.write_transposed(is_grouped=True),
    "HSigmoid": numbers.write_hard_sigmoid,
    "Interpolate": layers.write_interpolate,
    "LogicalNot": same("Not"),
    "MVN": numbers.write_mvn,
    "MatMul": layers.write_matrix_product,
    "MaxPool": layers.write_max_pool,
    "Mod": numbers.remainder(has_sign_of_divisor=False),
    "Negative": same("Neg"),
    "NotEqual": numbers.write_not_equal,
    "PRelu": numbers.write_prelu,
    "Pad": shapes.write_pad,
    "Range": shapes.write_range,
    "Reshape": shapes.write_reshape,
    "Select": same("Where"),
    "ShapeOf": shapes.write_shape_of,
    "Slice": shapes.write_slice,
    "Softmax": numbers.write_softmax,
    "SpaceToDepth": shapes.depth_and_space("SpaceToDepth"),
    "Split": shapes.write_split,
    "SquaredDifference": numbers.write_squared_difference,
    "Squeeze": shapes.write_squeeze,
    "StridedSlice": shapes.write_strided_slice,
    "Swish": numbers.write_swish,
    "Tile": shapes.write_tile,
    "TopK": numbers.write_top_k,
    "Transpose": shapes.write_transpose,
    "Unsqueeze": shapes.write_unsqueeze,
    "VariadicSplit": shapes.write_variadic_split,
}
