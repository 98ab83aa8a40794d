"""`NAME.torchvision.toml` and its weights to a card and a torch module: what is converted, or computed by PyTorch."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import nn
from torchvision.models import WeightsEnum
from torchvision.models.detection.ssd import SSD
from torchvision.transforms import InterpolationMode

from api.models.card import Fit, InputSpec, ModelCard, Sampling
from api.models.converted.files import ConvertedFiles
from api.models.converted.torch_graph import write_torch_graph
from api.models.errors import ModelError
from api.models.torchvision.builders import (
    BACKGROUND,
    build,
    count_classes,
    find_published,
    find_task,
    frozen_eps,
    set_eps,
)
from api.models.torchvision.files import ModelFiles
from api.models.torchvision.networks import Detector, Rcnn, ScoredBoxes, prepare_network
from api.models.torchvision.weights import load_state, read_state
from api.tasks.classification import classifier
from api.tasks.detection import rcnn, scored_boxes
from api.tasks.segmentation import segmenter

LONGEST = 4  # times the shorter side that a segmenter's input may be long
SAMPLINGS = {InterpolationMode.BILINEAR: Sampling.ANTIALIAS, InterpolationMode.BICUBIC: Sampling.BICUBIC}


def write_graph(name: str, folder: Path, files: ConvertedFiles) -> ModelCard:
    """Write the model's graph for OpenVINO; returns its card. Raises ModelError."""
    card, module = read_definition(name, folder)
    write_torch_graph(card, module, files)
    return card


def read_definition(name: str, folder: Path) -> tuple[ModelCard, nn.Module]:
    """Read `NAME.torchvision.toml` in `folder` and its weights. Raises ModelError."""
    files = ModelFiles(name, folder)
    said, where = files.said, files.toml.name
    builder = said.own.get("builder")
    if builder is None:
        raise ModelError(f'{where} does not say which network it is: builder = "fasterrcnn_resnet50_fpn", or another')
    task = find_task(builder, where)
    state = read_state(files.weights)
    published, is_published = find_published(builder, files.weights)
    labels, options = _find_classes(files, task, published)
    size = said.input.get("size")
    if builder.startswith("vit_"):
        options["image_size"] = max(size or published.meta["min_size"])
    network = build(builder, task, state, options)
    load_state(network, state, f"{files.weights.name} does not fit {builder} with {len(labels)} classes")
    reasons = _settle_eps(files, network, frozen_eps(builder, state))
    if is_published:
        reasons["licence"] = f"{published} by torchvision, told by their sha256"
    module = prepare_network(network)
    family, output = _find_family(files, task, module, published, labels)
    card = ModelCard(
        name=name,
        task=task,
        family=family,
        labels=labels,
        input=_describe_input(files, network, published),
        source_format="torchvision",
        licence=said.licence or (_licence(published) if is_published else None),
        origin=said.source or (published.url if is_published else None),
        output=output,
        reasons={
            **reasons,
            "family": f"{builder} in torchvision",
            "input": "as it was trained here" if files.said.training else f"as torchvision has it for {published}",
        },
        training=files.said.training,
        selects=isinstance(module, Rcnn),
    )
    return card, module


def _licence(published: WeightsEnum) -> str:
    """Return the licence of torchvision's own weights: that of the library, if they do not name another."""
    return str(published.meta.get("license", "BSD-3-Clause"))


def _find_classes(files: ModelFiles, task: str, published: WeightsEnum) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return the labels, and the builder's options that follow from them and from the key points."""
    said = files.said
    labels = said.labels or tuple(published.meta["categories"])
    classes = said.own.get("classes")
    if classes is None and not said.labels:
        classes = len(labels)  # torchvision's own have the background, under one name or another
    try:
        labels, count = count_classes(labels, classes, task)
    except ValueError:
        raise ModelError(
            f"{files.toml.name}: `classes` is {classes}, but there are {len(labels)} labels"
            f" ({'its own' if said.labels else 'those of torchvision'}): write labels = [...], one for each class"
        ) from None
    options: dict[str, Any] = {"num_classes": count}
    if "keypoints" in said.own:
        if "keypoint_names" not in published.meta:
            raise ModelError(f"{files.toml.name}: `keypoints` is for keypointrcnn_resnet50_fpn, not for other builders")
        options["num_keypoints"] = len(said.own["keypoints"])
    return labels, options


def _settle_eps(files: ModelFiles, network: nn.Module, eps: float | None) -> dict[str, str]:
    """Set the epsilon of the backbone's batch normalization; returns why, if it is not as the builder has it."""
    own = files.said.own.get("batch_norm_eps")
    if own is None and eps is None:
        return {}
    set_eps(network, float(eps if own is None else own))  # type: ignore[arg-type]
    if own is not None:
        return {"batch_norm_eps": f"{files.toml.name} says so"}
    return {"batch_norm_eps": "0, as it is frozen in torchvision's weights and in all that were trained from them"}


def _find_family(
    files: ModelFiles, task: str, module: nn.Module, published: WeightsEnum, labels: tuple[str, ...]
) -> tuple[str, dict[str, Any]]:
    """Return how the outputs are read, and what that needs."""
    if isinstance(module, Rcnn):
        names = files.said.own.get("keypoints") or published.meta.get("keypoint_names", ())
        return rcnn.FAMILY, {"keypoints": list(names)}
    if isinstance(module, ScoredBoxes):
        return scored_boxes.FAMILY, {"first": module.first_class}
    if task == "segmentation":
        background = {"background": 0} if labels[0] == BACKGROUND else {}
        return segmenter.FAMILY, {"name": "scores", "layout": segmenter.Layout.CHANNELS_FIRST, **background}
    return classifier.FAMILY, {"activation": classifier.Activation.SOFTMAX}


def _describe_input(files: ModelFiles, network: nn.Module, published: WeightsEnum) -> InputSpec:
    """Return the input that torchvision makes, with the owner's words. Raises ModelError."""
    said = files.said.input
    if isinstance(network, Detector):
        spec = _detector_input(network)
        if said.get("resize") not in (None, Fit.STRETCH, Fit.SHORTER_SIDE):
            raise ModelError(f'{files.toml.name}: `[input] resize` of a detector is "shorter-side" or "stretch"')
        if _has_steps(network) and said.get("size", spec.size) != spec.size:
            raise ModelError(f"{files.toml.name}: the network has one `[input] size`, {list(spec.size)}")
    else:
        spec = _transforms_input(published.transforms())
    spec = replace(spec, **said)
    if spec.resize is Fit.CENTRE_CROP and spec.shorter_side < max(spec.size):
        spec = replace(spec, shorter_side=round(max(spec.size) / 0.875))
    return spec


def _has_steps(network: Detector) -> bool:
    """Return whether a detector's anchors are made for one size of input, as those of the first SSDs are."""
    return isinstance(network, SSD) and network.anchor_generator.steps is not None


def _detector_input(network: Detector) -> InputSpec:
    """Return what a detector's own transform makes. Its padding is 0 after the mean is taken off."""
    transform = network.transform
    is_free = transform.fixed_size is None
    return InputSpec(
        size=(transform.min_size[-1], transform.max_size) if is_free else transform.fixed_size[::-1],
        resize=Fit.SHORTER_SIDE if is_free else Fit.STRETCH,
        cell=transform.size_divisible if is_free else 1,
        sampling=Sampling.EXACT,
        mean=tuple(transform.image_mean),
        std=tuple(transform.image_std),
        pad=None,
    )


def _transforms_input(transforms: Any) -> InputSpec:
    """Return what the transforms of torchvision's weights make; those of a segmenter do not crop."""
    (shorter,) = transforms.resize_size
    crop = getattr(transforms, "crop_size", None)
    return InputSpec(
        size=(crop[0], crop[0]) if crop else (shorter, LONGEST * shorter),
        resize=Fit.CENTRE_CROP if crop else Fit.SHORTER_SIDE,
        shorter_side=shorter if crop else 0,
        sampling=SAMPLINGS[transforms.interpolation],
        mean=tuple(transforms.mean),
        std=tuple(transforms.std),
        pad=None,
    )
