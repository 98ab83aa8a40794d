"""torchvision's networks as they are served: what torchvision itself finds with the same weights, in three shapes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torchvision.models import MobileNet_V2_Weights, get_model, get_model_weights

from api.models.engines.cores import Cores
from api.models.engines.processor import has_bfloat16
from api.models.input import prepare_input
from api.models.load import load_model
from api.models.model import Model
from api.models.options import EngineChoice, Precision, RunOptions
from api.models.torchvision.definition import read_definition
from api.models.torchvision.reader import read_model
from api.tasks.classification.types import ClassificationOptions
from api.tasks.detection.types import DetectionOptions
from harness.real_models import real_model
from harness.torchvision_models import compare_detections, generate, run_original, save_model

pytestmark = pytest.mark.long

SHAPES = ((240, 320), (320, 214), (167, 250))  # (height, width)
EXACT = RunOptions(precision=Precision.FP32, engine=EngineChoice.OPENVINO)
SSDLITE, RCNN = "ssdlite320_mobilenet_v3_large", "fasterrcnn_mobilenet_v3_large_320_fpn"
DETECTORS: dict[str, tuple[dict[str, int], str]] = {
    SSDLITE: ({}, ""),
    RCNN: ({"min_size": 160, "max_size": 256}, "[input]\nsize = [160, 256]\n"),
}

Served = tuple[nn.Module, Path]


@pytest.fixture(scope="module")
def pictures(photographs: dict[str, Path]) -> list[np.ndarray]:
    return [np.asarray(Image.open(path).convert("RGB").resize((320, 240))) for path in photographs.values()]


@pytest.fixture(scope="module", params=DETECTORS)
def served(
    request: pytest.FixtureRequest, pictures: list[np.ndarray], tmp_path_factory: pytest.TempPathFactory
) -> Served:
    """A detector of torchvision's, and the folder with its files and its graph."""
    options, toml = DETECTORS[request.param]
    network = generate(request.param, pictures, **options)
    folder = tmp_path_factory.mktemp("served")
    save_model(network, folder, "mine", f'builder = "{request.param}"\n{toml}')
    return network, folder


def require_same(model: Model, network: nn.Module, picture: np.ndarray, confidence: float) -> None:
    thresholds: Any = getattr(network, "roi_heads", network)
    options = DetectionOptions(
        confidence=confidence, iou=thresholds.nms_thresh, max_detections=thresholds.detections_per_img
    )
    for shape in SHAPES:
        image = np.asarray(Image.fromarray(picture).resize(shape[::-1]))
        off = compare_detections(model.run(image, options), run_original(network, image), confidence)
        assert off.found > 5
        assert off.unmatched == 0
        assert off.box < 0.1
        assert off.confidence < 1e-3


@pytest.mark.parametrize("engine", [EngineChoice.OPENVINO, EngineChoice.TORCH])
def test_finds_what_torchvision_finds(served: Served, pictures: list[np.ndarray], engine: EngineChoice):
    network, folder = served
    model = read_model("mine", folder, RunOptions(precision=Precision.FP32, engine=engine), Cores(2))
    require_same(model, network, pictures[1], confidence=0.25)


def test_network_that_selects_computes_in_float32(served: Served):
    _, folder = served
    selects = read_definition("mine", folder)[0].selects
    options = RunOptions(precision=Precision.BF16, engine=EngineChoice.OPENVINO)
    if not has_bfloat16() and not selects:
        pytest.skip("this processor has no bfloat16 in hardware")
    model = read_model("mine", folder, options, Cores(2))
    assert model.engine.precision == ("float32" if selects else "bfloat16")
    assert ("precision" in model.card.reasons) == selects


def test_segments_as_torchvision(pictures: list[np.ndarray], tmp_path: Path):
    builder = "lraspp_mobilenet_v3_large"
    network = generate(builder, pictures)
    save_model(network, tmp_path, "mine", f'builder = "{builder}"\n[input]\nsize = [128, 512]\n')
    model = read_model("mine", tmp_path, EXACT, Cores(2))
    transforms = get_model_weights(builder).DEFAULT.transforms(resize_size=128)
    for shape in SHAPES:
        image = Image.fromarray(pictures[1]).resize(shape[::-1])
        spec = model.card.input
        found = model.engine(prepare_input(np.asarray(image), spec.place(shape), spec))["scores"]
        with torch.inference_mode():
            original = network(transforms(image)[None])["out"].numpy()
        np.testing.assert_allclose(found, original, atol=1e-3)


@pytest.fixture(scope="module")
def mobilenet(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """torchvision's own MobileNetV2, with its own weights under another name."""
    folder = tmp_path_factory.mktemp("mobilenet")
    (folder / "mine.pth").symlink_to(real_model("mobilenet_v2") / "mobilenet_v2.pth")
    (folder / "mine.torchvision.toml").write_text('builder = "mobilenet_v2"\n')
    return load_model("mine", folder, EXACT, Cores(2))


def test_published_weights_are_known_by_their_hash(mobilenet: Model):
    assert mobilenet.card.licence == "BSD-3-Clause"
    assert mobilenet.card.origin == MobileNet_V2_Weights.IMAGENET1K_V1.url
    assert mobilenet.card.input.shorter_side == 256  # 232 is of the later weights


def test_classifies_as_torchvision(mobilenet: Model, photographs: dict[str, Path]):
    weights = MobileNet_V2_Weights.IMAGENET1K_V1
    network = get_model("mobilenet_v2", weights=None).eval()
    network.load_state_dict(torch.load(real_model("mobilenet_v2") / "mobilenet_v2.pth", weights_only=True))
    for path in photographs.values():
        image = Image.open(path).convert("RGB")
        with torch.inference_mode():
            expected = network(weights.transforms()(image)[None]).softmax(1)[0]
        found = mobilenet.run(np.asarray(image), ClassificationOptions(top=5)).classes
        probabilities, class_ids = expected.topk(5)
        assert [one.class_id for one in found] == class_ids.tolist()
        assert [one.confidence for one in found] == pytest.approx(probabilities.tolist(), abs=1e-3)
        assert found[0].label == weights.meta["categories"][class_ids[0]]
