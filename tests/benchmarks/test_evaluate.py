"""benchmarks/evaluate_*.py: measures on small data whose answer one can work out on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from api.models.card import Fit, InputSpec, ModelCard, Sampling
from api.models.model import Model, make_model
from api.tasks.registry import TASKS
from api.training.run import training_folder
from benchmarks import evaluate_classification, evaluate_segmentation
from benchmarks.datasets import DatasetError
from benchmarks.evaluate import EVALUATIONS
from benchmarks.evaluate_classification import Hits, read_learnt, read_photographs
from benchmarks.evaluate_segmentation import class_overlaps, find_pairs, pixel_accuracy
from tests.api.training.test_run import RUN

COLOURS = {"red": (255, 0, 0), "dark green": (0, 128, 0), "blue": (0, 0, 255)}
SIZE = (40, 20)  # width, height


@dataclass(frozen=True)
class Passing:
    """An engine whose outputs are the input's red, green and blue: of each pixel, or on the whole."""

    by_pixel: bool
    precision: str = "float32"
    description: str = "nothing is computed"

    def warm_up(self, sizes: Sequence[tuple[int, int]]) -> None:
        pass

    def __call__(self, x: NDArray[np.float32]) -> Mapping[str, NDArray[np.float32]]:
        return {"out": x if self.by_pixel else x.mean(axis=(2, 3))}


def make(task: str, family: str, **output: str) -> Model:
    spec = InputSpec(size=SIZE[::-1], resize=Fit.STRETCH, sampling=Sampling.ANTIALIAS)
    card = ModelCard(
        name="colours", task=task, family=family, labels=tuple(COLOURS), input=spec, source_format="stub", output=output
    )
    return make_model(card, Passing(by_pixel=task == "segmentation"))


@pytest.fixture
def classifier() -> Model:
    return make("classification", "classifier", activation="softmax")


@pytest.fixture
def segmenter() -> Model:
    return make("segmentation", "segmenter", name="out", layout="nchw")


def save(path: Path, colour: tuple[int, int, int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", SIZE, colour).save(path)


def test_every_task_can_be_evaluated():
    assert set(EVALUATIONS) == set(TASKS)


def test_classifier_hits(classifier: Model, tmp_path: Path):
    for name in ("a.png", "b.PNG", "c.png"):
        save(tmp_path / "red" / name, COLOURS["red"])
    save(tmp_path / "red" / "d.png", COLOURS["blue"])
    save(tmp_path / "dark_green" / "a.png", COLOURS["dark green"])
    save(tmp_path / "2" / "a.png", COLOURS["red"])
    (tmp_path / "red" / "notes.txt").touch()
    photographs = read_photographs(tmp_path, classifier.card.labels)
    hits = evaluate_classification.evaluate(evaluate_classification.ranks(classifier), photographs, "colours")
    assert hits == {2: Hits(1, 0, 1), 1: Hits(1, 1, 1), 0: Hits(4, 3, 4)}
    assert evaluate_classification.format_hits("label", {"red": hits[0]}).endswith("| red | 4 | 0.750 | 1.000 |\n")


@pytest.mark.parametrize(
    ("file", "said"), [("yellow/a.png", "named after no label"), ("a.png", "no folder"), ("red/a.txt", "no folder")]
)
def test_folder_without_photographs_of_labels_is_refused(file: str, said: str, tmp_path: Path):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).touch()
    with pytest.raises(DatasetError, match=said):
        read_photographs(tmp_path, tuple(COLOURS))


def test_leaves_out_what_a_model_has_learnt_from_and_what_was_thrown_away(tmp_path: Path):
    data, weights = tmp_path / "data", tmp_path / "weights"
    names = [f"{label}/{number}.png" for label in ("blue", "red") for number in range(3)]
    for name in (*names, ".trash/red/9.png"):
        save(data / name, (0, 0, 0))
    run = replace(
        RUN, data=data, photographs=tuple(names), is_validation=np.array([number % 3 == 1 for number in range(6)])
    )
    run.save(training_folder("mine", weights))
    left = read_photographs(data, tuple(COLOURS), read_learnt("mine", weights, data))
    assert left == {2: [data / "blue" / "1.png"], 0: [data / "red" / "1.png"]}
    assert not read_learnt("mine", weights, tmp_path)
    assert not read_learnt("another", weights, data)


def save_mask(path: Path, mask: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(mask).save(path)


def test_segmenter_measures(segmenter: Model, tmp_path: Path):
    """Of 1600 pixels, all found red in one photograph and blue in the other: 100 are not counted, 300 are wrong."""
    save(tmp_path / "images" / "a.png", COLOURS["red"])
    save(tmp_path / "images" / "b.png", COLOURS["blue"])
    first, second = np.zeros((20, 40), np.uint8), np.full((20, 40), 2, np.uint8)
    first[:5, :20], first[5:10, :40] = 255, 1
    second[:5, :20] = 0
    save_mask(tmp_path / "masks" / "a.png", first)
    save_mask(tmp_path / "masks" / "b.png", second)
    confusion = evaluate_segmentation.evaluate(
        evaluate_segmentation.maps(segmenter), find_pairs(tmp_path), len(COLOURS), "colours"
    )
    assert confusion.tolist() == [[500, 0, 100], [200, 0, 0], [0, 0, 700]]
    assert pixel_accuracy(confusion) == pytest.approx(1200 / 1500)
    assert class_overlaps(confusion) == pytest.approx({0: 500 / 800, 1: 0, 2: 700 / 800})


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (np.zeros((10, 40), np.uint8), "40 x 20 pixels: it is of mode L, and 40 x 10"),
        (np.zeros((20, 40, 3), np.uint8), "it is of mode RGB"),
        (np.full((20, 40), 3, np.uint8), "has the value 3, and the model's class ids are 0 to 2"),
    ],
)
def test_wrong_mask_is_refused(segmenter: Model, mask: NDArray[np.uint8], said: str, tmp_path: Path):
    save(tmp_path / "images" / "a.png", COLOURS["red"])
    save_mask(tmp_path / "masks" / "a.png", mask)
    with pytest.raises(DatasetError, match=said):
        evaluate_segmentation.evaluate(
            evaluate_segmentation.maps(segmenter), find_pairs(tmp_path), len(COLOURS), "colours"
        )


def test_missing_masks_are_named(tmp_path: Path):
    with pytest.raises(DatasetError, match="holds no images/"):
        find_pairs(tmp_path)
    save(tmp_path / "images" / "a.png", COLOURS["red"])
    with pytest.raises(DatasetError, match=r"masks lacks 1 masks, the first is a\.png"):
        find_pairs(tmp_path)
