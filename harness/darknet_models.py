"""Darknet models made by the tests: the published architectures as cfg text, and seeded weights for any cfg.

The architectures are those of the papers (YOLOv3 arXiv:1804.02767, YOLOv4 arXiv:2004.10934, Scaled-YOLOv4 for
yolov4-tiny arXiv:2011.08036) and of the published cfg files, whose sizes of weights `test_architectures` holds.
"""

import struct
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch

from api.models.darknet.cfg import Section, parse_cfg
from api.models.darknet.layers import Convolution
from api.models.darknet.network import Network
from api.models.darknet.weights import load_weights

HEAD_MEAN, HEAD_SPREAD = -4.0, 1.5  # of each objectness and class channel of a seeded model's heads

V3_ANCHORS = "10,13, 16,30, 33,23, 30,61, 62,45, 59,119, 116,90, 156,198, 373,326"
V4_ANCHORS = "12,16, 19,36, 40,28, 36,75, 76,55, 72,146, 142,110, 192,243, 459,401"
TINY_ANCHORS = "10,14, 23,27, 37,58, 81,82, 135,169, 344,319"


def net(width: int = 416, height: int = 416) -> str:
    return f"[net]\nwidth={width}\nheight={height}\nchannels=3\n"


def conv(filters: int, size: int, stride: int = 1, activation: str = "leaky", groups: int = 1) -> str:
    return (
        f"[convolutional]\nbatch_normalize=1\nfilters={filters}\nsize={size}\nstride={stride}\npad=1\n"
        f"groups={groups}\nactivation={activation}\n"
    )


def route(*layers: int, groups: int = 1, group_id: int = 0) -> str:
    half = f"groups={groups}\ngroup_id={group_id}\n" if groups > 1 else ""
    return f"[route]\nlayers={','.join(str(layer) for layer in layers)}\n{half}"


def shortcut(source: int = -3, activation: str = "linear") -> str:
    return f"[shortcut]\nfrom={source}\nactivation={activation}\n"


def maxpool(size: int, stride: int) -> str:
    return f"[maxpool]\nsize={size}\nstride={stride}\n"


def upsample() -> str:
    return "[upsample]\nstride=2\n"


def head(mask: str, anchors: str, classes: int = 80, scale_x_y: float = 1.0) -> str:
    """The linear convolution and the [yolo] layer after it."""
    filters = len(mask.split(",")) * (classes + 5)
    scale = f"scale_x_y={scale_x_y}\n" if scale_x_y != 1.0 else ""  # a key that only AlexeyAB's fork knows
    return (
        f"[convolutional]\nsize=1\nstride=1\npad=1\nfilters={filters}\nactivation=linear\n"
        f"[yolo]\nmask={mask}\nanchors={anchors}\nclasses={classes}\nnum={len(anchors.split(',')) // 2}\n"
        f"{scale}"
    )


def _darknet53() -> Iterable[str]:
    yield conv(32, 3)
    for filters, blocks in ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4)):
        yield conv(filters, 3, stride=2)
        yield (conv(filters // 2, 1) + conv(filters, 3) + shortcut()) * blocks


def yolov3(classes: int = 80, *, spp: bool = False) -> str:
    pooling = maxpool(5, 1) + route(-2) + maxpool(9, 1) + route(-4) + maxpool(13, 1) + route(-1, -3, -5, -6)
    start = conv(512, 1) + conv(1024, 3) + conv(512, 1)
    deep = start + (pooling + conv(512, 1) if spp else conv(1024, 3) + conv(512, 1)) + conv(1024, 3)
    deep += (conv(512, 1) + conv(1024, 3)) if spp else ""
    parts = [net(), *_darknet53(), deep, head("6,7,8", V3_ANCHORS, classes)]
    for filters, backbone, mask in ((256, 61, "3,4,5"), (128, 36, "0,1,2")):
        parts += [route(-4), conv(filters, 1), upsample(), route(-1, backbone)]
        parts += [(conv(filters, 1) + conv(filters * 2, 3)) * 3, head(mask, V3_ANCHORS, classes)]
    return "".join(parts)


def yolov3_tiny(classes: int = 80, *, mask: str = "1,2,3", width: float = 1.0) -> str:
    """`width` below 1 makes all layers thinner."""

    def thin(filters: int) -> int:
        return max(8, int(filters * width))

    parts = [net()]
    parts += [conv(thin(filters), 3) + maxpool(2, 2) for filters in (16, 32, 64, 128, 256)]
    parts += [conv(thin(512), 3), maxpool(2, 1), conv(thin(1024), 3), conv(thin(256), 1), conv(thin(512), 3)]
    parts += [head("3,4,5", TINY_ANCHORS, classes), route(-4), conv(thin(128), 1), upsample(), route(-1, 8)]
    parts += [conv(thin(256), 3), head(mask, TINY_ANCHORS, classes)]
    return "".join(parts)


def _cross_stage(filters: int, inner: int, blocks: int) -> str:
    """A stage of CSPDarknet53: half of the channels go through the residual blocks, half around them."""
    outer = filters if blocks == 1 else inner
    residual = (conv(inner, 1, activation="mish") + conv(outer, 3, activation="mish") + shortcut()) * blocks
    return (
        conv(filters, 3, stride=2, activation="mish")
        + conv(outer, 1, activation="mish") + route(-2) + conv(outer, 1, activation="mish")
        + residual + conv(outer, 1, activation="mish")
        + route(-1, -(3 * blocks + 4)) + conv(filters, 1, activation="mish")
    )  # fmt: skip


def yolov4(classes: int = 80) -> str:
    def five(filters: int) -> str:
        return (conv(filters, 1) + conv(filters * 2, 3)) * 2 + conv(filters, 1)

    parts = [net(), conv(32, 3, activation="mish")]
    parts += [_cross_stage(filters, filters // 2, blocks)
              for filters, blocks in ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4))]  # fmt: skip
    parts += [conv(512, 1), conv(1024, 3), conv(512, 1)]
    parts += [maxpool(5, 1), route(-2), maxpool(9, 1), route(-4), maxpool(13, 1), route(-1, -3, -5, -6)]
    parts += [conv(512, 1), conv(1024, 3), conv(512, 1)]
    for filters, backbone in ((256, 85), (128, 54)):
        parts += [conv(filters, 1), upsample(), route(backbone), conv(filters, 1), route(-1, -3), five(filters)]
    parts += [conv(256, 3), head("0,1,2", V4_ANCHORS, classes, 1.2)]
    for filters, earlier, mask, scale in ((256, -16, "3,4,5", 1.1), (512, -37, "6,7,8", 1.05)):
        parts += [route(-4), conv(filters, 3, stride=2), route(-1, earlier), five(filters)]
        parts += [conv(filters * 2, 3), head(mask, V4_ANCHORS, classes, scale)]
    return "".join(parts)


def yolov4_tiny(classes: int = 80) -> str:
    parts = [net(), conv(32, 3, stride=2), conv(64, 3, stride=2)]
    for filters in (64, 128, 256):
        half = filters // 2
        parts += [conv(filters, 3), route(-1, groups=2, group_id=1), conv(half, 3), conv(half, 3), route(-1, -2)]
        parts += [conv(filters, 1), route(-6, -1), maxpool(2, 2)]
    parts += [conv(512, 3), conv(256, 1), conv(512, 3), head("3,4,5", TINY_ANCHORS, classes, 1.05)]
    parts += [route(-4), conv(128, 1), upsample(), route(-1, 23), conv(256, 3)]
    parts += [head("1,2,3", TINY_ANCHORS, classes, 1.05)]
    return "".join(parts)


ARCHITECTURES = {
    "yolov3": yolov3(),
    "yolov3-tiny": yolov3_tiny(),
    "yolov3-tiny-mask-0": yolov3_tiny(20, mask="0,1,2"),
    "yolov3-spp": yolov3(spp=True),
    "yolov4": yolov4(),
    "yolov4-tiny": yolov4_tiny(),
}


def seeded_weights(cfg: str, seed: int = 1, head_mean: float = HEAD_MEAN) -> bytes:
    """Return a weights file for the cfg whose activations stay in a trained network's range.

    Kernels keep the variance; the last convolution before a shortcut adds little, so that the sum does not grow; the
    heads are scaled so that most cells hold nothing and some hold something.
    """
    sections = parse_cfg(cfg)
    random = np.random.default_rng(seed)
    layers = [_random_layer(convolution, sections, random) for _, convolution in Network(sections).convolutions()]
    for index, raw in _head_outputs(cfg, _weights_file(layers)):
        bias, kernel = layers[index]
        spread, mean = (moment.numpy() for moment in torch.std_mean(raw, dim=(0, 2, 3)))  # of each channel
        channel = np.arange(len(bias)) % (5 + _classes(sections))
        kernel *= np.repeat(HEAD_SPREAD / spread, len(kernel) // len(bias))
        bias[:] = np.where(channel < 4, 0, head_mean) - mean * HEAD_SPREAD / spread
    return _weights_file(layers)


def _random_layer(
    convolution: Convolution, sections: list[Section], random: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """Return the layer's arrays in the order of the file."""
    layer = convolution.conv
    filters, fan_in = layer.out_channels, layer.weight[0].numel()
    kernel = random.normal(0, (1.6 / fan_in) ** 0.5, layer.weight.numel()).astype("<f4")
    if not convolution.batch_normalize:
        return np.zeros(filters, "<f4"), kernel
    gain = 0.3 if _feeds_shortcut(sections, convolution.section) else 1.0
    beta, mean = random.normal(0, 0.1, (2, filters)).astype("<f4")
    gamma, variance = random.uniform(0.8, 1.2, (2, filters)).astype("<f4")
    return beta, gamma * np.float32(gain), mean, variance, kernel


def _classes(sections: list[Section]) -> int:
    return next(section.integer("classes") for section in sections if section.kind == "yolo")


def _head_outputs(cfg: str, weights: bytes) -> list[tuple[int, torch.Tensor]]:
    """Return each head's raw output for noise, with the number of its convolution."""
    network = Network(parse_cfg(cfg)).eval()
    with tempfile.NamedTemporaryFile(suffix=".weights") as file:
        file.write(weights)
        file.flush()
        load_weights(network, Path(file.name))
    convolutions = [convolution.section for _, convolution in network.convolutions()]
    before_heads = [network.nodes[node.sources[0]].section for node in network.nodes if node.section.kind == "yolo"]
    height, width = network.input_size
    with torch.inference_mode():
        outputs = network(torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(0)))
    return [(convolutions.index(section), raw) for section, raw in zip(before_heads, outputs.values(), strict=True)]


def _weights_file(layers: Iterable[tuple[np.ndarray, ...]]) -> bytes:
    header = struct.pack("<3iq", 0, 2, 0, 32_013_312)
    return b"".join([header, *(array.tobytes() for layer in layers for array in layer)])


def write_model(
    folder: Path, name: str, cfg: str, *, labels: Iterable[str] | None = None, head_mean: float = HEAD_MEAN
) -> None:
    """Write the three files of a model with seeded weights; the lower `head_mean`, the less it finds."""
    classes = Network(parse_cfg(cfg)).classes
    (folder / f"{name}.cfg").write_text(cfg)
    (folder / f"{name}.weights").write_bytes(seeded_weights(cfg, head_mean=head_mean))
    (folder / f"{name}.names").write_text("\n".join(labels or (f"thing {index}" for index in range(classes))) + "\n")


def _feeds_shortcut(sections: list[Section], section: Section) -> bool:
    after = sections.index(section) + 1
    return after < len(sections) and sections[after].kind == "shortcut"
