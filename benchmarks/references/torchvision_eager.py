"""torchvision's own network and transforms, computed by PyTorch step by step, as its documentation has it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torchvision.models import get_model
from torchvision.models.detection._utils import overwrite_eps
from torchvision.transforms.functional import to_tensor

from api.models.card import Fit, ModelCard
from api.models.model import Model
from api.models.torchvision.builders import WITHOUT_EPS, find_published
from api.models.torchvision.files import ModelFiles
from api.tasks.detection.types import DetectionOptions
from benchmarks.found import Found, Point, encode_mask
from benchmarks.references.reference import Pixels, Reference

INSIDE = 0.5  # a mask's probability from which on a pixel belongs to the object


def make(model: Model, folder: Path, _options: DetectionOptions) -> Reference:
    """Return torchvision's network with the weights of the model. A detector suppresses as it does by itself."""
    card, files = model.card, ModelFiles(model.card.name, folder)
    builder = files.said.own["builder"]
    published, is_published = find_published(builder, files.weights)
    network = build(builder, card, read_weights(files.weights))
    if is_published and builder in WITHOUT_EPS:
        overwrite_eps(network, 0.0)  # as the builder does with these weights
    name = f"torchvision {torchvision.__version__.partition('+')[0]}, eager"
    if card.task == "detection":
        names = tuple(card.output.get("keypoints", ()))
        return Reference(name, lambda image: detect(network, image, names))
    if card.task == "segmentation":
        transforms = published.transforms(resize_size=min(card.input.size))
        return Reference(name, lambda image: segment(network, transforms, image))
    return Reference(name, lambda image: classify(network, published.transforms(), image))


def read_weights(path: Path) -> Mapping[str, Tensor]:
    """Return a state dict."""
    if path.suffix == ".safetensors":
        from api.models.torchvision.weights import read_state

        return read_state(path)
    state: Mapping[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def build(builder: str, card: ModelCard, state: Mapping[str, Tensor]) -> nn.Module:
    """Return the builder's network with its weights."""
    options: dict[str, Any] = {"num_classes": len(card.labels)}
    if card.task != "classification":
        options["weights_backbone"] = None
    if card.task == "segmentation" and not builder.startswith("lraspp"):
        options["aux_loss"] = any(key.startswith("aux_classifier.") for key in state)
    if card.task == "detection" and card.input.resize is Fit.SHORTER_SIDE:
        options |= {"min_size": card.input.size[0], "max_size": card.input.size[1]}
    if card.output.get("keypoints"):
        options["num_keypoints"] = len(card.output["keypoints"])
    network: nn.Module = get_model(builder, weights=None, **options)
    network.load_state_dict(state)
    return network.eval()


@torch.inference_mode()
def classify(network: nn.Module, transforms: Any, image: Pixels) -> NDArray[np.float32]:
    """Return the probability of each class."""
    probabilities: NDArray[np.float32] = network(transforms(Image.fromarray(image))[None]).softmax(1)[0].numpy()
    return probabilities


@torch.inference_mode()
def segment(network: nn.Module, transforms: Any, image: Pixels) -> NDArray[np.int64]:
    """Return the class of each pixel."""
    scores = network(transforms(Image.fromarray(image))[None])["out"]
    scaled = nn.functional.interpolate(scores, image.shape[:2], mode="bilinear", align_corners=False)
    class_map: NDArray[np.int64] = scaled[0].argmax(0).numpy()
    return class_map


@torch.inference_mode()
def detect(network: nn.Module, image: Pixels, names: tuple[str, ...]) -> list[Found]:
    """Return what the network selects by itself."""
    found = {key: values.numpy() for key, values in network([to_tensor(np.array(image))])[0].items()}
    return [
        Found(
            int(found["labels"][row]),
            float(found["scores"][row]),
            tuple(map(float, box_xyxy)),
            encode_mask(found["masks"][row, 0] > INSIDE) if "masks" in found else None,
            tuple(
                Point(name, float(x), float(y)) for name, (x, y, _) in zip(names, found["keypoints"][row], strict=True)
            )
            if "keypoints" in found
            else (),
        )
        for row, box_xyxy in enumerate(found["boxes"])
    ]
