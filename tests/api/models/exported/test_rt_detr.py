"""The exports of RT-DETR, D-FINE and DEIM, in the form that they have, against onnxruntime run as their own demo does.

The form: `DFINEPostProcessor` in `src/zoo/dfine/postprocessor.py` of https://github.com/Peterande/D-FINE; the demo:
`tools/inference/onnx_inf.py` there, which gives the network the photograph's own (width, height).
"""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from api.models.card import Fit
from api.models.errors import ModelError
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.tasks.detection.types import DetectionOptions
from harness.exported_models import SHAPES, assert_same, photograph, run_onnx, stretched
from harness.exporting import Pooling, export

EXACT = RunOptions(precision=Precision.FP32)
OPTIONS = DetectionOptions(confidence=0.3, max_detections=1000)
QUERIES, SIDE = 30, 64
LABELS = ("ant", "bee", "cat")
INPUTS, OUTPUTS = ("images", "orig_target_sizes"), ("labels", "boxes", "scores")


class Postprocessed(nn.Module):
    """A network with its postprocessor: of `QUERIES` boxes the best pairs of box and class, in pixels."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.boxes, self.logits = Pooling(QUERIES, 4), Pooling(QUERIES, len(LABELS), mean=-1.0)

    def forward(self, images: torch.Tensor, orig_target_sizes: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return labels, boxes and scores."""
        centres, sizes = self.boxes(images).sigmoid().split(2, dim=-1)
        corners = torch.cat((centres - sizes / 2, centres + sizes / 2), dim=-1)
        corners = corners * orig_target_sizes.repeat(1, 2).unsqueeze(1)
        scores, index = torch.topk(self.logits(images).sigmoid().flatten(1), QUERIES, dim=-1)
        query = (index // len(LABELS)).unsqueeze(-1).repeat(1, 1, 4)
        return index - index // len(LABELS) * len(LABELS), corners.gather(dim=1, index=query), scores


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rt-detr")
    example = (torch.zeros(1, 3, SIDE, SIDE), torch.tensor([[SIDE, SIDE]]))
    for name, free in (("one", ()), ("batch", INPUTS)):
        export(Postprocessed(), folder / f"{name}.onnx", *example, names=(INPUTS, OUTPUTS), free_batch=free)
        (folder / f"{name}.names").write_text("\n".join(LABELS) + "\n")
    return folder


@pytest.mark.parametrize("name", ["one", "batch"])
def test_boxes_are_those_of_the_demo(folder: Path, photographs: dict[str, Path], name: str) -> None:
    model = load_model(name, folder, EXACT)
    assert (model.card.family, model.card.input.resize, model.card.labels) == ("boxes", Fit.STRETCH, LABELS)
    for shape in SHAPES:
        image = photograph(photographs["dog"], shape)
        height, width = shape
        x = stretched(image, (SIDE, SIDE), antialias=True)
        outputs = run_onnx(folder / f"{name}.onnx", images=x, orig_target_sizes=np.array([[width, height]]))
        kept = outputs["scores"][0] >= OPTIONS.confidence
        boxes = outputs["boxes"][0][kept].clip(0, [width, height, width, height])
        found = model.run(image, OPTIONS).detections
        assert_same(found, boxes, outputs["scores"][0][kept], outputs["labels"][0][kept])


def test_labels_are_asked_for(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.onnx").write_bytes((folder / "one.onnx").read_bytes())
    with pytest.raises(ModelError, match="mine.onnx does not name its labels: put mine.names beside it"):
        load_model("mine", tmp_path)


def test_class_without_a_label_is_left_out(folder: Path, tmp_path: Path, photographs: dict[str, Path]) -> None:
    (tmp_path / "mine.onnx").write_bytes((folder / "one.onnx").read_bytes())
    (tmp_path / "mine.names").write_text("ant\nbee\n")
    image = photograph(photographs["dog"], SHAPES[0])
    all_found = load_model("one", folder, EXACT).run(image, OPTIONS).detections
    found = load_model("mine", tmp_path, EXACT).run(image, OPTIONS).detections
    assert 0 < len(found) == sum(one.label != "cat" for one in all_found) < len(all_found)
