"""What a network knows when it begins to learn."""

from pathlib import Path

import pytest
import torch
from torchvision.models import get_model, get_model_weights

from api.training.defaults import DETECTOR as SSDLITE
from api.training.detection.networks import BUILDERS, begin
from api.training.errors import TrainingError

RCNN = "fasterrcnn_mobilenet_v3_large_320_fpn"
LABELS = ("dog", "helmet", "person")


@pytest.fixture(scope="module")
def coco_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with detectors for COCO, whose numbers nobody trained."""
    folder = tmp_path_factory.mktemp("coco")
    for builder in (SSDLITE, RCNN):
        torch.manual_seed(1)
        network = get_model(builder, weights=None, weights_backbone=None, num_classes=91)
        torch.save(network.state_dict(), folder / f"{builder}.pth")
    return folder


@pytest.mark.parametrize("builder", [SSDLITE, RCNN])
def test_labels_of_coco_are_known_from_the_first_step(coco_weights: Path, builder: str):
    """The same scores for a dog, a person and nothing, as the network for COCO gives, up to what a helmet gets."""
    state = torch.load(coco_weights / f"{builder}.pth", weights_only=True)
    start = begin(builder, LABELS, None, coco_weights)
    assert start.known == ("dog", "person")
    assert start.weights == coco_weights / f"{builder}.pth"
    categories = get_model_weights(builder).DEFAULT.meta["categories"]
    own, name = start.network.state_dict(), "roi_heads.box_predictor.cls_score.weight"
    if builder == SSDLITE:
        name = "head.classification_head.module_list.2.1.weight"
    theirs = state[name].reshape(-1, 91, *state[name].shape[1:])
    ours = own[name].reshape(-1, 4, *own[name].shape[1:])
    for place, label in ((0, "__background__"), (1, "dog"), (3, "person")):
        assert torch.equal(ours[:, place], theirs[:, categories.index(label)])
    assert not torch.equal(ours[:, 2], theirs[:, 2])
    for name, values in state.items():
        if values.shape == own[name].shape:
            assert torch.equal(values, own[name])


def test_without_weights_it_knows_nothing(tmp_path: Path):
    start = begin(SSDLITE, LABELS, None, tmp_path)
    assert (start.weights, start.known, start.size) == (None, (), (320, 320))


def test_takes_photographs_of_another_size(tmp_path: Path):
    assert begin(SSDLITE, LABELS, 160, tmp_path).size == (160, 160)
    assert begin(RCNN, LABELS, 160, tmp_path).size == (160, 320)


def test_all_builders_can_begin(tmp_path: Path):
    for builder in BUILDERS[:2]:
        assert begin(builder, LABELS, None, tmp_path).network.training


@pytest.mark.parametrize(
    ("builder", "size", "reason"),
    [
        (
            "maskrcnn_resnet50_fpn",
            None,
            "maskrcnn_resnet50_fpn is no detector that can be trained here: take one of ssdl",
        ),
        (SSDLITE, 100, "a side of 100 is not possible: it is a multiple of 32 from 96 to 1344"),
        (SSDLITE, 1376, "a side of 1376 is not possible"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, builder: str, size: int | None, reason: str):
    with pytest.raises(TrainingError, match=reason):
        begin(builder, LABELS, size, tmp_path)


def test_weights_of_another_network_are_refused(tmp_path: Path):
    torch.save({"backbone.features.0.0.0.weight": torch.zeros(3)}, tmp_path / f"{SSDLITE}.pth")
    with pytest.raises(TrainingError, match=r"ssdlite320_mobilenet_v3_large\.pth is of another network"):
        begin(SSDLITE, LABELS, None, tmp_path)
    (tmp_path / f"{SSDLITE}.pth").write_bytes(b"nothing")
    with pytest.raises(TrainingError, match=r"ssdlite320_mobilenet_v3_large\.pth cannot be read safely"):
        begin(SSDLITE, LABELS, None, tmp_path)
