"""RF-DETR's and Hugging Face's exports, in the form that they have, against onnxruntime and their packages' rules.

The rules: `PostProcess` in `src/rfdetr/models/postprocess.py` of https://github.com/roboflow/rf-detr; and
`post_process_object_detection` of DETR's and RT-DETR's image processors in https://github.com/huggingface/transformers.
"""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from api.models.card import Fit, Sampling
from api.models.errors import ModelError
from api.models.load import load_model
from api.models.model import Model
from api.models.options import Precision, RunOptions
from api.tasks.detection.coco import COCO_IDS
from api.tasks.detection.types import DetectionOptions
from harness.exported_models import SHAPES, assert_same, photograph, run_onnx, stretched
from harness.exporting import Pooling, export
from harness.gunicorn_server import PROJECT

EXACT = RunOptions(precision=Precision.FP32)
OPTIONS = DetectionOptions(confidence=0.3, max_detections=1000)
QUERIES, SIDE = 30, 64
MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
LABELS = ("ant", "bee", "cat")


class Queries(nn.Module):
    """A network with the outputs of a DETR: boxes, logits and, if asked for, masks."""

    def __init__(self, classes: int, *, masks: bool = False) -> None:
        super().__init__()
        torch.manual_seed(classes)
        self.boxes, self.logits = Pooling(QUERIES, 4), Pooling(QUERIES, classes, mean=-1.0)
        self.masks = nn.Conv2d(3, QUERIES, 9, padding=4, stride=4) if masks else None

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the outputs."""
        found = (self.boxes(images).sigmoid(), self.logits(images))
        return (*found, self.masks(images)) if self.masks else found


def write(path: Path, classes: int, *, names: tuple[str, ...] = ("dets", "labels"), batch: bool = False, **more: Any):
    network = Queries(classes, masks="masks" in names)
    free = ("input", *names) if batch else ()
    export(network, path, torch.zeros(1, 3, SIDE, SIDE), names=(("input",), names), free_batch=free, **more)


def description(**changes: Any) -> dict[str, str]:
    """Return what RF-DETR writes into a file's metadata."""
    said = {
        "schema_version": 1, "producer_version": "1.12.0", "format": "onnx", "task": "detect", "variant": "nano",
        "input_shape": [1, 3, SIDE, SIDE], "input_layout": "NCHW", "input_name": "input",
        "outputs": {"pred_boxes": "dets", "pred_logits": "labels"}, "means": [0.5, 0.4, 0.3], "stds": [0.2, 0.2, 0.3],
        "pixel_scale": 1 / 255, "class_names": ["ant", "bee"], "class_id_to_name": {"1": "ant", "3": "bee"},
        "num_classes": 4, "num_select": QUERIES,
    }  # fmt: skip
    return {"rfdetr_inference": json.dumps({**said, **changes})}


def to_corners(boxes: NDArray[Any], shape: tuple[int, int]) -> NDArray[Any]:
    """Return boxes, as shares of the square, in pixels of an image of (height, width), cut off at its border."""
    height, width = shape
    x, y, w, h = boxes.T
    corners = np.stack((x - w / 2, y - h / 2, x + w / 2, y + h / 2), axis=1) * [width, height, width, height]
    return corners.clip(0, [width, height, width, height])


def by_sigmoid(boxes: NDArray[Any], logits: NDArray[Any], shape: tuple[int, int], ids: list[int]) -> tuple[Any, ...]:
    """Return boxes in pixels, scores and places in `ids` of the best pairs, as many as there are queries."""
    scores = 1 / (1 + np.exp(-logits.astype(np.float64)))
    best = [divmod(int(index), scores.shape[1]) for index in np.argsort(-scores.ravel())[: len(boxes)]]
    kept = [(query, slot) for query, slot in best if slot in ids and scores[query, slot] >= OPTIONS.confidence]
    queries, slots = (np.array(column) for column in zip(*kept, strict=True))
    return to_corners(boxes[queries], shape), scores[queries, slots], np.array([ids.index(slot) for slot in slots])


def network_input(image: NDArray[np.uint8], mean: Any = MEAN, std: Any = STD) -> NDArray[np.float32]:
    x = stretched(image, (SIDE, SIDE), antialias=False)
    return ((x - np.reshape(mean, (3, 1, 1))) / np.reshape(std, (3, 1, 1))).astype(np.float32)


def load(folder: Path, name: str = "mine") -> Model:
    return load_model(name, folder, EXACT)


@pytest.mark.parametrize("batch", [False, True])
def test_rf_detr_of_own_classes(tmp_path: Path, photographs: dict[str, Path], batch: bool) -> None:
    write(tmp_path / "mine.onnx", len(LABELS) + 1, batch=batch)
    (tmp_path / "mine.names").write_text("\n".join(LABELS) + "\n")
    model = load(tmp_path)
    assert (model.card.family, model.card.labels, model.card.input.resize) == ("detr", LABELS, Fit.STRETCH)
    for shape in SHAPES:
        image = photograph(photographs["dog"], shape)
        outputs = run_onnx(tmp_path / "mine.onnx", input=network_input(image))
        expected = by_sigmoid(outputs["dets"][0], outputs["labels"][0], shape, [0, 1, 2])
        assert_same(model.run(image, OPTIONS).detections, *expected)


def test_rf_detr_of_coco_has_ids_with_gaps(tmp_path: Path, photographs: dict[str, Path]) -> None:
    write(tmp_path / "mine.onnx", 91)
    (tmp_path / "coco.names").write_text((PROJECT / "weights" / "coco.names").read_text())
    model = load(tmp_path)
    image = photograph(photographs["dog"], SHAPES[0])
    outputs = run_onnx(tmp_path / "mine.onnx", input=network_input(image))
    assert_same(
        model.run(image, OPTIONS).detections,
        *by_sigmoid(outputs["dets"][0], outputs["labels"][0], SHAPES[0], list(COCO_IDS)),
    )
    assert (len(COCO_IDS), COCO_IDS[0], COCO_IDS[-1]) == (80, 1, 90)


def test_rf_detr_that_describes_itself(tmp_path: Path, photographs: dict[str, Path]) -> None:
    write(tmp_path / "mine.onnx", 5, metadata=description())
    model = load(tmp_path)
    assert model.card.labels == ("ant", "bee")
    assert model.card.reasons["labels"] == "the file's metadata rfdetr_inference"
    image = photograph(photographs["dog"], SHAPES[1])
    x = network_input(image, mean=(0.5, 0.4, 0.3), std=(0.2, 0.2, 0.3))
    outputs = run_onnx(tmp_path / "mine.onnx", input=x)
    expected = by_sigmoid(outputs["dets"][0], outputs["labels"][0], SHAPES[1], [1, 3])
    assert_same(model.run(image, OPTIONS).detections, *expected)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"task": "keypoints"}, "says that it does 'keypoints', in version 1 of RF-DETR's description"),
        ({"schema_version": 2}, "in version 2 of RF-DETR's description; 'detect' and 'segment' of version 1 are read"),
        ({"outputs": {}}, "its metadata rfdetr_inference is not RF-DETR's description: KeyError"),
        ({"stds": [0.0, 1.0, 1.0]}, "its metadata rfdetr_inference does not fit: it has dets 1 x 30 x 4"),
        ({"outputs": {"pred_boxes": "x", "pred_logits": "labels"}}, "its metadata rfdetr_inference does not fit"),
    ],
)
def test_wrong_description_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    write(tmp_path / "mine.onnx", 5, metadata=description(**changes))
    with pytest.raises(ModelError, match=said):
        load(tmp_path)


def test_rf_detr_outlines_what_it_finds(tmp_path: Path, photographs: dict[str, Path]) -> None:
    write(tmp_path / "mine.onnx", len(LABELS) + 1, names=("dets", "labels", "masks"))
    (tmp_path / "mine.names").write_text("\n".join(LABELS) + "\n")
    image = photograph(photographs["dog"], SHAPES[0])
    masks = run_onnx(tmp_path / "mine.onnx", input=network_input(image))["masks"][0]
    for one in load(tmp_path).run(image, DetectionOptions(confidence=0.6)).detections:
        assert one.polygon
        outline = np.array(one.polygon)
        assert (outline.min(axis=0) >= (one.box.x1, one.box.y1)).all()
        assert (outline.max(axis=0) <= (one.box.x2, one.box.y2)).all()
        # on the outline itself some query's mask is about 0, as PostProcess scales masks: bilinear, to the image's size
        columns, rows = (outline - 0.5).round().astype(int).clip(0, (SHAPES[0][1] - 1, SHAPES[0][0] - 1)).T
        inner = (columns > one.box.x1 + 2) & (columns < one.box.x2 - 2) & (rows > one.box.y1 + 2)
        inner &= rows < one.box.y2 - 2
        scaled = (cv2.resize(mask, SHAPES[0][::-1], interpolation=cv2.INTER_LINEAR) for mask in masks)
        assert min(np.abs(mask[rows, columns][inner]).max(initial=0) / np.abs(mask).max() for mask in scaled) < 0.1


def test_rf_detr_of_other_ids_is_read_as_the_owner_says(tmp_path: Path) -> None:
    write(tmp_path / "mine.onnx", 4)
    description_file = tmp_path / "mine.toml"
    description_file.write_text('family = "rf-detr"\nlabels = ["ant", "bee"]\n[output]\nclass_ids = [3, 1]\n')
    assert load(tmp_path).card.output["class_ids"] == [3, 1]
    description_file.write_text('family = "rf-detr"\nlabels = ["ant"]\n[output]\nclass_ids = [1, 1]\n')
    with pytest.raises(ModelError, match=r"`\[output\] class_ids` is \[1, 1\], and a list with the network's id"):
        load(tmp_path)


def softmax_rule(boxes: NDArray[Any], logits: NDArray[Any], shape: tuple[int, int]) -> tuple[Any, ...]:
    shares = np.exp(logits.astype(np.float64))
    shares = (shares / shares.sum(axis=1, keepdims=True))[:, :-1]
    (kept,) = (shares.max(axis=1) >= OPTIONS.confidence).nonzero()
    return to_corners(boxes[kept], shape), shares.max(axis=1)[kept], shares.argmax(axis=1)[kept]


@pytest.mark.parametrize(("activation", "classes"), [("sigmoid", 3), ("softmax", 4)])
def test_transformers_is_read_as_the_owner_says(
    tmp_path: Path, photographs: dict[str, Path], activation: str, classes: int
) -> None:
    write(tmp_path / "mine.onnx", classes, names=("pred_boxes", "logits"), batch=True)
    (tmp_path / "mine.names").write_text("\n".join(LABELS) + "\n")
    with pytest.raises(ModelError, match=r'Write into mine.toml beside it:\n *family = "transformers"\n *\[input\]'):
        load(tmp_path)
    (tmp_path / "mine.toml").write_text(
        'family = "transformers"\n[input]\nsampling = "bilinear"\nmean = [0.485, 0.456, 0.406]\n'
        f'std = [0.229, 0.224, 0.225]\n[output]\nactivation = "{activation}"\n'
    )
    model = load(tmp_path)
    assert model.card.input.sampling is Sampling.BILINEAR
    for shape in SHAPES:
        image = photograph(photographs["dog"], shape)
        outputs = run_onnx(tmp_path / "mine.onnx", input=network_input(image))
        boxes, logits = outputs["pred_boxes"][0], outputs["logits"][0]
        is_softmax = activation == "softmax"
        expected = softmax_rule(boxes, logits, shape) if is_softmax else by_sigmoid(boxes, logits, shape, [0, 1, 2])
        assert_same(model.run(image, OPTIONS).detections, *expected)


def test_transformers_needs_its_activation(tmp_path: Path) -> None:
    write(tmp_path / "mine.onnx", 3, names=("pred_boxes", "logits"))
    (tmp_path / "mine.toml").write_text('family = "transformers"\n')
    with pytest.raises(ModelError, match=r'`\[output\] activation` is not there, and "sigmoid" or "softmax" is expect'):
        load(tmp_path)
