"""A look through the three files of a model, for its owner: what is right, what is odd, what is wrong.

It calls what loading calls, so it calls wrong exactly what would keep the model from serving.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import torch
from torch import Tensor, nn

from api.models.card import Fit
from api.models.darknet.files import DESCRIPTION_KEYS, ModelFiles
from api.models.darknet.fit import read_fit
from api.models.darknet.layers import Convolution
from api.models.darknet.network import Network, read_network
from api.models.darknet.weights import FLOAT_BYTES, Header, float_count, load_weights, read_header
from api.models.description import description_file, read_description
from api.models.errors import ModelError


class Level(StrEnum):
    """How bad a finding is: only WRONG keeps a model from serving."""

    RIGHT = "ok"
    ODD = "odd"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class LayerCost:
    """What one layer is and costs; `operations` are multiplications and additions, as Darknet counts them."""

    index: int
    kind: str
    detail: str
    output_shape: tuple[int, int, int]  # (channels, height, width)
    parameters: int
    operations: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What the whole network costs at its own input size, in float32."""

    layers: tuple[LayerCost, ...]
    weight_bytes: int
    activation_bytes: int  # the most that is held at one time

    @property
    def parameters(self) -> int:
        """How many trained numbers there are, batch norm counted as in the file."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def operations(self) -> int:
        """How many operations one image takes."""
        return sum(layer.operations for layer in self.layers)


def check_model(name: str, folder: Path) -> Iterator[Finding]:
    """Look through `name`'s files in `folder`. Even if one file is wrong, the others are looked at."""
    files = ModelFiles(name, folder)
    network, header = None, None
    try:
        network = read_network(files.cfg)
        yield from _describe_network(files.cfg.name, network)
    except ModelError as error:
        yield Finding(Level.WRONG, str(error))
    try:
        header = read_header(files.weights)
        version = ".".join(map(str, header.version))
        yield Finding(
            Level.RIGHT, f"{files.weights.name}: Darknet {version}, trained on {header.seen:,} pictures (`seen`)"
        )
        if network:
            count = sum(float_count(convolution) for _, convolution in network.convolutions())
            load_weights(network, files.weights)
            yield Finding(Level.RIGHT, f"{files.weights.name}: {count:,} numbers expected, {count:,} found, all finite")
    except ModelError as error:
        yield Finding(Level.WRONG, str(error))
    if network:
        yield from _check_labels(files, network)
    yield from _check_description(files, header if network else None)


def measure_costs(network: Network) -> Costs:
    """Return what each layer costs. The network is as `read_network` gives it, without weights: nothing is computed."""
    shapes: list[tuple[int, int, int]] = []

    def note_shape(_layer: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        shapes.append((output.shape[1], output.shape[2], output.shape[3]))

    hooks = [layer.register_forward_hook(note_shape) for layer in network.layers]
    network(torch.empty(1, 3, *network.input_size, device="meta"))
    for hook in hooks:
        hook.remove()
    layers = [
        _layer_cost(index, node.section.kind, layer, shape)
        for index, (node, layer, shape) in enumerate(zip(network.nodes, network.layers, shapes, strict=True))
    ]
    sizes = [FLOAT_BYTES * channels * height * width for channels, height, width in shapes]
    weight_bytes = FLOAT_BYTES * sum(float_count(convolution) for _, convolution in network.convolutions())
    return Costs(tuple(layers), weight_bytes, network.most_held_at_once(sizes))


def _describe_network(name: str, network: Network) -> Iterator[Finding]:
    height, width = network.input_size
    heads = ", ".join(f"{len(head.anchors)} anchors" for head in network.heads)
    yield Finding(
        Level.RIGHT,
        f"{name}: {len(network.nodes)} layers, input {width} x {height}, {network.classes} classes,"
        f" {len(network.heads)} heads ({heads})",
    )
    largest = max(max(anchor) for head in network.heads for anchor in head.anchors)
    if largest < 2 or largest > 4 * max(height, width):
        yield Finding(
            Level.ODD,
            f"{name}: the largest anchor is {largest:g} pixels for an input of {width} x {height};"
            " anchors are in pixels of the input",
        )
    if height % network.stride or width % network.stride:
        yield Finding(
            Level.WRONG, f"{name}: {width} x {height} is not a multiple of {network.stride}, the largest stride"
        )


def _check_labels(files: ModelFiles, network: Network) -> Iterator[Finding]:
    try:
        labels = files.read_labels(network.classes)
    except ModelError as error:
        yield Finding(Level.WRONG, str(error))
        return
    yield Finding(Level.RIGHT, f"{len(labels)} labels for {network.classes} classes: {', '.join(labels[:4])}, ...")
    doubled = [label for label, count in Counter(labels).items() if count > 1]
    if doubled:
        yield Finding(Level.ODD, f"these labels stand more than once: {', '.join(doubled)}")


def _check_description(files: ModelFiles, header: Header | None) -> Iterator[Finding]:
    """Check NAME.toml; if the model's files can be read, say how images are fitted, and what would change it there."""
    try:
        description = read_description(files.name, files.folder, DESCRIPTION_KEYS)
        if not header:
            return
        choice = read_fit(files, header.version, description.input.get("resize"))
    except ModelError as error:
        yield Finding(Level.WRONG, str(error))
        return
    is_stretched = choice.fit is Fit.STRETCH
    done = "stretched to the input" if is_stretched else "fitted into the input with grey borders (letterbox)"
    other = Fit.LETTERBOX if is_stretched else Fit.STRETCH
    yield Finding(
        Level.ODD if choice.is_guess else Level.RIGHT,
        f"images are {done}: {choice.reason}\n"
        f"      If that is wrong, write into {description_file(files.name, files.folder).name}:\n"
        f'          [input]\n          resize = "{other}"\n'
        f"      `MODEL={files.name} make evaluate DATA=folder CANVAS=both` tries both on photographs with known boxes.",
    )


def _layer_cost(index: int, kind: str, layer: nn.Module, shape: tuple[int, int, int]) -> LayerCost:
    if not isinstance(layer, Convolution):
        return LayerCost(index, kind, "", shape, parameters=0, operations=0)
    conv = layer.conv
    detail = f"{conv.kernel_size[0]} x {conv.kernel_size[1]} / {conv.stride[0]}"
    if conv.groups > 1:
        detail += f" in {conv.groups} groups"
    operations = 2 * conv.weight.numel() * shape[1] * shape[2]
    return LayerCost(index, kind, detail, shape, float_count(layer), operations)
