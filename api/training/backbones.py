"""The networks that a training begins with: torchvision's, with what they learnt from ImageNet."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.models import get_model_weights

from api.models.engines.processor import processor_name
from api.models.errors import ModelError
from api.models.torchvision.builders import build
from api.models.torchvision.weights import load_state, read_state
from api.training.errors import TrainingError

HEADS = {"mobilenet_v2": "classifier.1", "efficientnet_b0": "classifier.1", "resnet18": "fc", "resnet50": "fc"}
BACKBONES = tuple(HEADS)
IMAGENET = 1000  # classes


def choose_device() -> torch.device:
    """Return the GPU if there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def describe_machine(device: torch.device, threads: int) -> str:
    """Return what computes, in words."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{threads} core{'' if threads == 1 else 's'} of {processor_name()}"


def load_backbone(builder: str, folder: Path) -> nn.Module:
    """Return the network with its published weights and no head: it computes features. Raises TrainingError."""
    path = folder / f"{builder}.pth"
    try:
        state = read_state(path)
        network = build(builder, "classification", state, {"num_classes": IMAGENET})
        load_state(network, state, f"{path.name} is not torchvision's {builder}")
    except ModelError as error:
        raise TrainingError(f"{error}; scripts/download_weights.sh {builder} fetches it") from error
    put_head(network, builder, nn.Identity())
    return network.eval()


def put_head(network: nn.Module, builder: str, head: nn.Module) -> None:
    """Set the last layer, which makes scores of features."""
    network.set_submodule(HEADS[builder], head)


def head_of(network: nn.Module, builder: str) -> nn.Linear:
    """Return the last layer."""
    head = network.get_submodule(HEADS[builder])
    assert isinstance(head, nn.Linear)  # noqa: S101 - put_head has put one there
    return head


class Normalize(nn.Module):
    """Pixels (B, H, W, 3) of 0 to 255 to what the backbones read: (B, 3, H, W)."""

    mean: Tensor
    std: Tensor

    def __init__(self, builder: str) -> None:
        super().__init__()
        transforms = get_model_weights(builder).DEFAULT.transforms()
        self.register_buffer("mean", torch.tensor(transforms.mean).reshape(3, 1, 1))
        self.register_buffer("std", torch.tensor(transforms.std).reshape(3, 1, 1))

    def forward(self, pixels: Tensor) -> Tensor:  # noqa: D102 - as the class says
        return (pixels.permute(0, 3, 1, 2) / 255 - self.mean) / self.std
