"""Mask R-CNN and Keypoint R-CNN, of a few small layers: an outline or points for each thing that torchvision finds."""

from copy import deepcopy
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torchvision.models.detection import KeypointRCNN, MaskRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.keypoint_rcnn import KeypointRCNNHeads, KeypointRCNNPredictor
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.ops import MultiScaleRoIAlign

from api.models.card import Fit, InputSpec, Sampling
from api.models.input import prepare_input
from api.models.torchvision.networks import prepare_network
from api.tasks.detection.coco import COCO_KEYPOINTS
from api.tasks.detection.rcnn import make_decode
from api.tasks.detection.types import DetectionOptions, Detections
from harness.torchvision_models import compare_detections, run_original

SIZE = (160, 224)  # (height, width) of the image, which is the input's too
INPUT = InputSpec(size=SIZE, resize=Fit.SHORTER_SIDE, sampling=Sampling.EXACT)
KINDS = ("mask", "keypoint")


class Backbone(nn.Module):
    """One layer that sees 16 pixels at a time."""

    out_channels = 8

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(3, self.out_channels, 16, stride=16)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        return {"0": self.layer(x).relu()}


def build(kind: str) -> nn.Module:
    """Return a network with weights that nobody trained."""
    torch.manual_seed(4)
    channels, pool = Backbone.out_channels, MultiScaleRoIAlign(["0"], 14, 2)
    shared: dict[str, Any] = {
        "min_size": SIZE[0],
        "max_size": SIZE[1],
        "image_mean": [0, 0, 0],
        "image_std": [1, 1, 1],
        "rpn_anchor_generator": AnchorGenerator(((48, 96),), ((0.5, 1.0, 2.0),)),
        "box_roi_pool": MultiScaleRoIAlign(["0"], 7, 2),
        "box_head": TwoMLPHead(channels * 7 * 7, 16),
        "box_predictor": FastRCNNPredictor(16, 2),
        "box_detections_per_img": 8,
    }
    if kind == "mask":
        head, predictor = MaskRCNNHeads(channels, [channels], 1), MaskRCNNPredictor(channels, 8, 2)
        masks = {"mask_head": head, "mask_predictor": predictor}
        return MaskRCNN(Backbone(), mask_roi_pool=pool, **masks, **shared).eval()
    points = {
        "keypoint_head": KeypointRCNNHeads(channels, [channels]),
        "keypoint_predictor": KeypointRCNNPredictor(channels, len(COCO_KEYPOINTS)),
    }
    return KeypointRCNN(Backbone(), keypoint_roi_pool=pool, **points, **shared).eval()


@pytest.fixture(scope="module")
def picture() -> NDArray[np.uint8]:
    noise = np.random.default_rng(2).integers(0, 256, (*SIZE, 3), dtype=np.uint8)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), 4) * 2 - 128, np.uint8)


def find(kind: str, network: nn.Module, picture: NDArray[np.uint8]) -> Detections:
    letterbox = INPUT.place(SIZE)
    with torch.inference_mode():
        outputs = prepare_network(deepcopy(network))(torch.from_numpy(prepare_input(picture, letterbox, INPUT)))
    decode = make_decode({"keypoints": COCO_KEYPOINTS} if kind == "keypoint" else {}, ("__background__", "person"))
    options = DetectionOptions(confidence=0.2, iou=0.5)
    found: Detections = decode({name: values.numpy() for name, values in outputs.items()}, letterbox, options)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_each_detection_has_its_shape(kind: str, picture: NDArray[np.uint8]) -> None:
    network = build(kind)
    found = find(kind, network, picture)
    with torch.inference_mode():
        off = compare_detections(found, run_original(network, picture), 0.2)
    assert off.found > 3
    assert (off.unmatched, off.box < 0.1, off.confidence < 1e-3, off.points < 0.1) == (0, True, True, True)
    for one in found.detections:
        assert bool(one.polygon) == (kind == "mask")
        assert [point.name for point in one.keypoints] == (list(COCO_KEYPOINTS) if kind == "keypoint" else [])
        for x, y in one.polygon:
            assert one.box.x1 - 1 <= x <= one.box.x2 + 1
            assert one.box.y1 - 1 <= y <= one.box.y2 + 1
