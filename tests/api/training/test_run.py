"""What a training leaves behind is read as it was written."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from api.training.dataset import Refused
from api.training.errors import TrainingError
from api.training.run import CurvePoint, Epoch, RangeTest, Run

RUN = Run(
    name="mine",
    task="classification",
    data=Path("/data/größe"),
    made="2026-11-27",
    command="make train DATA=/data/größe NAME=mine",
    machine="2 cores",
    backbone="mobilenet_v2",
    labels=("a", "ü"),
    seed=3,
    image_size=(64, 64),
    seconds=1.5,
    epochs=(Epoch(phase="all", number=1, learning_rate=1e-3, loss=0.5, validation_loss=0.4, validation_accuracy=0.9),),
    range_test=RangeTest(learning_rates=(1e-5, 1e-4), losses=(1.0, 0.9), chosen=1e-4),
    temperature=1.2,
    learning_curve=(CurvePoint(photographs=4, accuracy=0.5),),
    refused=(Refused("a/x.jpg", "It is empty."),),
    photographs=("a/1.jpg", "ü/2.jpg", "ü/3.jpg"),
    label=np.array([0, 1, 1]),
    is_validation=np.array([False, True, True]),
    logits=np.array([[2, 1], [0, 1], [1, 0]], np.float32),
    out_of_fold=np.full((3, 2), 0.5, np.float32),
    features=np.ones((3, 4), np.float16),
    thumbnail=np.arange(3 * 256, dtype=np.uint8).reshape(3, 16, 16),
)


def test_reads_what_it_has_written(tmp_path: Path):
    RUN.save(tmp_path / "mine.training")
    read = Run.load(tmp_path / "mine.training")
    for field in fields(Run):
        one, other = getattr(RUN, field.name), getattr(read, field.name)
        assert np.array_equal(one, other) and one.dtype == other.dtype if hasattr(one, "dtype") else one == other


def test_accuracy_is_that_of_the_photographs_held_out():
    assert RUN.accuracy == 0.5


@pytest.mark.parametrize("spoil", [b"", b"{}", b"\xff"])
def test_says_what_to_do_without_it_or_if_it_is_broken(tmp_path: Path, spoil: bytes):
    with pytest.raises(TrainingError, match="make train is first"):
        Run.load(tmp_path)
    RUN.save(tmp_path)
    (tmp_path / "run.json").write_bytes(spoil)
    with pytest.raises(TrainingError, match="train again"):
        Run.load(tmp_path)


def test_reads_no_pickle(tmp_path: Path):
    RUN.save(tmp_path)
    np.savez(tmp_path / "predictions.npz", label=np.array([{}], object))
    with pytest.raises(TrainingError, match="train again"):
        Run.load(tmp_path)
