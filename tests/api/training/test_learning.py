"""The parts of learning, each against what is known of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from torch.nn import functional as F

from api.models.torchvision.safetensors import read_with_metadata, write_safetensors
from api.training.augment import augment
from api.training.calibrate import find_temperature, log_softmax
from api.training.frozen import learn_heads
from api.training.head import fit_head, label_weights
from api.training.run import Epoch, RangeTest
from api.training.schedule import CHOICES, one_cycle, run_range_test
from api.training.split import is_validation
from api.training.state import State, StateFile

CHANCE = np.random.default_rng(0)
LABELS = np.repeat(np.arange(3), 60)
CENTRES = CHANCE.normal(0, 1, (3, 30))
FEATURES = torch.from_numpy(CENTRES[LABELS] + CHANCE.normal(0, 1, (180, 30))).float()


def test_head_tells_features_apart_and_learns_the_same_each_time():
    labels = torch.from_numpy(LABELS)
    one, other = (fit_head(FEATURES, labels, torch.ones(3)) for _ in range(2))
    assert (one(FEATURES).argmax(1) == labels).float().mean() > 0.98
    assert torch.equal(one.weight, other.weight)


def test_rare_labels_count_more_and_a_photograph_one_on_average():
    labels = torch.tensor([0] * 90 + [1] * 10)
    weights = label_weights(labels, 2)
    assert weights[1] / weights[0] == pytest.approx(3)
    assert weights[labels].mean() == pytest.approx(1)


def test_what_is_out_of_fold_is_not_by_heart():
    noise = torch.from_numpy(CHANCE.normal(0, 1, (180, 30))).float()
    labels = torch.from_numpy(CHANCE.permutation(LABELS))
    heads = learn_heads(noise, labels, is_validation(labels.numpy()), 3, 0)
    assert (fit_head(noise, labels, torch.ones(3))(noise).argmax(1) == labels).float().mean() > 0.5
    assert (heads.out_of_fold.argmax(1) == labels.numpy()).mean() < 0.5
    assert np.allclose(heads.out_of_fold.sum(1), 1, atol=1e-5)


def test_learning_curve_grows_to_all_photographs():
    heads = learn_heads(FEATURES, torch.from_numpy(LABELS), is_validation(LABELS), 3, 0)
    assert [point.photographs for point in heads.learning_curve][-1] == 144
    assert heads.learning_curve[0].photographs < 20
    assert heads.learning_curve[-1].accuracy == heads.epochs[-1].validation_accuracy


@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_temperature_undoes_what_makes_scores_too_sure(scale: float):
    logits = CHANCE.normal(0, 2, (5000, 3))
    chances = np.exp(log_softmax(logits))
    labels = (CHANCE.random((5000, 1)) > chances.cumsum(1)).sum(1)
    assert find_temperature((scale * logits).astype(np.float32), labels) == pytest.approx(scale, rel=0.1)


def test_a_few_photographs_that_all_are_right_give_no_endless_certainty():
    logits = 4 * np.eye(2, dtype=np.float32)[[0, 1, 0, 1]]
    assert 0.7 < find_temperature(logits, np.array([0, 1, 0, 1])) <= 1


def test_rate_rises_to_its_highest_once_and_falls_to_nearly_nothing():
    rates = np.array([one_cycle(step, 100, 1e-3) for step in range(100)])
    peak = int(rates.argmax())
    assert rates[peak] == pytest.approx(1e-3)
    assert (np.diff(rates[: peak + 1]) > 0).all()
    assert (np.diff(rates[peak:]) < 0).all()
    assert rates[-1] < 1e-6
    assert one_cycle(0, 1, 1e-3) > 0


def test_range_test_chooses_below_where_the_loss_begins_to_grow():
    found = run_range_test(lambda _, rate: 1 - 100 * min(rate, 4e-3) + max(0.0, rate - 4e-3) * 300)
    assert 4e-4 < found.chosen < 2e-3
    assert len(found.losses) == len(found.learning_rates)
    assert CHOICES[0] <= run_range_test(lambda _, rate: float("nan")).chosen <= CHOICES[1]


def test_augmented_pictures_differ_and_only_mirrors_mirror():
    torch.manual_seed(0)
    ramp = torch.linspace(0, 1, 64).expand(32, 3, 64, 64)
    kept, mirrored = (augment(ramp, mirrors=mirrors) for mirrors in (False, True))
    assert kept.shape == ramp.shape
    assert len({round(float(one.mean()), 4) for one in kept}) > 25
    to_the_right = [(one[..., 40:].mean((1, 2, 3)) > one[..., :24].mean((1, 2, 3))) for one in (kept, mirrored)]
    assert to_the_right[0].all()
    assert 8 < int(to_the_right[1].sum()) < 24


def test_state_is_read_as_it_was_written_and_only_by_the_same_training(tmp_path: Path):
    network = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    optimizer = torch.optim.AdamW(network.parameters())
    F.cross_entropy(network(torch.ones(4, 3)), torch.tensor([0, 1, 0, 1])).backward()
    optimizer.step()
    state = State(
        range_test=RangeTest(learning_rates=(1e-4,), losses=(1.0,), chosen=1e-4),
        epochs=(
            Epoch(phase="all", number=1, learning_rate=1.0, loss=1.0, validation_loss=1.0, validation_accuracy=1.0),
        ),
        best_loss=0.25,
        seconds=3.0,
        step=7,
        network=network.state_dict(),
        best={"a.b": torch.ones(2)},
        optimizer=optimizer.state_dict()["state"],
    )
    file = StateFile(tmp_path / "state.safetensors", "key")
    file.save(state)
    read = file.load()
    assert read is not None
    assert (read.range_test, read.epochs, read.step, read.best_loss) == (state.range_test, state.epochs, 7, 0.25)
    for one, other in ((read.network, state.network), (read.best, state.best), *zip(
        read.optimizer.values(), state.optimizer.values(), strict=True
    )):  # fmt: skip
        assert all(torch.equal(one[name], other[name]) for name in other)
        assert one.keys() == other.keys()
    assert replace(file, key="other").load() is None
    file.path.write_bytes(file.path.read_bytes()[:-1])
    assert file.load() is None


def test_the_library_reads_what_we_write(tmp_path: Path):
    tensors = {
        "a": torch.arange(6).reshape(2, 3).float(),
        "ü": torch.tensor(3),
        "e": torch.ones(0, 2),
        "h": torch.ones(3).half(),
    }
    write_safetensors(tmp_path / "x.safetensors", tensors, {"format": "pt"})
    for read in (
        safetensors.torch.load_file(tmp_path / "x.safetensors"),
        read_with_metadata(tmp_path / "x.safetensors")[0],
    ):
        assert read.keys() == tensors.keys()
        assert all(torch.equal(read[name], tensors[name]) for name in tensors)
