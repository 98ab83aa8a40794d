"""Darknet's three files to a model that answers."""

from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from api.models.card import InputSpec, ModelCard
from api.models.darknet.files import ModelFiles
from api.models.darknet.fit import read_fit
from api.models.darknet.layers import Convolution
from api.models.darknet.network import Network, read_network
from api.models.darknet.packed import PackedConvolution, packing_works
from api.models.darknet.weights import load_weights, read_header
from api.models.description import read_description
from api.models.engines.cores import Cores
from api.models.engines.torch import Execution, TorchEngine, choose_execution
from api.models.errors import ModelError
from api.models.model import Model
from api.models.options import RunOptions
from api.tasks.detection.yolo import FAMILY, decode_yolo


def read_model(name: str, folder: Path, options: RunOptions, cores: Cores, execution: Execution | None = None) -> Model:
    """Read `name`'s cfg, weights and names in `folder`.

    Raises ModelError, also if the options' input size is not a multiple of the network's stride.
    """
    files = ModelFiles(name, folder)
    network = read_network(files.cfg)
    labels = files.read_labels(network.classes)
    size = _input_size(network, options.input_size)
    description = read_description(name, folder)
    choice = read_fit(files, read_header(files.weights).version, description.resize)
    card = ModelCard(
        name=name,
        task="detection",
        family=FAMILY,
        labels=labels,
        input=InputSpec(size=size, resize=choice.fit, cell=1 if options.whole_square else network.stride),
        source_format="Darknet",
        licence=description.licence,
        origin=description.source,
        reasons={"input.resize": choice.reason},
    )
    execution = execution or choose_execution(options.precision)
    with torch.inference_mode():
        load_weights(network, files.weights, lambda index, layer: _realize(network, index, layer, size, execution))
    engine = TorchEngine(network, execution, cores)
    return Model(card, engine, partial(decode_yolo, heads=network.heads, labels=labels))


class InFloat32(nn.Module):
    """A head's last convolution: its numbers are exponents and probabilities, for which bfloat16 is too coarse."""

    def __init__(self, convolution: nn.Module) -> None:
        super().__init__()
        self.convolution = convolution

    def forward(self, x: Tensor) -> Tensor:
        """Return the convolution of `x`, (N, C, H, W) of any precision, in float32."""
        result: Tensor = self.convolution(x.float())
        return result


def _realize(
    network: Network, index: int, convolution: Convolution, size: tuple[int, int], execution: Execution
) -> nn.Module:
    """Return the module that runs in place of a filled convolution."""
    is_last = network.feeds_head(index)
    dtype = torch.float32 if is_last else execution.dtype
    if execution.device.type == "cpu" and packing_works(dtype):
        runs: nn.Module = PackedConvolution(convolution, network.size_before(index, size), dtype)
    else:
        runs = convolution.to(memory_format=torch.channels_last).to(execution.device, dtype)
    return InFloat32(runs) if is_last else runs


def _input_size(network: Network, input_size: int | None) -> tuple[int, int]:
    height, width = (input_size, input_size) if input_size else network.input_size
    if height % network.stride or width % network.stride:
        raise ModelError(f"an input of {width} x {height} does not fit: both must be multiples of {network.stride}")
    return height, width
