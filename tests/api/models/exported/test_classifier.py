"""Plain classifiers: MobileNetV2 as torchvision itself computes it, and what an owner is asked for."""

from pathlib import Path

import numpy as np
import openvino
import pytest
import torch
from openvino import opset13 as ops
from PIL import Image
from torchvision.models import MobileNet_V2_Weights

from api.models.errors import ModelError
from api.models.exported.definition import read_definition
from api.models.exported.facts import read_facts
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.tasks.classification.types import ClassificationOptions
from harness.exported_tasks import MOBILENET_TOML, export_onnx, put_mobilenet, read_mobilenet

USUAL = MOBILENET_TOML.partition("[output]")[0]


def write_model(folder: Path, *last: torch.nn.Module, toml: str = "", classes: int = 4) -> None:
    """Write a small classifier `mine`, whose last steps are `last`, with `toml` beside it."""
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, classes, 3), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), *last
    )
    export_onnx(network, folder / "mine.onnx", (64, 64))
    (folder / "mine.names").write_text("\n".join(f"label {index}" for index in range(4)))
    if toml:
        (folder / "mine.toml").write_text(toml)


def test_mobilenet_is_as_torchvision_computes_it(tmp_path: Path, photographs: dict[str, Path]):
    put_mobilenet(tmp_path)
    own = load_model("mobilenet", tmp_path, RunOptions(precision=Precision.FP32))
    network, transforms = read_mobilenet(), MobileNet_V2_Weights.IMAGENET1K_V1.transforms()
    for path in photographs.values():
        with Image.open(path) as image, torch.no_grad():
            expected = network(transforms(image)[None]).softmax(1)[0].numpy()
            found = own.run(np.asarray(image), ClassificationOptions(top=100)).classes
        assert found[0].class_id == expected.argmax()
        np.testing.assert_allclose([one.confidence for one in found], np.sort(expected)[::-1][:100], atol=1e-4)
        np.testing.assert_allclose(
            [one.confidence for one in found], expected[[one.class_id for one in found]], atol=1e-4
        )


@pytest.mark.parametrize(
    ("last", "toml", "activation"),
    [
        ([], USUAL + '[output]\nactivation = "softmax"', "softmax"),
        ([], USUAL + '[output]\nactivation = "sigmoid"', "sigmoid"),
        ([], USUAL + '[output]\nactivation = "none"', "none"),
        ([torch.nn.Softmax(1)], USUAL, "none"),
        ([torch.nn.Softmax(1), torch.nn.Unflatten(1, (4, 1, 1))], USUAL, "none"),
        ([torch.nn.Sigmoid()], USUAL + '[output]\nactivation = "none"', "none"),
    ],
)
def test_activation_is_the_graphs_or_the_owners(
    last: list[torch.nn.Module], toml: str, activation: str, tmp_path: Path
):
    write_model(tmp_path, *last, toml=toml)
    card, _ = read_definition("mine", tmp_path)
    assert (card.task, card.family, card.output) == ("classification", "classifier", {"activation": activation})


@pytest.mark.parametrize(
    ("last", "toml", "said"),
    [
        (
            [],
            USUAL,
            r'needs `\[output\] activation`: "softmax" if one label is true, "sigmoid" if several can be, "none"',
        ),
        ([], USUAL + '[output]\nactivation = "relu"', r"needs `\[output\] activation`"),
        ([torch.nn.Softmax(1)], USUAL + '[output]\nactivation = "softmax"', "ends in a softmax, so .* leave .* out"),
        ([torch.nn.Sigmoid()], USUAL + '[output]\nactivation = "softmax"', "ends in a sigmoid, so .* leave .* out"),
        (
            [],
            'family = "classifier"\n[output]\nactivation = "none"',
            r"write `resize`, `mean` into \[input\] of mine.toml",
        ),
        ([torch.nn.Unflatten(1, (2, 2))], USUAL, r"is no classifier, which has one output, 1 x classes"),
        (
            [],
            USUAL.replace("256", "63") + '[output]\nactivation = "none"',
            r"a centre crop of 64 x 64 needs `\[input\] shorter_side` of at least 64 in mine.toml",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_said(last: list[torch.nn.Module], toml: str, said: str, tmp_path: Path):
    write_model(tmp_path, *last, toml=toml)
    with pytest.raises(ModelError, match=said):
        read_definition("mine", tmp_path)


@pytest.mark.parametrize("last", [[], [torch.nn.Softmax(1)]])
def test_the_lines_that_are_asked_for_are_enough(last: list[torch.nn.Module], tmp_path: Path):
    write_model(tmp_path, *last)
    with pytest.raises(ModelError, match="Write into mine.toml beside it") as caught:
        read_definition("mine", tmp_path)
    lines = str(caught.value).partition("beside it:\n")[2]
    (tmp_path / "mine.toml").write_text(lines.partition("\n  or\n")[0])
    card, _ = read_definition("mine", tmp_path)
    assert card.task == "classification"
    assert card.input.shorter_side == round(64 / 0.875)


@pytest.mark.parametrize("operation", ["Softmax", "Sigmoid", "Add"])
def test_facts_tell_what_an_output_is_computed_by(operation: str):
    x = ops.parameter([1, 3, 4, 4], np.float32)
    last = {"Softmax": ops.softmax(x, 1), "Sigmoid": ops.sigmoid(x), "Add": ops.add(x, np.float32(1))}[operation]
    shaped = ops.reshape(ops.transpose(last, np.array([0, 2, 3, 1])), np.array([1, 48]), special_zero=False)
    facts = read_facts("mine.onnx", openvino.Model([shaped], [x]))
    assert facts.outputs[0].operation == operation
