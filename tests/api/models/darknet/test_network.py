import pytest
import torch
import torch.nn.functional as F

from api.models.darknet.cfg import parse_cfg
from api.models.darknet.network import Network
from api.models.darknet.weights import float_count
from api.models.errors import ModelError
from harness.darknet_models import ARCHITECTURES, conv, head, maxpool, net, route, shortcut, upsample

ANCHORS = "10,14, 23,27"

# The sizes of the published weights files in bytes: a header of 20, then float32.
PUBLISHED_SIZES = {
    "yolov3": 248_007_048, "yolov3-tiny": 35_434_956, "yolov3-spp": 252_209_544,
    "yolov4": 257_717_640, "yolov4-tiny": 24_251_276,
}  # fmt: skip


def build(cfg: str) -> Network:
    with torch.device("meta"):
        return Network(parse_cfg(cfg))


@pytest.mark.parametrize(("name", "size"), PUBLISHED_SIZES.items())
def test_has_as_many_numbers_as_the_published_weights(name: str, size: int) -> None:
    network = build(ARCHITECTURES[name])
    assert 20 + 4 * sum(float_count(convolution) for _, convolution in network.convolutions()) == size


def test_heads_come_at_strides_32_16_and_8() -> None:
    network = build(ARCHITECTURES["yolov3"])
    outputs = network(torch.zeros(1, 3, 320, 416, device="meta"))
    assert [tuple(raw.shape) for raw in outputs.values()] == [(1, 255, 10, 13), (1, 255, 20, 26), (1, 255, 40, 52)]
    assert network.stride == 32
    assert network.heads[0].anchors == ((116, 90), (156, 198), (373, 326))


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ("[lstm]\noutput=4\n", r"line 5, \[lstm\]: this layer is not supported; convolutional, "),
        (conv(8, 3, activation="selu"), "activation=selu is not supported; leaky, "),
        (conv(8, 3).replace("stride=1", "stride=0"), "stride=0 is not 1 or more"),
        (conv(8, 3) + "dilation=2\n", "dilation=2 is not supported"),
        (conv(8, 3, groups=2), "groups=2 divides not both 3 input channels and filters=8"),
        (conv(8, 3) + route(-9), r"it reads layers \(-9,\), but there are layers 0..0 before it"),
        (conv(8, 3) + conv(8, 3, stride=2) + route(-1, -2), "its inputs are 1/2 and 1/1 of the picture's size"),
        (conv(8, 3) + conv(16, 3) + shortcut(-2), "its inputs have 16 and 8 channels"),
        (conv(8, 3) + route(-1, groups=2, group_id=2), r"group_id=2 is not one of 0..1"),
        (conv(9, 3) + route(-1, groups=2, group_id=1), "groups=2 does not divide the channels"),
        (conv(8, 3), "has no .yolo. layer"),
        (head("0,1", ANCHORS, 3).replace("filters=16", "filters=18"),
         r"filters=18, but \(classes \+ 5\) x anchors = \(3 \+ 5\) x 2 = 16 are needed"),
        (head("0,2", ANCHORS, 3), "mask=0,2 must name anchors 0..1"),
        (head("0,1", ANCHORS, 3).replace("num=2", "num=3"), "4 numbers in `anchors`, but num=3 anchors need 6"),
        (head("0,1", ANCHORS, 3) + head("0,1", ANCHORS, 4), "do not agree on `classes`"),
    ],
)  # fmt: skip
def test_refuses_what_it_would_not_compute_and_names_the_section(layers: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        build(net(32, 32) + layers)


def test_refuses_grey_networks() -> None:
    with pytest.raises(ModelError, match="channels=1: only networks for colour pictures"):
        build(net(32, 32).replace("channels=3", "channels=1") + head("0,1", ANCHORS, 3))


def test_maxpool_of_size_2_and_stride_1_pads_right_and_bottom_only() -> None:
    network = build(net(4, 4) + maxpool(2, 1) + head("0", "1,1", 1))
    pooled = network.layers[0](torch.arange(16.0).reshape(1, 1, 4, 4))
    assert pooled.tolist() == [[[[5, 6, 7, 7], [9, 10, 11, 11], [13, 14, 15, 15], [13, 14, 15, 15]]]]


@pytest.mark.parametrize(("length", "expected"), [(4, 2), (5, 3), (1, 1)])
def test_maxpool_of_size_2_and_stride_2_keeps_an_odd_last_row(length: int, expected: int) -> None:
    network = build(net(32, 32) + maxpool(2, 2) + head("0", "1,1", 1))
    assert network.layers[0](torch.zeros(1, 1, length, length)).shape[2:] == (expected, expected)


@pytest.mark.parametrize("shape", [(1, 3, 8, 6), (1, 3, 7, 6), (1, 3, 8, 5), (1, 16, 2, 2)])
def test_maxpool_by_halves_is_max_pooling(shape: tuple[int, ...]) -> None:
    x = torch.rand(shape, generator=torch.Generator().manual_seed(0)).contiguous(memory_format=torch.channels_last)
    network = build(net(32, 32) + maxpool(2, 2) + head("0", "1,1", 1))
    torch.testing.assert_close(network.layers[0](x), F.max_pool2d(x, 2, 2, ceil_mode=True))


@pytest.mark.parametrize("shape", [(1, 3, 8, 6), (1, 16, 13, 10), (1, 3, 1, 5), (1, 2, 1, 1)])
def test_maxpool_of_stride_1_by_neighbours_is_max_pooling(shape: tuple[int, ...]) -> None:
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0)).contiguous(memory_format=torch.channels_last)
    network = build(net(32, 32) + maxpool(2, 1) + head("0", "1,1", 1))
    padded = F.pad(x, (0, 1, 0, 1), value=-torch.inf)
    torch.testing.assert_close(network.layers[0](x), F.max_pool2d(padded, 2, 1))


def test_avgpool_is_the_mean_of_each_channel() -> None:
    network = build(net(32, 32) + conv(4, 3) + "[avgpool]\n" + route(0) + head("0", "1,1", 1))
    pooled = network.layers[1](torch.arange(8.0).reshape(1, 2, 2, 2))
    assert pooled.flatten().tolist() == [1.5, 5.5]
    assert network(torch.zeros(1, 3, 32, 32, device="meta"))["yolo4"].shape == (1, 6, 32, 32)


def test_upsample_repeats_pixels() -> None:
    network = build(net(32, 32) + upsample() + head("0", "1,1", 1))
    assert network.layers[0](torch.tensor([[[[1.0, 2.0]]]])).tolist() == [[[[1, 1, 2, 2], [1, 1, 2, 2]]]]


def test_route_takes_one_group_of_channels() -> None:
    network = build(net(32, 32) + conv(4, 1) + route(-1, groups=2, group_id=1) + head("0", "1,1", 1))
    picked = network.layers[1](torch.arange(4.0).reshape(1, 4, 1, 1))
    assert picked.flatten().tolist() == [2, 3]


def test_outputs_nobody_reads_any_more_are_dropped_and_the_rest_kept() -> None:
    network = build(net(32, 32) + conv(8, 3) + conv(8, 3) + shortcut(-2) + route(0) + head("0", "1,1", 1))
    (raw,) = network(torch.zeros(1, 3, 32, 32, device="meta")).values()
    assert raw.shape == (1, 6, 32, 32)
