"""Real exported models of the tasks beside detection, as an owner puts them into a folder."""

import shutil
from pathlib import Path

import torch
from torchvision.models import MobileNet_V2_Weights, mobilenet_v2

from harness.exporting import export
from harness.real_models import real_model

DEEPLAB_TOML = """\
family = "segmenter"
labels = [
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable",
    "dog", "horse", "motorbike", "person", "potted plant", "sheep", "sofa", "train", "tv-monitor",
]
licence = "Apache-2.0"
[input]
resize = "stretch"
scale = 1.0
mean = [127.5, 127.5, 127.5]
std = [127.5, 127.5, 127.5]
"""
MOBILENET_TOML = """\
family = "classifier"
licence = "BSD-3-Clause"
[input]
resize = "centre-crop"
shorter_side = 256
mean = [0.485, 0.456, 0.406]
std = [0.229, 0.224, 0.225]
[output]
activation = "softmax"
"""


def put_deeplab(folder: Path, name: str = "deeplab") -> None:
    """Put DeepLabV3 (Pascal VOC, TFLite) into the folder; skip the test without it."""
    shutil.copyfile(real_model("deeplabv3") / "deeplabv3.tflite", folder / f"{name}.tflite")
    (folder / f"{name}.toml").write_text(DEEPLAB_TOML)


def put_mobilenet(folder: Path, name: str = "mobilenet") -> None:
    """Put torchvision's MobileNetV2 (ImageNet) as ONNX into the folder; skip the test without its weights."""
    export_onnx(read_mobilenet(), folder / f"{name}.onnx", (224, 224))
    (folder / f"{name}.toml").write_text(MOBILENET_TOML)
    (folder / f"{name}.names").write_text("\n".join(MobileNet_V2_Weights.IMAGENET1K_V1.meta["categories"]))


def read_mobilenet() -> torch.nn.Module:
    """Return torchvision's own MobileNetV2 with its own weights."""
    network = mobilenet_v2()
    network.load_state_dict(torch.load(real_model("mobilenet_v2") / "mobilenet_v2.pth", weights_only=True))
    return network.eval()


def export_onnx(network: torch.nn.Module, target: Path, size: tuple[int, int]) -> None:
    """Write a network's graph for images of (height, width)."""
    export(network, target, torch.zeros(1, 3, *size), names=(["input"], ["output"]))
