"""How a graph is quantized, by NNCF (https://github.com/openvinotoolkit/nncf), with unlabelled photographs.

Quantizing finds, for each layer, the range of the numbers that go through it, and divides it into 255 steps. The layers
that lose most by it stay in float: the first, whose few channels carry all of the picture, and the last, whose numbers
are exponents and probabilities. docs/quantization.md says how the recipe was chosen.
"""

import contextlib
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import nncf
import numpy as np
import openvino
from nncf.quantization.advanced_parameters import AdvancedQuantizationParameters, OverflowFix
from numpy.typing import NDArray

CONVOLUTIONS = ("Convolution", "GroupConvolution")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What stays in float, and how the rest is quantized. The defaults are what `make quantize` takes."""

    first_in_float: int = 2  # convolutions on the way from the input
    last_in_float: bool = True  # the last convolution before each output
    asymmetric: bool = False  # whether 0 may lie anywhere in an activation's range
    bias_correction: bool = False
    overflow_fix: bool = False  # whether some weights keep 7 bits, for processors without VNNI

    def describe(self) -> str:
        """Say it in words, for the card."""
        return (
            f"the first {self.first_in_float} convolutions{' and the last before each output' * self.last_in_float} in"
            f" float; {'asymmetric' if self.asymmetric else 'symmetric'} int8;"
            f" {'' if self.bias_correction else 'no '}bias correction; {'' if self.overflow_fix else 'no '}overflow fix"
        )


class Inputs(Protocol):
    """Arrays as the network reads them, (1, 3, H, W) float32, of any shapes."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        """Yield each of them."""


def quantize_graph(graph: Path, inputs: Inputs, recipe: Recipe) -> openvino.Model:
    """Return the quantized network of a graph in OpenVINO's format."""
    model = openvino.Core().read_model(graph)
    nncf.set_log_level(logging.ERROR)
    presets = nncf.QuantizationPreset
    with contextlib.redirect_stdout(io.StringIO()):  # NNCF draws progress of its own
        return nncf.quantize(
            model,
            nncf.Dataset(inputs),
            preset=presets.MIXED if recipe.asymmetric else presets.PERFORMANCE,
            subset_size=len(inputs),
            ignored_scope=nncf.IgnoredScope(names=sorted(float_layers(model, recipe))),
            advanced_parameters=AdvancedQuantizationParameters(
                disable_bias_correction=not recipe.bias_correction,
                overflow_fix=OverflowFix.FIRST_LAYER if recipe.overflow_fix else OverflowFix.DISABLE,
            ),
        )


def float_layers(model: openvino.Model, recipe: Recipe) -> set[str]:
    """Return the names of the convolutions that stay in float."""
    last = _last_convolutions(model) if recipe.last_in_float else set()
    return _first_convolutions(model, recipe.first_in_float) | last


def _first_convolutions(model: openvino.Model, count: int) -> set[str]:
    """Return those with fewer than `count` convolutions before them on the longest way from the input."""
    before: dict[str, int] = {}  # each operation's name -> how many convolutions its output has gone through
    first = set()
    for operation in model.get_ordered_ops():
        depth = max((before[source.get_friendly_name()] for source in _sources(operation)), default=0)
        is_convolution = operation.get_type_name() in CONVOLUTIONS
        if is_convolution and depth < count:
            first.add(operation.get_friendly_name())
        before[operation.get_friendly_name()] = depth + is_convolution
    return first


def _last_convolutions(model: openvino.Model) -> set[str]:
    """Return those from which an output is reached through no other convolution."""
    last, seen = set(), set()
    waiting: list[openvino.Node] = list(model.get_results())
    while waiting:
        operation = waiting.pop()
        name = operation.get_friendly_name()
        if operation.get_type_name() in CONVOLUTIONS:
            last.add(name)
        elif name not in seen:
            seen.add(name)
            waiting += _sources(operation)
    return last


def _sources(operation: openvino.Node) -> list[openvino.Node]:
    return [value.get_node() for value in operation.input_values()]
