"""api/models/torchvision/definition.py: a builder, weights and NAME.torchvision.toml to a card, or to a sentence."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torchvision.models import get_model

from api.models.card import Fit, ModelCard, Sampling
from api.models.errors import ModelError
from api.models.formats import FORMATS, find_format, require_model
from api.models.torchvision.definition import read_definition

SMALL = "shufflenet_v2_x0_5"


def write(folder: Path, toml: str, state: dict[str, Any] | None = None) -> None:
    (folder / "mine.torchvision.toml").write_text(toml)
    if state is not None:
        torch.save(state, folder / "mine.pth")


def state_of(builder: str, **options: Any) -> dict[str, Any]:
    network: nn.Module = get_model(builder, weights=None, **options)
    return network.state_dict()


def read_card(folder: Path) -> ModelCard:
    return read_definition("mine", folder)[0]


def test_toml_is_a_format_of_its_own(tmp_path: Path):
    write(tmp_path, f'builder = "{SMALL}"')
    assert find_format("mine", tmp_path).reader == "api.models.torchvision.reader"
    require_model("mine", tmp_path)
    (tmp_path / "plain.toml").write_text("")
    assert find_format("plain", tmp_path) is FORMATS[0]


def test_defaults_are_torchvisions(tmp_path: Path):
    write(tmp_path, f'builder = "{SMALL}"', state_of(SMALL))
    card = read_card(tmp_path)
    assert (card.task, card.family, card.source_format) == ("classification", "classifier", "torchvision")
    assert (len(card.labels), card.labels[0], card.labels[-1]) == (1000, "tench", "toilet tissue")
    spec = card.input
    assert (spec.size, spec.shorter_side, spec.resize) == ((224, 224), 256, Fit.CENTRE_CROP)
    assert spec.sampling is Sampling.ANTIALIAS
    assert (card.licence, card.origin) == (None, None)  # they are not torchvision's own weights
    assert "ShuffleNet_V2_X0_5_Weights.IMAGENET1K_V1" in card.reasons["input"]


def test_owners_words_are_above_them(tmp_path: Path):
    toml = f'builder = "{SMALL}"\nlabels = ["ant", "bee"]\nlicence = "MIT"\nsource = "https://a.example"\n'
    write(tmp_path, f"{toml}[input]\nsize = [96, 128]\nresize = 'stretch'\n", state_of(SMALL, num_classes=2))
    card = read_card(tmp_path)
    assert (card.labels, card.licence, card.origin) == (("ant", "bee"), "MIT", "https://a.example")
    assert (card.input.size, card.input.resize) == ((96, 128), Fit.STRETCH)


@pytest.mark.parametrize(
    ("labels", "classes", "expected"),
    [
        ('["ant", "bee"]', "", ("__background__", "ant", "bee")),
        ('["__background__", "ant", "bee"]', "", ("__background__", "ant", "bee")),
        ('["nothing", "ant", "bee"]', "classes = 3", ("nothing", "ant", "bee")),
    ],
)
def test_detector_counts_its_background(tmp_path: Path, labels: str, classes: str, expected: tuple[str, ...]):
    builder = "ssdlite320_mobilenet_v3_large"
    state = state_of(builder, weights_backbone=None, num_classes=3)
    write(tmp_path, f'builder = "{builder}"\nlabels = {labels}\n{classes}', state)
    card = read_card(tmp_path)
    assert card.labels == expected
    assert (card.task, card.family, card.output) == ("detection", "scored-boxes", {"first": 1})
    assert (card.input.size, card.input.resize, card.input.has_free_size) == ((320, 320), Fit.STRETCH, False)


def test_ssdlite_takes_the_size_that_its_owner_says(tmp_path: Path):
    """Its anchors follow the size, unlike those of the first SSDs."""
    builder = "ssdlite320_mobilenet_v3_large"
    state = state_of(builder, weights_backbone=None, num_classes=3)
    write(tmp_path, f'builder = "{builder}"\nlabels = ["ant", "bee"]\n[input]\nsize = [160, 192]', state)
    card = read_card(tmp_path)
    assert (card.input.size, card.input.has_free_size) == ((160, 192), False)


NAMED = f'builder = "{SMALL}"\n'
UNFIT = "mine.pth does not fit"


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("", "does not say which network it is: builder ="),
        (
            'builder = "fasterrcnn_resnet50"',
            "no builder 'fasterrcnn_resnet50'; the nearest are fasterrcnn_resnet50_fpn,",
        ),
        ('builder = "raft_large"', "raft_large is no model for single photographs"),
        ('builder = "quantized_resnet50"', "quantized_resnet50 is no model for single photographs, or a quantized one"),
        ('builder = "os.system"', "has no builder 'os.system'"),
        (f'{NAMED}weights = "../mine.pth"', "`weights` is '../mine.pth', and the name of a file beside it"),
        (f'{NAMED}weights = "/etc/passwd"', "`weights` is '/etc/passwd', and the name of a file beside it"),
        (f'{NAMED}labels = "../labels.txt"', "`labels` is '../labels.txt', and the name of a file beside it"),
        (f'{NAMED}weights = "other.pth"', r"other\.pth is not in the weights folder"),
        (f"{NAMED}classes = 3", "`classes` is 3, but there are 1000 labels .*those of torchvision"),
        (f"{NAMED}classes = 1001", "`classes` is 1001, but there are 1000 labels"),  # a classifier has no background
        (
            f'{NAMED}labels = ["ant"]',
            f"{UNFIT} {SMALL} with 1 classes: fc.weight is 1000 x 1024, and 1 x 1024 is expected",
        ),
        (f'{NAMED}keypoints = ["nose"]', "`keypoints` is for keypointrcnn_resnet50_fpn"),
        (
            'builder = "mobilenet_v3_small"',
            f"{UNFIT} mobilenet_v3_small with 1000 classes: it lacks features.0.0.weight",
        ),
        (f'{NAMED}family = "yolox"', "there is no key `family`"),
        ('builder = "', "is not TOML"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, toml: str, reason: str):
    write(tmp_path, toml, state_of(SMALL))
    with pytest.raises(ModelError, match=reason):
        read_definition("mine", tmp_path)


@pytest.mark.parametrize(
    ("builder", "toml", "reason"),
    [
        ("ssd300_vgg16", "[input]\nsize = [320, 320]", r"the network has one `\[input\] size`, \[300, 300\]"),
        (
            "ssdlite320_mobilenet_v3_large",
            '[input]\nresize = "centre-crop"',
            r'`\[input\] resize` of a detector is "shorter-side" or "stretch"',
        ),
    ],
)
def test_detectors_input_has_bounds(tmp_path: Path, builder: str, toml: str, reason: str):
    write(tmp_path, f'builder = "{builder}"\n{toml}', state_of(builder, weights_backbone=None))
    with pytest.raises(ModelError, match=reason):
        read_definition("mine", tmp_path)


@pytest.mark.parametrize("aux", [True, False])
def test_segmenter_may_have_an_auxiliary_head(tmp_path: Path, aux: bool):
    builder = "deeplabv3_mobilenet_v3_large"
    write(tmp_path, f'builder = "{builder}"', state_of(builder, weights_backbone=None, aux_loss=aux))
    card = read_card(tmp_path)
    assert (card.labels[:2], card.input.size, card.input.resize) == (
        ("__background__", "aeroplane"), (520, 2080), Fit.SHORTER_SIDE,
    )  # fmt: skip
