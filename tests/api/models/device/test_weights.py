"""How weights are stored: near to what they were, in few bits, and as float32 again once the file is loaded."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import openvino
import pytest
from openvino import opset13 as ops

from api.models.device.graph import write_onnx
from api.models.device.weights import LEAST, Bits, Packed, pack

FEW = [bits for bits in Bits if bits is not Bits.WHOLE]
RANDOM = np.random.default_rng(0)


def weights(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape).astype(np.float32)


def unpacked(packed: Packed) -> np.ndarray:
    return packed.values * (1.0 if packed.scale is None else packed.scale)


def error(values: np.ndarray, packed: Packed) -> float:
    return float(np.square(values - unpacked(packed)).sum())


@pytest.mark.parametrize("bits", FEW)
@pytest.mark.parametrize("channels", [0, 1])
def test_no_number_is_off_by_more_than_half_a_step_unless_cut_off(bits: Bits, channels: int):
    values = weights(32, 32, 3, 3) * np.logspace(-3, 3, 32, dtype=np.float32).reshape((-1, 1, 1, 1))
    packed = pack(values, channels, bits)
    assert packed.values.dtype == (np.int8 if bits is Bits.EIGHT else np.int16)
    assert packed.scale is not None
    off = np.abs(values - unpacked(packed)) / packed.scale
    assert off[np.abs(packed.values) < 2 ** (bits - 1) - 1].max() < 0.501
    assert packed.scale.shape == tuple(32 if axis == channels else 1 for axis in range(4))


def test_more_bits_are_nearer():
    values = weights(16, 64, 3, 3)
    errors = [error(values, pack(values, 0, bits)) for bits in Bits]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] == 0


@pytest.mark.parametrize("bits", FEW)
def test_scale_leaves_less_error_than_that_of_the_largest_number(bits: Bits):
    values = weights(16, 64, 3, 3)
    highest = 2 ** (bits - 1) - 1
    plain = np.abs(values).max(axis=(1, 2, 3), keepdims=True) / highest
    rounded = np.rint(values / plain) * plain
    assert error(values, pack(values, 0, bits)) < np.square(values - rounded).sum()


def test_sixteen_bits_are_nearer_than_float16():
    values = weights(16, 64, 3, 3)
    halves = values.astype(np.float16).astype(np.float32)
    assert error(values, pack(values, 0, Bits.SIXTEEN)) < np.square(values - halves).sum() / 4


@pytest.mark.parametrize("bits", Bits)
def test_a_channel_of_zeros_stays_one(bits: Bits):
    values = weights(4, 300, 1, 1)
    values[2] = 0
    assert np.isfinite(unpacked(pack(values, 0, bits))).all()
    assert not unpacked(pack(values, 0, bits))[2].any()


@pytest.mark.parametrize("bits", FEW)
def test_few_numbers_stay_as_they_are(bits: Bits):
    values = weights(1, LEAST - 1)
    assert pack(values, 0, bits).values is values


@pytest.mark.parametrize("bits", FEW)
def test_onnxruntime_makes_float32_of_them_when_it_loads_the_file(bits: Bits, tmp_path: Path):
    x = ops.parameter([1, 8, -1, -1], np.float32, "x")
    found = ops.convolution(x, weights(64, 8, 3, 3), [1, 1], [1, 1], [1, 1], [1, 1])
    model = openvino.Model([ops.result(found)], [x], "small")
    model.outputs[0].get_tensor().set_names({"found"})
    file = write_onnx(model, bits)
    assert {"Cast", "Mul"} <= {node.op_type for node in file.graph.node}

    settings = onnxruntime.SessionOptions()
    settings.optimized_model_filepath = str(tmp_path / "loaded.onnx")
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    onnxruntime.InferenceSession(file.SerializeToString(), settings, providers=["CPUExecutionProvider"])
    assert {node.op_type for node in onnx.load(tmp_path / "loaded.onnx").graph.node} == {"Conv"}
