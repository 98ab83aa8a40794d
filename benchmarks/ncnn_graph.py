"""A Darknet network with folded weights in ncnn's two files: `.param` (text) and `.bin` (numbers).

Formats: https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure and its table of layers' parameters.
"""

from collections import Counter
from pathlib import Path

import numpy as np
from torch import nn

from api.models.darknet.layers import LEAKY_SLOPE, Add, Concatenate, Convolution, MaxPool, Upsample
from api.models.darknet.network import INPUT, Network, YoloHead

MAGIC = 7767517
LEAKY = 2  # ncnn's number of the activation
RAW_FLOAT32 = np.zeros(1, "<i4").tobytes()  # the tag before numbers that are stored as they are


def write_ncnn(network: Network, param: Path, binary: Path) -> None:
    """Write both files of a network whose weights `load_weights` has filled in. Heads are blobs `head0`, `head1`..."""
    height, width = network.input_size
    readers = Counter(source for node in network.nodes for source in node.sources)
    lines = [("Input", [], ["image"], f"0={width} 1={height} 2=3")]
    copies = {INPUT: ["image"]}  # what each later reader takes: ncnn wants a copy, by name, for each of them
    heads = 0
    with binary.open("wb") as file:
        for index, (node, layer) in enumerate(zip(network.nodes, network.layers, strict=True)):
            inputs = [copies[source].pop() for source in node.sources]
            output = f"layer{index}"
            if isinstance(layer, YoloHead):
                output, heads = f"head{heads}", heads + 1
            kind, parameters = _describe(layer, network, index)
            lines.append((kind, inputs, [output], parameters))
            if isinstance(layer, Convolution):
                kernel, bias = (values.detach().numpy().tobytes() for values in (layer.conv.weight, layer.conv.bias))
                file.write(RAW_FLOAT32 + kernel + bias)
            copies[index] = [output]
            if readers[index] > 1:
                copies[index] = [f"{output}.{number}" for number in range(readers[index])]
                lines.append(("Split", [output], copies[index].copy(), ""))
    blobs = sum(len(outputs) for _, _, outputs, _ in lines)
    text = [str(MAGIC), f"{len(lines)} {blobs}"]
    for number, (kind, inputs, outputs, parameters) in enumerate(lines):
        names = " ".join([*inputs, *outputs])
        text.append(f"{kind} {kind.lower()}{number} {len(inputs)} {len(outputs)} {names} {parameters}".rstrip())
    param.write_text("\n".join(text) + "\n")


def _describe(layer: nn.Module, network: Network, index: int) -> tuple[str, str]:
    """Return ncnn's name of the layer and its parameters."""
    match layer:
        case Convolution() if layer.conv.groups == 1:
            conv = layer.conv
            geometry = f"0={conv.out_channels} 1={conv.kernel_size[0]} 3={conv.stride[0]} 4={conv.padding[0]}"
            numbers = f"5=1 6={conv.weight.numel()}"
            activation = f" 9={LEAKY} -23310=1,{LEAKY_SLOPE}" if isinstance(layer.activation, nn.LeakyReLU) else ""
            return "Convolution", f"{geometry} {numbers}{activation}"
        case MaxPool():
            side = int(network.input_size[0] / network.nodes[network.nodes[index].sources[0]].stride)
            before, after = layer._pads(side)
            pads = f"3={before} 13={before} 14={after} 15={after}"
            return "Pooling", f"0=0 1={layer.size} 2={layer.stride} {pads} 5=1"
        case Upsample():
            return "Interp", f"0=1 1={layer.stride:.1f} 2={layer.stride:.1f}"
        case Add() if isinstance(layer.activation, nn.Identity):
            return "BinaryOp", "0=0"
        case Concatenate() if layer.groups == 1:
            return "Concat", "0=0"
        case YoloHead() | nn.Identity():
            return "Noop", ""
        case _:
            raise NotImplementedError(type(layer).__name__)
