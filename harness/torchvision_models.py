"""torchvision's networks with generated weights that find something, and what torchvision itself finds with them.

Weights drawn at random find nothing, or everything with the same score. So batch normalization learns its statistics
from photographs, and the last layers are scaled until their outputs are spread as those of a trained network are.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from numpy.typing import NDArray
from torch import Tensor, nn
from torchvision.models import get_model, list_models
from torchvision.transforms.functional import to_tensor

from api.tasks.detection.types import Detection, Detections

Pixels = NDArray[np.uint8]
SAME = 1.0  # pixels that the sides of two boxes of one object may be apart

# The names of last layers, in the order in which they compute, and the mean and the spread of their outputs.
SPREADS = {
    r"rpn\.head\.cls_logits": (0.0, 2.0),
    r"rpn\.head\.bbox_pred": (0.0, 0.3),
    r"roi_heads\.box_predictor\.cls_score": (0.0, 5.0),
    r"roi_heads\.box_predictor\.bbox_pred": (0.0, 1.0),
    r"roi_heads\.mask_predictor\.mask_fcn_logits": (0.0, 2.0),
    r"roi_heads\.keypoint_predictor\.kps_score_lowres": (0.0, 3.0),
    r"head\.classification_head\.cls_logits": (-8.0, 2.0),
    r"head\.regression_head\.bbox_reg": (0.5, 0.5),
    r"head\.regression_head\.bbox_ctrness": (1.0, 1.0),
    r"head\.classification_head\.module_list\.\d(\.1)?": (0.0, 3.0),
    r"head\.regression_head\.module_list\.\d(\.1)?": (0.0, 1.0),
    r"classifier\.(low_classifier|high_classifier|4)": (0.0, 2.0),  # of segmenters
    r"fc|classifier\.\d|head|heads\.head": (0.0, 3.0),  # of classifiers
}


def generate(builder: str, photographs: Sequence[Pixels], **options: Any) -> nn.Module:
    """Return a builder's network with generated weights, the same each time."""
    torch.manual_seed(0)
    if builder not in list_models(module=torchvision.models):
        options["weights_backbone"] = None
    network = get_model(builder, weights=None, **options)
    with torch.no_grad():
        _learn_statistics(network, photographs)
        _spread_outputs(network.eval(), photographs[0])
    return network


def save_model(network: nn.Module, folder: Path, name: str, toml: str) -> None:
    """Write a model's two files."""
    torch.save(network.state_dict(), folder / f"{name}.pth")
    (folder / f"{name}.torchvision.toml").write_text(toml)


def run_original(network: nn.Module, photograph: Pixels) -> Any:
    """Return what torchvision itself makes of a photograph: a detector's result, or another network's raw output."""
    with torch.no_grad():
        if hasattr(network, "transform"):
            return network([to_tensor(np.array(photograph))])[0]
        return network(_normal(photograph))


def _learn_statistics(network: nn.Module, photographs: Sequence[Pixels]) -> None:
    norms = [layer for layer in network.eval().modules() if isinstance(layer, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the mean of all
        norm.train()
    if not norms:
        return
    batch = torch.cat([_normal(photograph) for photograph in photographs])
    if hasattr(network, "transform"):
        features = list(network.get_submodule("backbone")(batch).values())
        if hasattr(network, "head"):
            network.get_submodule("head")(features)
    else:
        network(batch)


def _normal(photograph: Pixels) -> Tensor:
    x = nn.functional.interpolate(to_tensor(np.array(photograph))[None], size=(224, 224), mode="bilinear")
    return (x - x.mean()) / x.std()


def _spread_outputs(network: nn.Module, photograph: Pixels) -> None:
    """Scale each kind of last layer after the other: the later ones see what the earlier ones give."""
    for pattern, (mean, spread) in SPREADS.items():
        layers = [layer for name, layer in network.named_modules() if re.fullmatch(pattern, name)]
        layers = [layer for layer in layers if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear)]
        outputs: dict[nn.Module, list[Tensor]] = {layer: [] for layer in layers}
        with ExitStack() as hooks:
            for layer in layers:
                hook = layer.register_forward_hook(lambda layer, _, output, found=outputs: found[layer].append(output))
                hooks.callback(hook.remove)
            if layers:
                run_original(network, photograph)
        for layer, found in outputs.items():
            values = torch.cat([each.flatten() for each in found])
            layer.weight.mul_(spread / values.std())
            if layer.bias is not None:
                layer.bias.sub_(values.mean()).mul_(spread / values.std()).add_(mean)


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two runs of a detector are apart, in pixels of the image; `unmatched` is what only one of them found."""

    found: int
    unmatched: int
    box: float
    confidence: float
    points: float


def compare_detections(found: Detections, original: Mapping[str, Tensor], confidence: float) -> Difference:
    """Return how far our detections are from torchvision's of at least `confidence`; the order does not matter.

    Some of torchvision's networks keep boxes that lie wholly outside the image, cut down to nothing; we drop them.
    """
    sides = original["boxes"][:, 2:] - original["boxes"][:, :2]
    passing = (original["scores"] >= confidence) & (sides > 0).all(dim=1)
    boxes, labels, scores = (original[name][passing].numpy() for name in ("boxes", "labels", "scores"))
    rest, boxes_off, scores_off, points_off = list(found.detections), [0.0], [0.0], [0.0]
    for index, box in enumerate(boxes):
        same = [one for one in rest if one.class_id == labels[index] and np.abs(_corners(one) - box).max() < SAME]
        if not same:
            continue
        nearest = min(same, key=lambda one: abs(one.confidence - scores[index]))
        rest.remove(nearest)
        boxes_off.append(float(np.abs(_corners(nearest) - box).max()))
        scores_off.append(float(abs(nearest.confidence - scores[index])))
        if nearest.keypoints:
            places = np.array([(point.x, point.y) for point in nearest.keypoints])
            points_off.append(float(np.abs(places - original["keypoints"][passing][index, :, :2].numpy()).max()))
    unmatched = len(rest) + len(boxes) - (len(boxes_off) - 1)
    return Difference(len(boxes), unmatched, max(boxes_off), max(scores_off), max(points_off))


def _corners(one: Detection) -> NDArray[np.float64]:
    return np.array((one.box.x1, one.box.y1, one.box.x2, one.box.y2))
