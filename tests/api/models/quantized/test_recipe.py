"""Which layers a recipe leaves in float, in a network with a residual block, a grouped convolution and two heads."""

import openvino
import pytest

from api.models.darknet.reader import read_graph
from api.models.engines.cores import Cores
from api.models.options import RunOptions
from api.models.quantized.recipe import Recipe, float_layers
from harness.darknet_models import TINY_ANCHORS, conv, head, net, route, shortcut, upsample, write_model

# The numbers of filters tell the convolutions apart: 8 and 12 come first, 24 (3 anchors x (5 + 3 classes)) are heads.
CFG = "".join(
    [
        net(64, 64), conv(8, 3), conv(12, 3, stride=2), conv(16, 1), conv(12, 3), shortcut(),
        conv(20, 3, stride=2, groups=4), conv(28, 1), head("3,4,5", TINY_ANCHORS, 3),
        route(-3), conv(32, 1), upsample(), route(-1, 4), conv(36, 3, activation="mish"),
        head("0,1,2", TINY_ANCHORS, 3),
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> openvino.Model:
    folder = tmp_path_factory.mktemp("weights")
    write_model(folder, "mixed", CFG, labels=["ant", "bee", "cat"])
    graph, _ = read_graph("mixed", folder, RunOptions(), Cores(1))
    return openvino.Core().read_model(graph.graph)


def filters(network: openvino.Model, names: set[str]) -> list[int]:
    shapes = {one.get_friendly_name(): one.get_output_partial_shape(0) for one in network.get_ops()}
    return sorted(shapes[name][1].get_length() for name in names)


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (Recipe(), [8, 12, 24, 24]),
        (Recipe(last_in_float=False), [8, 12]),
        (Recipe(first_in_float=0), [24, 24]),
        (Recipe(first_in_float=1), [8, 24, 24]),
        (Recipe(first_in_float=4), [8, 12, 12, 16, 24, 24]),
        (Recipe(first_in_float=5), [8, 12, 12, 16, 20, 24, 24]),  # the fifth has groups
        (Recipe(first_in_float=0, last_in_float=False), []),
    ],
)
def test_layers_in_float(network: openvino.Model, recipe: Recipe, expected: list[int]):
    assert filters(network, float_layers(network, recipe)) == expected


def test_recipe_is_told_in_words():
    assert Recipe().describe() == (
        "the first 2 convolutions and the last before each output in float; symmetric int8; no bias correction;"
        " no overflow fix"
    )
    assert Recipe(first_in_float=0, last_in_float=False, asymmetric=True, bias_correction=True).describe() == (
        "the first 0 convolutions in float; asymmetric int8; bias correction; no overflow fix"
    )
