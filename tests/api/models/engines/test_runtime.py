"""Every way to run the network against the plainest one: float32 and torch's own convolutions."""

from pathlib import Path

import pytest
import torch

from api.models.darknet.cfg import parse_cfg
from api.models.darknet.detector import Detector
from api.models.darknet.network import Network, read_network
from api.models.engines import packed
from api.models.engines.options import Canvas, Precision, Resize, RunOptions
from api.models.engines.packed import PackedConvolution, has_fast_bfloat16, packing_works
from api.models.engines.runtime import Execution, Runtime, choose_execution
from api.models.errors import ModelError
from harness.darknet_models import TINY_ANCHORS, conv, head, maxpool, net, shortcut, write_model, yolov4_tiny
from harness.raw_outputs import as_tensor

PLAIN = Execution(torch.float32, packed=False)
WHOLE = Execution(torch.float32, packed=False, on_demand=False)
CUDA_FP32 = Execution(torch.float32, packed=False, device=torch.device("cuda"), on_demand=False)
CUDA_FP16 = Execution(torch.float16, packed=False, device=torch.device("cuda"), on_demand=False)
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


def outputs(folder: Path, name: str, execution: Execution, size: tuple[int, int]) -> list[torch.Tensor]:
    runtime = Runtime(read_network(folder / f"{name}.cfg"), folder / f"{name}.weights", RunOptions(), execution)
    return [as_tensor(raw) for raw in runtime.run(torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1)))]


@pytest.mark.parametrize("size", [(64, 96), (32, 64), (160, 32)])
@pytest.mark.parametrize("name", ["everything", "tiny"])
@pytest.mark.parametrize(
    ("execution", "tolerance"),
    [
        (PLAIN, 1e-4),
        pytest.param(Execution(torch.float32, packed=True), 1e-4, marks=needs_packing),
        pytest.param(Execution(torch.float32, packed=True, on_demand=False), 1e-4, marks=needs_packing),
        # raw outputs have a standard deviation of 1.5; bfloat16 keeps 8 bits through 20 layers
        pytest.param(Execution(torch.bfloat16, packed=True), 0.5, marks=[needs_packing, needs_bfloat16]),
        pytest.param(CUDA_FP32, 1e-4, marks=needs_gpu),
        pytest.param(CUDA_FP16, 0.1, marks=needs_gpu),  # float16 keeps 11 bits
    ],
    ids=lambda value: value.description if isinstance(value, Execution) else None,
)
def test_raw_outputs_agree_with_plain_float32(
    folder: Path, name: str, size: tuple[int, int], execution: Execution, tolerance: float
) -> None:
    for found, expected in zip(outputs(folder, name, execution, size), outputs(folder, name, WHOLE, size), strict=True):
        assert found.dtype == torch.float32
        assert expected.std() > 0.5
        torch.testing.assert_close(found, expected, atol=tolerance, rtol=0)
        assert (found - expected).abs().mean() < tolerance / 5


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)


@pytest.mark.usefixtures("no_gpu")
def test_float32_is_chosen_where_bfloat16_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.models.engines.runtime.has_fast_bfloat16", lambda: False)
    assert choose_execution(Precision.AUTO).dtype == torch.float32
    with pytest.raises(ModelError, match="no bfloat16 in hardware .* choose auto or fp32"):
        choose_execution(Precision.BF16)


@pytest.mark.usefixtures("no_gpu")
def test_plain_convolutions_are_chosen_where_packed_ones_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        PackedConvolution, "forward", lambda self, x: torch.zeros(1, 32, *(n // 2 for n in x.shape[2:]))
    )
    assert not packing_works(torch.float32)
    assert choose_execution(Precision.AUTO) == PLAIN


@pytest.mark.usefixtures("no_gpu")
@pytest.mark.parametrize("error", [AttributeError, RuntimeError, TypeError])
def test_plain_convolutions_are_chosen_where_there_are_no_packed_ones(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_arguments: object) -> None:
        raise error("no such operator")

    monkeypatch.setattr(packed.PackedConvolution, "__init__", fail)
    assert choose_execution(Precision.FP32) == PLAIN


@needs_gpu
def test_gpu_is_chosen_where_there_is_one() -> None:
    assert choose_execution(Precision.AUTO) == CUDA_FP16
    assert choose_execution(Precision.FP32) == CUDA_FP32


@needs_packing
def test_packed_layers_let_the_file_and_the_float32_weights_go(folder: Path) -> None:
    network = read_network(folder / "tiny.cfg")
    Runtime(network, folder / "tiny.weights", RunOptions(), Execution(torch.float32, packed=True))
    assert network.convolutions() == []
    assert sum(parameter.numel() for parameter in network.parameters()) == 0


def test_all_precisions_and_canvases_find_the_same_in_a_photograph(photographs: dict[str, Path]) -> None:
    from api.images.decode import decode_image
    from api.images.limits import ImageLimits

    image = decode_image(photographs["dog"].read_bytes(), orientation=None, limits=ImageLimits()).pixels
    weights = Path(__file__).parents[4] / "weights"
    for precision in Precision:
        if precision is Precision.BF16 and not has_fast_bfloat16():
            continue
        for canvas in Canvas:
            for resize in Resize:
                options = RunOptions(precision=precision, canvas=canvas, resize=resize)
                found = Detector.load("yolov3-tiny", weights, options).detect(image).detections
                assert sorted(one.label for one in found) == ["bicycle", "car", "dog", "truck"]


def test_shortcuts_do_not_overwrite_what_others_read(folder: Path) -> None:
    cfg = net(32, 32) + conv(8, 3) + conv(8, 3) + shortcut(-2) + shortcut(-2) + shortcut(-4) + head("0", "9,9", 1)
    network = Network(parse_cfg(cfg)).eval()
    x = torch.rand(1, 3, 32, 32)
    with torch.inference_mode():
        first = network.layers[0](x)
        second = network.layers[1](first)
        expected = network.layers[5]((second + first) + second + first)
        torch.testing.assert_close(network(x)[0], expected)
