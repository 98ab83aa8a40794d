import contextlib
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from api.models.card import Fit, InputSpec, ModelCard
from api.models.load import load_model
from api.tasks.detection.types import DetectionOptions
from benchmarks.canvas import Gain, advise, fitted, measure_gain

CARD = ModelCard(
    name="mine", task="detection", family="darknet", labels=("ant",), input=InputSpec(size=(32, 32)),
    source_format="Darknet", reasons={"input.resize": "of the weights' version"},
)  # fmt: skip
STRETCHED = replace(CARD, input=InputSpec(size=(32, 32), resize=Fit.STRETCH))


@pytest.mark.parametrize(
    ("card", "gain", "said"),
    [
        (
            CARD,
            -0.1,
            "Letterboxed, AP is 0.1000 higher (standard error 0.0200). That is how it is: mine is run letterb",
        ),
        (
            STRETCHED,
            -0.1,
            "Stretched, AP is 0.1000 higher (standard error 0.0200). That is how it is: mine is run stre",
        ),
        (CARD, 0.03, "50 photographs do not tell: stretched, AP is 0.0300 higher (standard error 0.0200). mine is run"),
        (CARD, -0.03, "50 photographs do not tell: letterboxed, AP is 0.0300 higher"),
        (CARD, 0.1, "Stretched, AP is 0.1000 higher (standard error 0.0200). But mine is run letterboxed: of the weig"),
        (CARD, 0.1, 'Write into mine.toml:\n\n[input]\nresize = "stretch"'),
        (STRETCHED, 0.1, 'Write into mine.toml:\n\n[input]\nresize = "letterbox"'),
    ],
)
def test_the_better_way_is_said(card: ModelCard, gain: float, said: str) -> None:
    assert said in advise(card, Gain(gain, error=0.02, photographs=50))


def evaluate(finds: list[bool]) -> COCOeval:
    """Evaluate a program that finds the one box in some of the photographs."""
    photographs = range(len(finds))
    box = [10.0, 10.0, 50.0, 50.0]
    truth = COCO()
    truth.dataset = {
        "info": {}, "images": [{"id": one} for one in photographs], "categories": [{"id": 1, "name": "ant"}],
        "annotations": [{"id": one + 1, "image_id": one, "category_id": 1, "bbox": box, "area": 2500.0, "iscrowd": 0}
                        for one in photographs],
    }  # fmt: skip
    found = [{"image_id": one, "category_id": 1, "bbox": box, "score": 0.5} for one in photographs if finds[one]]
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(found), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def test_the_gain_is_the_difference_of_what_coco_measures() -> None:
    own, other = evaluate([True, False] * 20), evaluate([True, True, True, False] * 10)
    gain = measure_gain(own, other)
    assert gain.photographs == 40
    assert gain.value == pytest.approx(other.stats[0] - own.stats[0])
    assert gain.value == pytest.approx(0.25, abs=0.01)
    # Each group of two neighbours gains 0 or 1 of its 2 boxes: a mean of shares with a standard error of 0.057.
    assert gain.error == pytest.approx(0.057, abs=0.01)  # AP counts in steps of a hundredth of recall


def test_one_photograph_tells_nothing() -> None:
    assert "1 photographs do not tell" in advise(CARD, measure_gain(evaluate([True]), evaluate([True])))


def test_the_same_model_runs_either_way() -> None:
    """Of noise, the published yolov3-tiny letterboxed and back again finds the same; stretched it finds others."""
    model = load_model("yolov3-tiny", Path("weights").resolve())
    noise = np.random.default_rng(3).integers(0, 255, (200, 400, 3), dtype=np.uint8)
    options = DetectionOptions(confidence=0.001)
    stretched = fitted(model, Fit.STRETCH)
    assert stretched.card.input.place((200, 400)).scaled_size == model.card.input.size
    found = [one.run(noise, options).detections for one in (model, stretched, fitted(stretched, Fit.LETTERBOX))]
    assert found[0]
    assert found[0] == found[2] != found[1]
