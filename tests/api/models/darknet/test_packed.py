"""Every way to run a Darknet network against the plainest one: float32 and torch's own convolutions."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.darknet import packed
from api.models.darknet.cfg import parse_cfg
from api.models.darknet.network import Network
from api.models.darknet.packed import FUSED, PackedConvolution, packing_works
from api.models.darknet.reader import read_model
from api.models.engines.cores import Cores
from api.models.engines.torch import Execution, has_fast_bfloat16
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.tasks.detection.types import DetectionOptions
from harness.darknet_models import TINY_ANCHORS, conv, head, maxpool, net, shortcut, write_model, yolov4_tiny

WEIGHTS = Path(__file__).parents[4] / "weights"
CUDA = torch.device("cuda")
ACTIVATIONS = ("leaky", "linear", "relu", "relu6", "mish", "swish", "logistic")
EVERYTHING = (
    net(96, 64)
    + "".join(conv(16, 3, activation=activation) for activation in ACTIVATIONS)
    + conv(32, 3, stride=2, groups=4) + conv(32, 3, groups=32) + conv(32, 1) + shortcut(-2)
    + maxpool(2, 2) + head("0,1,2", TINY_ANCHORS, 3)
)  # fmt: skip

needs_packing = pytest.mark.skipif(not packing_works(torch.float32), reason="this torch has no packed convolutions")
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no GPU here")
needs_bfloat16 = pytest.mark.skipif(not has_fast_bfloat16(), reason="this processor has no bfloat16 in hardware")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_model(folder, "everything", EVERYTHING)
    write_model(folder, "tiny", yolov4_tiny(classes=3))
    return folder


@pytest.fixture(autouse=True)
def _tried_anew() -> Iterator[None]:
    packing_works.cache_clear()
    yield
    packing_works.cache_clear()


def outputs(folder: Path, name: str, execution: Execution, size: tuple[int, int], packs: bool) -> list[np.ndarray]:
    with pytest.MonkeyPatch.context() as patch:
        if not packs:
            patch.setattr("api.models.darknet.reader.packing_works", lambda _dtype: False)
        engine = read_model(name, folder, RunOptions(), Cores(1), execution).engine
    return list(engine(np.random.default_rng(1).random((1, 3, *size), np.float32)).values())


@pytest.mark.parametrize("size", [(64, 96), (32, 64), (160, 32)])
@pytest.mark.parametrize("name", ["everything", "tiny"])
@pytest.mark.parametrize(
    ("execution", "tolerance"),
    [
        pytest.param(Execution(torch.float32), 1e-4, marks=needs_packing),
        # raw outputs have a standard deviation of 1.5; bfloat16 keeps 8 bits through 20 layers
        pytest.param(Execution(torch.bfloat16), 0.5, marks=[needs_packing, needs_bfloat16]),
        pytest.param(Execution(torch.float32, CUDA), 1e-4, marks=needs_gpu),
        pytest.param(Execution(torch.float16, CUDA), 0.1, marks=needs_gpu),  # float16 keeps 11 bits
    ],
    ids=lambda value: f"{value.precision} on {value.device}" if isinstance(value, Execution) else None,
)
def test_raw_outputs_agree_with_plain_float32(
    folder: Path, name: str, size: tuple[int, int], execution: Execution, tolerance: float
) -> None:
    plain = outputs(folder, name, Execution(torch.float32), size, packs=False)
    for found, expected in zip(outputs(folder, name, execution, size, packs=True), plain, strict=True):
        assert found.dtype == np.float32
        assert expected.std() > 0.5
        np.testing.assert_allclose(found, expected, atol=tolerance, rtol=0)
        assert np.abs(found - expected).mean() < tolerance / 5


@needs_packing
@pytest.mark.parametrize("activation", [kind for kind in FUSED if kind is not torch.nn.Identity])
def test_an_activation_that_is_fused_wrongly_is_found(
    monkeypatch: pytest.MonkeyPatch, activation: type[torch.nn.Module]
) -> None:
    monkeypatch.setitem(FUSED, activation, ("none", []))
    assert not packing_works(torch.float32)


@pytest.mark.parametrize("error", [AttributeError, RuntimeError, TypeError])
def test_a_torch_without_packed_convolutions_is_found(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(*_arguments: object) -> None:
        raise error("no such operator")

    monkeypatch.setattr(packed.PackedConvolution, "__init__", fail)
    assert not packing_works(torch.float32)


@needs_packing
def test_packed_layers_let_the_file_and_the_float32_weights_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    networks: list[Network] = []
    build = Network.__init__

    def note(self: Network, *arguments: object) -> None:
        build(self, *arguments)
        networks.append(self)

    monkeypatch.setattr(Network, "__init__", note)
    read_model("tiny", folder, RunOptions(), Cores(1), Execution(torch.float32))
    (network,) = networks
    assert network.convolutions() == []
    assert any(isinstance(layer, PackedConvolution) for layer in network.layers)
    assert sum(parameter.numel() for parameter in network.parameters()) == 0


@pytest.mark.parametrize("whole_square", [False, True])
@pytest.mark.parametrize("precision", Precision)
def test_all_precisions_and_canvases_find_the_same_in_a_photograph(
    photographs: dict[str, Path], precision: Precision, whole_square: bool
) -> None:
    if precision is Precision.BF16 and not has_fast_bfloat16():
        pytest.skip("this processor has no bfloat16 in hardware")
    image = decode_image(photographs["dog"].read_bytes(), orientation=None, limits=ImageLimits()).pixels
    options = RunOptions(precision=precision, whole_square=whole_square)
    plain = RunOptions(precision=Precision.FP32, whole_square=True)
    found, expected = (
        load_model("yolov3-tiny", WEIGHTS, how).run(image, DetectionOptions(confidence=0.4)).detections
        for how in (options, plain)
    )
    assert len(expected) >= 3
    for one in expected:
        (other,) = [other for other in found if other.label == one.label]
        assert other.confidence == pytest.approx(one.confidence, abs=0.05)
        for side in ("x1", "y1", "x2", "y2"):
            assert getattr(other.box, side) == pytest.approx(getattr(one.box, side), abs=12)


def test_shortcuts_do_not_overwrite_what_others_read() -> None:
    cfg = net(32, 32) + conv(8, 3) + conv(8, 3) + shortcut(-2) + shortcut(-2) + shortcut(-4) + head("0", "9,9", 1)
    network = Network(parse_cfg(cfg)).eval()
    x = torch.rand(1, 3, 32, 32)
    with torch.inference_mode():
        first = network.layers[0](x)
        second = network.layers[1](first)
        expected = network.layers[5]((second + first) + second + first)
        torch.testing.assert_close(next(iter(network(x).values())), expected)
