"""torchvision's builders of networks, and what torchvision says of the weights that it publishes for each."""

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torchvision
from torch import Tensor, nn
from torchvision.models import WeightsEnum, detection, get_model, get_model_weights, list_models, segmentation
from torchvision.ops import FrozenBatchNorm2d

from api.models.errors import ModelError

MODULES = {"classification": torchvision.models, "detection": detection, "segmentation": segmentation}
BACKGROUND = "__background__"  # torchvision's label of class 0, where there is one
# Heads that serve training alone: a file of weights may have them, and then the network needs them, too.
AUXILIARY = {
    "googlenet": ("aux_logits", "aux1."),
    "inception_v3": ("aux_logits", "AuxLogits."),
    "fcn_": ("aux_loss", "aux_classifier."),
    "deeplabv3_": ("aux_loss", "aux_classifier."),
}
# Built with torchvision's weights, these scale their input once more; trained on from there, they still do.
OTHER_SCALE = ("googlenet", "inception_v3")
# torchvision trained its weights of these with no epsilon in the frozen batch normalization of the backbone.
WITHOUT_EPS = (
    "fasterrcnn_resnet50_fpn",
    "maskrcnn_resnet50_fpn",
    "keypointrcnn_resnet50_fpn",
    "retinanet_resnet50_fpn",
)


def find_task(builder: str, where: str) -> str:
    """Return the task of a builder's networks. Raises ModelError, which begins with `where`, if there is none."""
    for task, module in MODULES.items():
        if builder in list_models(module=module):
            return task
    if builder in list_models():
        raise ModelError(f"{where}: {builder} is no model for single photographs, or a quantized one")
    known = [name for module in MODULES.values() for name in list_models(module=module)]
    near = difflib.get_close_matches(builder, known, cutoff=0.4)
    raise ModelError(
        f"{where}: torchvision {torchvision.__version__.partition('+')[0]} has no builder {builder!r};"
        f" {'the nearest are ' + ', '.join(near) if near else 'its list_models() names them all'}"
    )


def find_published(builder: str, weights: Path) -> tuple[WeightsEnum, bool]:
    """Return the weights of torchvision that a file is, else its default ones, and whether it is them.

    torchvision's own files have the first digits of their sha256 in their names.
    """
    choices = get_model_weights(builder)
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    for choice in choices:
        if digest.startswith(choice.url.rpartition("-")[2].removesuffix(".pth")):
            return choice, True
    return choices.DEFAULT, False


def count_classes(labels: Sequence[str], classes: int | None, task: str) -> tuple[tuple[str, ...], int]:
    """Return a label for each class, and how many classes there are. Raises ValueError if both do not fit.

    The background may be left out of the labels of a task that has one, and has to be in what a detector counts.
    """
    if classes is None:
        classes = len(labels) + (task == "detection" and labels[0] != BACKGROUND)
    if classes == len(labels) + 1 and task != "classification":
        return (BACKGROUND, *labels), classes
    if classes != len(labels):
        raise ValueError
    return tuple(labels), classes


def build(builder: str, task: str, state: Mapping[str, Tensor], options: Mapping[str, Any]) -> nn.Module:
    """Return a builder's network, not filled yet, with the auxiliary heads that a state has. Fetches nothing."""
    more = dict(options)
    for start, (option, head) in AUXILIARY.items():
        if builder.startswith(start):
            more[option] = any(key.startswith(head) for key in state)
    if builder in OTHER_SCALE:
        more |= {"transform_input": True, "init_weights": False}
    if task != "classification":
        more["weights_backbone"] = None
    network: nn.Module = get_model(builder, weights=None, **more)
    return network


def frozen_eps(builder: str, state: Mapping[str, Tensor]) -> float | None:
    """Return the epsilon of weights that were trained from torchvision's with frozen batch normalization."""
    is_frozen = not any(key.startswith("backbone.") and key.endswith("num_batches_tracked") for key in state)
    return 0.0 if builder in WITHOUT_EPS and is_frozen else None


def set_eps(network: nn.Module, eps: float) -> None:
    """Set the epsilon of a backbone's batch normalization."""
    for layer in network.get_submodule("backbone").modules():
        if isinstance(layer, nn.BatchNorm2d | FrozenBatchNorm2d):
            layer.eps = eps
