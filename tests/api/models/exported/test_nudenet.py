"""A real export of Ultralytics', with a free size, beside onnxruntime and a reader of its documentation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from api.models.model import Model
from api.tasks.detection.types import DetectionOptions
from harness.exported_models import SHAPES, assert_same, photograph, run_onnx
from harness.real_models import real_model
from tests.api.models.exported.ultralytics_files import Kind, Placed, load, read

OPTIONS = DetectionOptions(confidence=0.01, iou=0.45, max_detections=1000)  # low, so that there is much to compare


@pytest.fixture(scope="module")
def nudenet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Path]:
    """NudeNet as it is served, and its file."""
    path = real_model("nudenet") / "nudenet.onnx"
    copy = tmp_path_factory.mktemp("nudenet") / path.name
    copy.write_bytes(path.read_bytes())
    return load(copy), copy


def test_reads_its_card(nudenet: tuple[Model, Path]) -> None:
    card = nudenet[0].card
    assert (card.input.size, card.input.cell) == ((320, 320), 32)
    assert len(card.labels) == 18
    assert card.labels[1] == "FACE_FEMALE"
    assert card.licence == "AGPL-3.0 License (https://ultralytics.com/license)"


@pytest.mark.parametrize("leaves_out_padding", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["person", "dog"])
def test_finds_what_onnxruntime_and_the_documentation_find(
    nudenet: tuple[Model, Path],
    photographs: dict[str, Path],
    name: str,
    shape: tuple[int, int],
    leaves_out_padding: bool,
) -> None:
    model, path = nudenet
    spec = replace(model.card.input, leaves_out_padding=leaves_out_padding)
    model = replace(model, card=replace(model.card, input=spec))
    image = photograph(photographs[name], shape)
    # Less whole cells of padding on both sides, the image is still in the middle of the canvas.
    placed = Placed(shape, model.card.input.place(shape).canvas_size)
    outputs = run_onnx(path, images=placed.prepare(image))
    expected = read(Kind("detect"), outputs["output0"][0], placed, OPTIONS.confidence, OPTIONS.iou, classes=18)
    found = model.run(image, OPTIONS).detections
    assert_same(found, expected.boxes, expected.scores, expected.classes)
    scores = sorted((one.confidence for one in found), reverse=True)
    np.testing.assert_allclose(scores, sorted(expected.scores, reverse=True), atol=1e-4)
