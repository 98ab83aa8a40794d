"""Which picture a converted network is held to PyTorch with."""

from typing import Any

import numpy as np
import pytest
from torch import Tensor, nn

from api.models.card import InputSpec, ModelCard
from api.models.converted.sample import SPOTS, sample_inputs
from api.models.converted.torch_graph import try_samples


class Choosy(nn.Module):
    """Finds something in pictures of which neighbouring pixels differ enough."""

    def __init__(self, least: float) -> None:
        super().__init__()
        self.least = least

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        differences = (x[..., 1:] - x[..., :-1]).abs().mean().reshape(1)
        return {"scores": (differences > self.least).nonzero().float()}


def card(**more: Any) -> ModelCard:
    spec = InputSpec(size=(240, 320), cell=1)
    return ModelCard(
        name="mine", task="detection", family="rcnn", labels=("ant",), input=spec, source_format="stub", **more
    )


def differences(number: int) -> float:
    x = sample_inputs(card(), number)[0]
    return float(np.abs(x[..., 1:] - x[..., :-1]).mean())


def test_what_selects_is_tried_with_pictures_until_something_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    _, computed = try_samples(card(selects=True), Choosy((differences(0) + differences(1)) / 2))
    assert computed["number"] == 1
    assert computed["0/scores"].size
    assert not capsys.readouterr().out


def test_a_comparison_that_says_little_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    _, computed = try_samples(card(selects=True), Choosy(9.0))
    assert computed["number"] == len(SPOTS) - 1
    assert "finds nothing in the pictures for the comparison with PyTorch" in capsys.readouterr().out


def test_other_networks_have_the_first_picture() -> None:
    assert try_samples(card(), Choosy(9.0))[1]["number"] == 0
