"""Darknet's `.weights` files: a header, then the numbers of each convolution in cfg order.

Header: int32 major, minor, revision; then `seen`, how many pictures the training saw: int64 from version 0.2, else
int32. For a convolution with batch norm: beta (n), gamma (n), mean (n), variance (n); without: bias (n); then the
kernel (n, channels / groups, size, size). All little-endian, numbers as float32.
Source: https://github.com/pjreddie/darknet/blob/master/src/parser.c, `load_weights_upto` and
`load_convolutional_weights`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from api.models.darknet.layers import Convolution
from api.models.darknet.network import Network
from api.models.errors import ModelError

FLOAT_BYTES = 4
BATCH_NORM_EPSILON = 1e-6
MOST_SEEN = 10**12  # pictures; years of training on a thousand machines


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a weights file; `size` in bytes."""

    major: int
    minor: int
    revision: int
    seen: int
    size: int

    @property
    def version(self) -> tuple[int, int, int]:
        """Of the format; each program that writes weights has its own."""
        return self.major, self.minor, self.revision


def parse_header(data: bytes) -> Header:
    """Read the first bytes of a weights file (200 are enough to recognise a text). Raises ModelError."""
    if len(data) < 20:
        raise ModelError(f"it has {len(data)} bytes, less than a header and one number")
    if data.lstrip()[:1] == b"<":
        raise ModelError("it is a web page, not weights: the download went wrong")
    if data.startswith(b"version https://git-lfs"):
        raise ModelError("it is a Git LFS pointer, not the weights: run `git lfs pull` where it comes from")
    if data.startswith((b"PK\x03\x04", b"\x80\x02")):
        raise ModelError("it is a PyTorch or zip file, not Darknet weights: export it to Darknet's format")
    major, minor, revision = (int(number) for number in np.frombuffer(data, "<i4", 3))
    if not (0 <= major <= 1 and 0 <= minor <= 9 and 0 <= revision <= 99):
        raise ModelError(f"its header says version {major}.{minor}.{revision}, which no Darknet has: is it damaged?")
    wide = major * 10 + minor >= 2
    seen = int(np.frombuffer(data, "<i8" if wide else "<i4", 1, 12)[0])
    if not 0 <= seen <= MOST_SEEN:
        raise ModelError(f"its header says it was trained on {seen:,} pictures: is it damaged?")
    return Header(major, minor, revision, seen, size=20 if wide else 16)


def read_header(path: Path) -> Header:
    """Read the header of a weights file. Raises ModelError."""
    try:
        with path.open("rb") as file:
            return parse_header(file.read(512))
    except FileNotFoundError as error:
        raise ModelError(f"{path.name} is not in the weights folder") from error
    except ModelError as error:
        raise ModelError(f"{path.name}: {error}") from error


def load_weights(network: Network, path: Path) -> None:
    """Fill the network from a weights file, batch norm folded into kernels and biases. Raises ModelError."""
    header = read_header(path)
    _require_size(network, path.name, path.stat().st_size - header.size)
    start = header.size
    for _, convolution in network.convolutions():
        count = float_count(convolution)
        # Read, not mapped: a new file written over this one would change what is served, or end the process (SIGBUS).
        values = torch.from_numpy(np.fromfile(path, dtype="<f4", count=count, offset=start))
        _load_convolution(convolution, values, path.name)
        start += count * FLOAT_BYTES


def float_count(convolution: Convolution) -> int:
    """How many numbers of the file belong to this convolution."""
    conv = convolution.conv
    per_filter = 4 if convolution.batch_normalize else 1
    return conv.weight.numel() + per_filter * conv.out_channels


def _require_size(network: Network, name: str, found: int) -> None:
    """Raise ModelError unless `found` bytes are exactly what the network reads."""
    expected, fits = 0, ""
    for _, convolution in network.convolutions():
        expected += float_count(convolution) * FLOAT_BYTES
        if expected > found and not fits:
            fits = f"; the first layer that does not fit is that of cfg line {convolution.section.line}"
    if found != expected:
        difference = "longer" if found > expected else "shorter"
        raise ModelError(
            f"{name} holds {found // FLOAT_BYTES:,} numbers after its header, but the cfg needs"
            f" {expected // FLOAT_BYTES:,}: the file is {abs(found - expected):,} bytes {difference} than it should be"
            f"{fits}. Is it cut off, or are the weights of another cfg or another number of classes?"
        )


def _load_convolution(convolution: Convolution, values: Tensor, name: str) -> None:
    conv = convolution.conv
    filters = conv.out_channels
    *per_filter, kernel = torch.split(
        values, [filters] * (4 if convolution.batch_normalize else 1) + [conv.weight.numel()]
    )
    kernel = kernel.view(conv.weight.shape)
    if convolution.batch_normalize:
        beta, gamma, mean, variance = per_filter
        scale = gamma / torch.sqrt(variance + BATCH_NORM_EPSILON)
        bias = beta - mean * scale
        kernel = kernel * scale.view(-1, 1, 1, 1)
    else:
        bias = per_filter[0]
    if not (torch.isfinite(bias).all() and torch.isfinite(kernel).all()):
        raise ModelError(f"{name}: the layer of cfg line {convolution.section.line} has NaN or infinite values")
    conv.weight = nn.Parameter(kernel, requires_grad=False)
    conv.bias = nn.Parameter(bias, requires_grad=False)
