import struct
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from api.models.darknet.cfg import parse_cfg
from api.models.darknet.network import Network
from api.models.darknet.weights import load_weights, parse_header
from api.models.errors import ModelError
from harness.darknet_models import conv, head, net, seeded_weights

CFG = net(32, 32) + conv(4, 3) + conv(6, 1) + head("0", "1,1", 1)
HEADER = 20


def load(folder: Path, data: bytes, cfg: str = CFG) -> Network:
    (folder / "mine.weights").write_bytes(data)
    with torch.device("meta"):
        network = Network(parse_cfg(cfg))
    load_weights(network, folder / "mine.weights")
    return network


def test_batch_norm_is_folded_as_darknet_computes_it(tmp_path: Path) -> None:
    data = seeded_weights(CFG)
    network = load(tmp_path, data)
    numbers = torch.from_numpy(np.frombuffer(data, "<f4", offset=HEADER).copy())
    beta, gamma, mean, variance = numbers[:16].view(4, 4)
    kernel = numbers[16 : 16 + 4 * 3 * 9].view(4, 3, 3, 3)
    x = torch.rand(1, 3, 8, 8)
    normalized = F.batch_norm(F.conv2d(x, kernel, padding=1), mean, variance, gamma, beta, eps=1e-6)
    expected = F.leaky_relu(normalized, 0.1)
    torch.testing.assert_close(network.layers[0](x), expected, atol=1e-5, rtol=1e-5)


def test_a_convolution_without_batch_norm_takes_its_bias_and_the_last_numbers(tmp_path: Path) -> None:
    data = seeded_weights(CFG)
    numbers = np.frombuffer(data, "<f4", offset=HEADER)
    last = load(tmp_path, data).layers[-2].conv
    assert last.bias.tolist() == pytest.approx(numbers[-42:-36].tolist())
    assert last.weight.flatten().tolist() == pytest.approx(numbers[-36:].tolist())


@pytest.mark.parametrize(("version", "size"), [((0, 1, 0), 16), ((0, 2, 0), 20), ((0, 2, 5), 20), ((1, 0, 0), 20)])
def test_seen_is_wide_from_version_0_2_on(version: tuple[int, int, int], size: int) -> None:
    seen = struct.pack("<q", 32_013_312) if size == 20 else struct.pack("<i", 32_013_312)
    header = parse_header(struct.pack("<3i", *version) + seen + bytes(20))
    assert (header.major, header.minor, header.revision) == version
    assert (header.seen, header.size) == (32_013_312, size)


def test_an_old_narrow_header_loads_too(tmp_path: Path) -> None:
    data = seeded_weights(CFG)
    old = struct.pack("<4i", 0, 1, 0, 77) + data[HEADER:]
    new_network, old_network = load(tmp_path, data), load(tmp_path, old)
    assert torch.equal(new_network.layers[0].conv.weight, old_network.layers[0].conv.weight)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: b"", "has 0 bytes, less than a header"),
        (lambda data: data[:10], "has 10 bytes, less than a header"),
        (lambda data: data[:-4], "4 bytes shorter than it should be; .* that of cfg line 21"),
        (lambda data: data[:30], "2 numbers after its header, but the cfg needs 214: .* that of cfg line 5"),
        (lambda data: data + b"\0", "1 bytes longer"),
        (lambda data: b"<!DOCTYPE html><title>Not here</title>", "a web page, not weights"),
        (lambda data: b"version https://git-lfs.github.com/spec/v1\noid sha256:1", "a Git LFS pointer"),
        (lambda data: b"\xff" * len(data), "version -1.-1.-1, which no Darknet has"),
        (lambda data: data[:-4] + struct.pack("<f", float("nan")), "cfg line 21 has NaN or infinite values"),
        (lambda data: data[:HEADER] + struct.pack("<f", float("inf")) + data[24:], "cfg line 5 has NaN or infinite"),
    ],
)
def test_refuses_a_file_that_does_not_fit_and_says_why(tmp_path: Path, change, said: str) -> None:
    with pytest.raises(ModelError, match=f"mine.weights.*{said}"):
        load(tmp_path, change(seeded_weights(CFG)))


def test_says_when_there_is_no_such_file(tmp_path: Path) -> None:
    with torch.device("meta"):
        network = Network(parse_cfg(CFG))
    with pytest.raises(ModelError, match="absent.weights is not in"):
        load_weights(network, tmp_path / "absent.weights")
