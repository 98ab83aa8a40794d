"""A chain at work: who looks at what, how often, and that each says what it says alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.chain.assemble import assemble
from api.models.chain.chain import Chain, cut_out
from api.models.chain.file import chain_file, read_chain_file
from api.models.engines.cores import Cores
from api.models.load import load_model, model_loader
from api.models.model import Model
from api.models.options import Precision, RunOptions
from api.tasks.chaining import Stopped
from api.tasks.classification.types import ClassificationOptions
from api.tasks.detection.task import DETECTION
from api.tasks.detection.types import Box, DetectionOptions
from api.tasks.part import Part
from harness.small_chains import write_small_models

EXACT = RunOptions(precision=Precision.FP32)
RED_GATE = '[[step]]\nrun = "colour"\npass = ["red"]\nat_least = 0.5\notherwise = "This is not red."\n'
DETECTOR = '[[step]]\nrun = "yolov3-tiny"\n'
CROP = '[[step]]\nrun = "colour"\ncrop = { margin = 0.2, at_most = 2 }\nattach = "colour"\n'
ALL = DetectionOptions(confidence=0.1)

Make = Callable[..., Chain]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    write_small_models(folder)
    return folder


@pytest.fixture(scope="module")
def colour(small: Path) -> Model:
    return load_model("colour", small, EXACT)


@pytest.fixture
def make(model: Model, colour: Model, tmp_path: Path) -> Make:
    """Make a chain of yolov3-tiny and the small classifier, or of other models."""
    usual = {"yolov3-tiny": model, "colour": colour}

    def make(*steps: str, task: str = "detection", **others: Model) -> Chain:
        chain_file("street", tmp_path).write_text(f'task = "{task}"\n' + "".join(steps))
        read = read_chain_file(chain_file("street", tmp_path))
        return assemble("street", read, [(usual | others)[step.run] for step in read.steps])

    return make


@pytest.fixture(scope="module")
def dog_pixels(dog: bytes) -> np.ndarray:
    return decode_image(dog, orientation=None, limits=ImageLimits()).pixels


def plain(red: int, green: int, blue: int) -> np.ndarray:
    return np.full((60, 80, 3), (red, green, blue), np.uint8)


class Counted:
    """An engine that counts what it is asked."""

    def __init__(self, model: Any) -> None:
        self.runs = 0
        self._engine = model.engine
        self.model = replace(model, engine=self)

    def __call__(self, x: np.ndarray) -> Any:
        self.runs += 1
        return self._engine(x)


def test_a_gate_stops_an_image_with_its_reason(make: Make, model: Model) -> None:
    detector = Counted(model)
    answer = make(RED_GATE, DETECTOR, **{"yolov3-tiny": detector.model}).answer(plain(0, 200, 0), ALL, [(60, 80)])
    assert answer.stopped == Stopped("colour", "This is not red.")
    assert [result.detections for result in answer.results] == [[]]
    assert [(step.model, step.runs) for step in answer.steps] == [("colour", 1)]
    assert detector.runs == 0


def test_a_gate_without_words_says_what_it_looked_for(make: Make) -> None:
    gate = RED_GATE.replace('otherwise = "This is not red."\n', "").replace('["red"]', '["red", "green"]')
    answer = make(gate, DETECTOR).answer(plain(0, 0, 200), ALL, [(60, 80)])
    assert answer.stopped == Stopped("colour", "colour finds none of these: red, green.")


def test_one_label_must_reach_the_score_alone(make: Make) -> None:
    gate = RED_GATE.replace('["red"]', '["red", "green"]')  # of grey, each colour has a third
    assert make(gate, DETECTOR).answer(plain(90, 90, 90), ALL, [(60, 80)]).stopped
    assert not make(gate.replace("0.5", "0.3"), DETECTOR).answer(plain(90, 90, 90), ALL, [(60, 80)]).stopped


@pytest.mark.parametrize(("label", "stops"), [("dog", False), ("pizza", True)])
def test_a_detector_can_be_a_gate(make: Make, dog_pixels: np.ndarray, label: str, stops: bool) -> None:
    gate = f'[[step]]\nrun = "yolov3-tiny"\npass = ["{label}"]\nat_least = 0.3\n'
    answer = make(gate, '[[step]]\nrun = "colour"\n', task="classification").answer(
        dog_pixels, ClassificationOptions(top=2), [dog_pixels.shape[:2]]
    )
    assert bool(answer.stopped) == stops
    assert len(answer.results[0].classes) == (0 if stops else 2)


def test_what_passes_is_answered_as_by_the_model_alone(make: Make, model: Model, dog_pixels: np.ndarray) -> None:
    gate = RED_GATE.replace("0.5", "0.01")
    assert make(gate, DETECTOR).run(dog_pixels, ALL) == model.run(dog_pixels, ALL)


def test_only_kept_labels_count_towards_the_most(make: Make, model: Model, dog_pixels: np.ndarray) -> None:
    options = replace(ALL, max_detections=1)
    assert [one.label for one in model.run(dog_pixels, options).detections] == ["car"]
    kept = make(DETECTOR + 'keep = ["dog", "bicycle"]\n')
    alone = [one for one in model.run(dog_pixels, ALL).detections if one.label in ("dog", "bicycle")]
    assert kept.run(dog_pixels, options).detections == alone[:1]
    assert kept.run(dog_pixels, ALL).detections == alone


def test_kept_labels_hold_for_candidates_too(make: Make, dog_pixels: np.ndarray) -> None:
    found = make(DETECTOR + 'keep = ["dog"]\n').run(dog_pixels, replace(ALL, candidates=True))
    assert {one.label for one in found.candidates} == {"dog"}


def test_a_model_says_of_a_box_what_it_says_of_the_crop_alone(
    make: Make, model: Model, colour: Model, dog_pixels: np.ndarray
) -> None:
    found = make(DETECTOR, CROP).run(dog_pixels, ALL)
    alone = model.run(dog_pixels, ALL)
    assert [replace(one, attributes=()) for one in found.detections] == alone.detections
    size = dog_pixels.shape[:2]
    for one in found.detections[:2]:
        left, top, right, bottom = cut_out(one.box, 0.2, size, size)
        crop = np.ascontiguousarray(dog_pixels[top:bottom, left:right])
        (attribute,) = one.attributes
        assert (attribute.name, attribute.model, attribute.task.name) == ("colour", "colour", "classification")
        assert attribute.result == colour.run(crop, ClassificationOptions())
    assert len(found.detections) > 2
    assert not any(one.attributes for one in found.detections[2:])


def test_what_is_found_in_a_crop_is_in_pixels_of_the_whole(make: Make, model: Model, dog_pixels: np.ndarray) -> None:
    crop = CROP.replace('"colour"', '"yolov3-tiny"', 1).replace('attach = "colour"', 'attach = "parts"')
    first = make(DETECTOR, crop).run(dog_pixels, ALL).detections[0]
    size = dog_pixels.shape[:2]
    left, top, right, bottom = cut_out(first.box, 0.2, size, size)
    alone = model.run(np.ascontiguousarray(dog_pixels[top:bottom, left:right]), DetectionOptions()).detections
    moved = first.attributes[0].result.detections
    assert alone
    assert [one.box for one in moved] == [
        Box(one.box.x1 + left, one.box.y1 + top, one.box.x2 + left, one.box.y2 + top) for one in alone
    ]
    told = DETECTION.to_json(make(DETECTOR, crop).run(dog_pixels, ALL), ALL)["detections"][0]["attributes"]["parts"]
    assert (told["task"], told["model"]) == ("detection", "yolov3-tiny")
    assert told["detections"][0]["box"]["x1"] == round(moved[0].box.x1, 3)


def test_each_model_looks_once_at_an_image_and_at_a_crop(
    make: Make, model: Model, colour: Model, dog_pixels: np.ndarray
) -> None:
    detector, gate = Counted(model), Counted(colour)
    chain = make(
        RED_GATE.replace("0.5", "0.01"), DETECTOR, CROP, **{"yolov3-tiny": detector.model, "colour": gate.model}
    )
    answer = chain.answer(dog_pixels, ALL, [dog_pixels.shape[:2], (288, 384)])
    assert (detector.runs, gate.runs) == (1, 1 + 2)
    assert [(step.model, step.runs) for step in answer.steps] == [("colour", 1), ("yolov3-tiny", 1), ("colour", 2)]


def test_a_frame_of_a_video_is_answered_in_both_sizes(make: Make, dog_pixels: np.ndarray) -> None:
    height, width = dog_pixels.shape[:2]
    whole, small = make(DETECTOR, CROP).run_for(dog_pixels, ALL, [(2 * height, 2 * width), (height, width)])
    assert len(whole.detections) == len(small.detections)
    for large, one in zip(whole.detections, small.detections, strict=True):
        assert large.attributes == one.attributes
        assert (large.box.x1, large.box.y2) == pytest.approx((2 * one.box.x1, 2 * one.box.y2))


def test_nothing_to_cut_out_is_no_run(make: Make) -> None:
    answer = make(DETECTOR, CROP).answer(plain(90, 90, 90), DetectionOptions(), [(60, 80)])
    assert answer.results[0].detections == []
    assert answer.steps[1].runs == 0


def test_boxes_are_cut_out_of_all_pixels(make: Make, model: Model, colour: Model) -> None:
    assert make(DETECTOR, CROP).enough_side() is None
    assert make(RED_GATE, DETECTOR).enough_side() == max(model.enough_side() or 0, colour.enough_side() or 0)


def test_an_answer_is_explained_by_the_model_that_gave_it(make: Make, colour: Model) -> None:
    chain = make('[[step]]\nrun = "colour"\n', task="classification")
    image = plain(200, 0, 0)
    result = chain.run(image, ClassificationOptions(explain=True))
    explained = chain.explain(image, result).explanation
    assert (explained.drops == colour.explain(image, result).explanation.drops).all()


def test_chains_share_their_models_with_all_others(small: Path, tmp_path: Path) -> None:
    for path in small.iterdir():
        if path.is_file():
            (tmp_path / path.name).symlink_to(path)
    chain_file("one", tmp_path).write_text('task = "detection"\n' + RED_GATE + '[[step]]\nrun = "ants"\n')
    chain_file("two", tmp_path).write_text('task = "detection"\n[[step]]\nrun = "one"\n' + CROP)
    load = model_loader(tmp_path, replace(EXACT, converted_dir=small / "converted"), Cores(2, 2))
    two, colour, one = load("two"), load("colour"), load("one")
    assert two.main is one
    assert (two.crops[0].model, one.gates[0].model) == (colour, colour)
    for loaded in (two, one, colour):
        loaded.complete()  # a second time is no harm
    stopped = two.answer(plain(0, 0, 200), ALL, [(60, 80)])
    assert stopped.stopped == Stopped("colour", "This is not red.")
    assert [step.model for step in stopped.steps] == ["one", "colour"]


SIDES = st.integers(1, 300)


@given(SIDES, SIDES, st.integers(1, 3), st.floats(0, 2), st.tuples(*(st.floats(0, 1) for _ in range(4))))
def test_a_crop_has_a_pixel_and_lies_in_the_image(
    height: int, width: int, times: int, margin: float, edges: tuple[float, ...]
) -> None:
    (x1, x2), (y1, y2) = sorted(edges[:2]), sorted(edges[2:])
    whole = (times * height, times * width)
    box = Box(x1 * whole[1], y1 * whole[0], x2 * whole[1], y2 * whole[0])
    left, top, right, bottom = cut_out(box, margin, (height, width), whole)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    corner = Part.cut(left, top, (height, width), whole).point(0, 0)
    assert corner[0] <= box.x1 or left == width - 1
    assert corner[1] <= box.y1 or top == height - 1
