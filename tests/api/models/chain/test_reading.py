"""A chain that reads: text in a box, in pixels of the whole photograph. And no reader is a gate."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.chain.assemble import assemble
from api.models.chain.chain import Chain, cut_out
from api.models.chain.file import chain_file, read_chain_file
from api.models.errors import ModelError
from api.models.load import load_model
from api.models.model import Model
from api.models.options import Precision, RunOptions
from api.tasks.detection.task import DETECTION
from api.tasks.detection.types import DetectionOptions
from api.tasks.reading.types import ReadingOptions
from harness.real_models import real_model
from tests.api.models.reading.pages import draw_page

CHAIN = """task = "detection"
[[step]]
run = "yolov3-tiny"
keep = ["car"]
[[step]]
run = "read"
crop = { margin = 0.1, at_most = 1 }
attach = "text"
"""
WORDS, PLATE = "PAGE 42", (520, 110)  # where its left upper corner is


@pytest.fixture(scope="module")
def reader() -> Model:
    return load_model("read", real_model("read"), RunOptions(precision=Precision.FP32))


@pytest.fixture(scope="module")
def chain(model: Model, reader: Model, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    path = chain_file("street", tmp_path_factory.mktemp("weights"))
    path.write_text(CHAIN)
    return assemble("street", read_chain_file(path), [model, reader])


@pytest.fixture(scope="module")
def lettered(dog: bytes) -> np.ndarray:
    """The dog's photograph, whose car has words on it."""
    pixels = decode_image(dog, orientation=None, limits=ImageLimits()).pixels.copy()
    plate = draw_page((WORDS,), letters=24, size=(90, 190))[36:76, 30:170]
    pixels[PLATE[1] : PLATE[1] + plate.shape[0], PLATE[0] : PLATE[0] + plate.shape[1]] = plate
    return pixels


def test_what_stands_on_a_thing_is_read(chain: Chain, reader: Model, lettered: np.ndarray) -> None:
    result = chain.run(lettered, DetectionOptions())
    (car, *_) = result.detections
    (attribute,) = car.attributes
    size = lettered.shape[:2]
    left, top, right, bottom = cut_out(car.box, 0.1, size, size)
    alone = reader.run(np.ascontiguousarray(lettered[top:bottom, left:right]), ReadingOptions()).lines
    assert [replace(line, polygon=()) for line in attribute.result.lines] == [
        replace(line, polygon=()) for line in alone
    ]
    for line, own in zip(attribute.result.lines, alone, strict=True):
        np.testing.assert_allclose(np.subtract(line.polygon, (left, top)), own.polygon)
    told = DETECTION.to_json(result, DetectionOptions())["detections"][0]["attributes"]["text"]
    assert (told["task"], told["model"]) == ("reading", "read")
    assert WORDS in told["text"]
    line = next(line for line in told["lines"] if WORDS in line["text"])
    assert line["polygon"][0] == pytest.approx((PLATE[0] + 10, PLATE[1] + 4), abs=14)
    assert f"text: {told['text']}" in DETECTION.to_text(result)


@pytest.mark.parametrize(("label", "texts"), [("car", [WORDS]), ("pizza", [])])
def test_a_chain_can_end_in_a_reader(
    model: Model, reader: Model, lettered: np.ndarray, tmp_path: Path, label: str, texts: list[str]
) -> None:
    gate = f'[[step]]\nrun = "yolov3-tiny"\npass = ["{label}"]\nat_least = 0.3\n'
    chain_file("page", tmp_path).write_text('task = "reading"\n' + gate + '[[step]]\nrun = "read"\n')
    chain = assemble("page", read_chain_file(chain_file("page", tmp_path)), [model, reader])
    answer = chain.answer(lettered, ReadingOptions(), [lettered.shape[:2]])
    assert [line.text for line in answer.results[0].lines if line.text == WORDS] == texts
    assert bool(answer.stopped) == (label == "pizza")


def test_a_reader_cannot_be_a_gate(model: Model, reader: Model, tmp_path: Path) -> None:
    gate = '[[step]]\nrun = "read"\npass = ["STOP"]\nat_least = 0.5\n'
    chain_file("broken", tmp_path).write_text('task = "detection"\n' + gate + '[[step]]\nrun = "yolov3-tiny"\n')
    with pytest.raises(ModelError, match="broken.chain.toml, step 1: read cannot be a gate, because reading finds no"):
        assemble("broken", read_chain_file(chain_file("broken", tmp_path)), [reader, model])
