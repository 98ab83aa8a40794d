"""A Darknet network as one torch module: cfg sections in, raw outputs of the [yolo] heads out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from api.models.darknet.cfg import Section, read_cfg
from api.models.darknet.layers import (
    Add,
    Concatenate,
    Convolution,
    GlobalAverage,
    MaxPool,
    Upsample,
    refuse_unsupported_keys,
)
from api.models.errors import ModelError
from api.tasks.detection.yolo import Head

SUPPORTED = ("convolutional", "maxpool", "avgpool", "upsample", "route", "shortcut", "dropout", "yolo")
INPUT_CHANNELS = 3
INPUT = -1  # as the source of a node: the picture itself


@dataclass(frozen=True, slots=True)
class Node:
    """One layer: the section it comes from and the layers it reads (indices; INPUT is the picture)."""

    section: Section
    sources: tuple[int, ...]
    channels: int
    stride: float  # pixels of the input for one cell of this layer's output; 0 when it no longer has a place


class Network(nn.Module):
    """The network of a cfg. Its weights are undefined until `weights.load_weights` has run."""

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        net, *layers = sections
        self.input_size = _input_size(net)  # (height, width)
        self.nodes: list[Node] = []
        self.layers = nn.ModuleList()
        for section in layers:
            node, module = _build_layer(section, self.nodes)
            self.nodes.append(node)
            self.layers.append(module)
        self.heads = tuple(module.head for module in self.layers if isinstance(module, YoloHead))
        if not self.heads:
            raise net.error("the network has no [yolo] layer, so it finds no boxes")
        if len({head.classes for head in self.heads}) > 1:
            raise net.error("the [yolo] layers do not agree on `classes`")
        self._last_readings = _last_readings(self.nodes)

    @property
    def classes(self) -> int:
        """How many classes the network distinguishes."""
        return self.heads[0].classes

    @property
    def stride(self) -> int:
        """The multiple that both sides of the input must be of."""
        return int(max(node.stride for node in self.nodes))

    def convolutions(self) -> list[tuple[int, Convolution]]:
        """Return the convolutions in cfg order, which is that of the weights file, each with its layer's index."""
        return [(index, module) for index, module in enumerate(self.layers) if isinstance(module, Convolution)]

    def feeds_head(self, index: int) -> bool:
        """Whether a [yolo] layer reads the output of layer `index`."""
        return any(index in node.sources and isinstance(layer, YoloHead) for node, layer in self._pairs())

    def _pairs(self) -> "zip[tuple[Node, nn.Module]]":
        return zip(self.nodes, self.layers, strict=True)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return each head's raw output by name, (N, anchors x (5 + classes), H / stride, W / stride).

        `x` is (N, 3, H, W) RGB in 0..1, H and W multiples of `stride`.
        """
        outputs: dict[int, Tensor] = {INPUT: x}
        raw = {}
        for index, (node, layer, done) in enumerate(zip(self.nodes, self.layers, self._last_readings, strict=True)):
            outputs[index] = layer(*[outputs[source] for source in node.sources])
            if isinstance(layer, YoloHead):
                raw[f"yolo{index}"] = outputs[index]
            for source in done:
                del outputs[source]  # no later layer reads it
        return raw

    def most_held_at_once(self, sizes: Sequence[int]) -> int:
        """Return the largest sum of those `sizes`, one for each layer's output, that are held at the same time."""
        held: set[int] = set()
        most = 0
        for index in range(len(self.nodes)):
            held.add(index)
            most = max(most, sum(sizes[output] for output in held))
            held -= set(self._last_readings[index])
        return most


class YoloHead(nn.Module):
    """A [yolo] layer: it marks its input as an output of the network and holds how to decode it."""

    def __init__(self, section: Section, in_channels: int) -> None:
        super().__init__()
        self.head = _read_head(section)
        if in_channels != self.head.channels:
            anchors, classes = len(self.head.anchors), self.head.classes
            raise section.error(
                f"the layer before has filters={in_channels}, but (classes + 5) x anchors = ({classes} + 5) x {anchors}"
                f" = {self.head.channels} are needed"
            )

    def forward(self, x: Tensor) -> Tensor:
        return x


def read_network(path: Path) -> Network:
    """Return the network of a cfg file, without weights and without memory for them. Raises ModelError."""
    try:
        with torch.device("meta"):  # allocate and randomize nothing that is overwritten anyway
            return Network(read_cfg(path))
    except ModelError as error:
        raise ModelError(f"{path.name}: {error}") from error


def _input_size(net: Section) -> tuple[int, int]:
    height, width, channels = net.integer("height"), net.integer("width"), net.integer("channels", INPUT_CHANNELS)
    if channels != INPUT_CHANNELS:
        raise net.error(f"channels={channels}: only networks for colour pictures (channels=3) are supported")
    if height < 1 or width < 1:
        raise net.error(f"width={width} and height={height} must both be 1 or more")
    return height, width


def _read_head(section: Section) -> Head:
    numbers = section.numbers("anchors")
    num = section.integer("num", 1)
    if len(numbers) != 2 * num:
        raise section.error(f"{len(numbers)} numbers in `anchors`, but num={num} anchors need {2 * num}")
    mask = section.integers("mask", tuple(range(num)))
    outside = [index for index in mask if not 0 <= index < num]
    if outside or not mask:
        raise section.error(f"mask={section.values.get('mask')} must name anchors 0..{num - 1}")
    if min(numbers) <= 0:
        raise section.error(f"anchors={section.values['anchors']} has a size of 0 or less")
    classes = section.integer("classes", 20)
    if classes < 1:
        raise section.error(f"classes={classes} is not 1 or more")
    return Head(
        anchors=tuple((numbers[2 * index], numbers[2 * index + 1]) for index in mask),
        classes=classes,
        scale_x_y=section.number("scale_x_y", 1.0),
        new_coords=bool(section.integer("new_coords", 0)),
    )


def _build_layer(section: Section, before: Sequence[Node]) -> tuple[Node, nn.Module]:
    if section.kind not in SUPPORTED:
        raise section.error(f"this layer is not supported; {', '.join(SUPPORTED)} are")
    refuse_unsupported_keys(section)
    sources = _sources(section, len(before))
    inputs = [_channels_and_stride(before, source) for source in sources]
    channels, stride = inputs[0]
    module: nn.Module
    match section.kind:
        case "convolutional":
            module = Convolution(section, channels)
            channels, stride = module.conv.out_channels, stride * module.conv.stride[0]
        case "maxpool":
            module = MaxPool(section)
            stride = stride * module.stride
        case "avgpool":
            module, stride = GlobalAverage(), 0
        case "upsample":
            module = Upsample(section)
            stride = stride / module.stride
        case "route":
            module = Concatenate(section)
            _require_equal_strides(section, inputs)
            if any(count % module.groups for count, _ in inputs):
                raise section.error(f"groups={module.groups} does not divide the channels it reads")
            channels = sum(count // module.groups for count, _ in inputs)
        case "shortcut":
            module = Add(section)
            _require_equal_strides(section, inputs)
            if len({count for count, _ in inputs}) > 1:
                counts = " and ".join(str(count) for count, _ in inputs)
                raise section.error(f"its inputs have {counts} channels; they must be equal")
        case "yolo":
            module = YoloHead(section, channels)
        case _:
            module = nn.Identity()  # dropout does nothing at inference
    return Node(section, sources, channels, stride), module


def _channels_and_stride(nodes: Sequence[Node], source: int) -> tuple[int, float]:
    return (INPUT_CHANNELS, 1.0) if source == INPUT else (nodes[source].channels, nodes[source].stride)


def _sources(section: Section, index: int) -> tuple[int, ...]:
    """Return which layers are read: -1 in a cfg is the layer before, 0 and above count from the first layer."""
    previous = index - 1  # INPUT for the first layer
    match section.kind:
        case "route":
            named = section.integers("layers")
        case "shortcut":
            named = section.integers("from")
        case _:
            return (previous,)
    sources = tuple(index + number if number < 0 else number for number in named)
    if not sources or any(not 0 <= source < index for source in sources):
        raise section.error(f"it reads layers {named}, but there are layers 0..{index - 1} before it")
    return (previous, *sources) if section.kind == "shortcut" else sources


def _require_equal_strides(section: Section, inputs: Sequence[tuple[int, float]]) -> None:
    if len({stride for _, stride in inputs}) > 1:
        strides = " and ".join(f"1/{stride:g}" for _, stride in inputs)
        raise section.error(f"its inputs are {strides} of the picture's size; they must be equal")


def _last_readings(nodes: Sequence[Node]) -> list[tuple[int, ...]]:
    """Return for each layer the outputs that no later layer reads; its own, too, if no layer ever reads it."""
    last_reader = {index: index for index in range(len(nodes))}
    last_reader |= {source: index for index, node in enumerate(nodes) for source in node.sources}
    done: list[tuple[int, ...]] = [()] * len(nodes)
    for source, index in last_reader.items():
        done[index] += (source,)
    return done
