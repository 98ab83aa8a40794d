"""torchvision's detectors as they begin to learn: with what those for COCO know, if their weights are there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.models import get_model_weights
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.ssd import SSD

from api.models.errors import ModelError
from api.models.torchvision.builders import BACKGROUND, build, frozen_eps, set_eps
from api.models.torchvision.weights import read_state
from api.training.defaults import DETECTOR
from api.training.errors import TrainingError

BUILDERS = (
    DETECTOR,
    "fasterrcnn_mobilenet_v3_large_320_fpn",
    "fasterrcnn_mobilenet_v3_large_fpn",
    "fasterrcnn_resnet50_fpn",
    "fasterrcnn_resnet50_fpn_v2",
)
SIZES = range(96, 1345, 32)
# The weights whose rows belong to classes, and how many rows a class has in each of them.
CLASS_ROWS = {
    re.compile(r"head\.classification_head\.module_list\.\d\.1\..*"): 1,
    re.compile(r"roi_heads\.box_predictor\.cls_score\..*"): 1,
    re.compile(r"roi_heads\.box_predictor\.bbox_pred\..*"): 4,
}
QUICKLY = 0.1  # PyTorch's own momentum; SSDLite's is 0.03, which suits weeks of training
LEAST_CONFIDENCE = 0.01  # of what counts while a training measures itself


@dataclass(frozen=True, slots=True)
class Start:
    """A network that can learn; `size` (height, width) of its input, of an R-CNN the shorter and the longest side.

    `known` are the labels that its weights know already; `eps` is that of its frozen batch normalization, if it is.
    """

    network: SSD | FasterRCNN
    size: tuple[int, int]
    weights: Path | None
    known: tuple[str, ...]
    eps: float | None

    @property
    def is_stretched(self) -> bool:
        """Whether photographs are stretched to the size, as an SSD takes them."""
        return isinstance(self.network, SSD)


def begin(builder: str, labels: Sequence[str], size: int | None, weights_dir: Path) -> Start:
    """Return a network for these labels. Raises TrainingError."""
    if builder not in BUILDERS:
        raise TrainingError(f"{builder} is no detector that can be trained here: take one of {', '.join(BUILDERS)}")
    if size is not None and size not in SIZES:
        raise TrainingError(f"a side of {size} is not possible: it is a multiple of 32 from {SIZES[0]} to {SIZES[-1]}")
    network = build(builder, "detection", {}, {"num_classes": len(labels) + 1})
    weights = next((path for path in _files(builder, weights_dir) if path.is_file()), None)
    known: tuple[str, ...] = ()
    eps = None
    if weights:
        try:
            state = read_state(weights)
        except ModelError as error:
            raise TrainingError(str(error)) from error
        categories = get_model_weights(builder).DEFAULT.meta["categories"]
        known = _take_over(network, state, categories, (BACKGROUND, *labels), weights)
        eps = frozen_eps(builder, state)
        if eps is not None:
            set_eps(network, eps)
    else:
        _follow_quickly(network)
    return Start(network, _set_size(network, size), weights, known, eps)


def _follow_quickly(network: nn.Module) -> None:
    """Let batch normalization learn its statistics as quickly as the numbers of a network that knows nothing change."""
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = QUICKLY


def _files(builder: str, folder: Path) -> tuple[Path, ...]:
    return folder / f"{builder}.pth", folder / f"{builder}.safetensors"


def _set_size(network: SSD | FasterRCNN, size: int | None) -> tuple[int, int]:
    """Let the network take photographs of another size, and return it."""
    transform = network.transform
    if isinstance(network, SSD):
        network.score_thresh = LEAST_CONFIDENCE
        if size:
            transform.fixed_size = (size, size)
        height, width = transform.fixed_size[::-1]
        return height, width
    network.roi_heads.score_thresh = LEAST_CONFIDENCE
    if size:
        transform.max_size = round(size * transform.max_size / transform.min_size[-1])
        transform.min_size = (size,)
    return transform.min_size[-1], transform.max_size


def _take_over(
    network: nn.Module, state: Mapping[str, Tensor], categories: Sequence[str], labels: Sequence[str], weights: Path
) -> tuple[str, ...]:
    """Fill a network with the weights of another that has other classes; returns the labels that both have.

    Layers that both have are copied; of those with rows for classes the rows of labels that both have.
    """
    own = network.state_dict()
    pairs = [(place, categories.index(label)) for place, label in enumerate(labels) if label in categories]
    to, since = (torch.tensor(places) for places in zip(*pairs, strict=True))
    for name, values in state.items():
        if name not in own:
            continue
        rows = next((rows for pattern, rows in CLASS_ROWS.items() if pattern.fullmatch(name)), None)
        if rows is None:
            if own[name].shape != values.shape:
                raise TrainingError(f"{weights.name} is of another network: {name} has other sides")
            own[name].copy_(values)
        else:
            mine = own[name].view(-1, len(labels), rows, *values.shape[1:])
            theirs = values.reshape(-1, len(categories), rows, *values.shape[1:])
            mine[:, to] = theirs[:, since]
    return tuple(labels[place] for place, _ in pairs if place)
