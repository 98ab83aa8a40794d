"""What is spoilt on purpose is what the benchmark says, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from api.training.dataset import Dataset, read_dataset
from api.training.split import is_validation
from benchmarks.label_errors import COPIES, Spoilt, spoil
from harness.labelled_photographs import LABELS, draw, write_photographs

EACH = 60


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_photographs(tmp_path_factory.mktemp("data"), EACH)


@pytest.fixture(scope="module")
def spoilt(data: Path) -> Spoilt:
    return spoil(data, np.random.default_rng(0))


@pytest.fixture(scope="module")
def dataset(data: Path, spoilt: Spoilt) -> Dataset:
    return read_dataset(data)


def test_as_many_labels_are_wrong_as_there_should_be(spoilt: Spoilt, dataset: Dataset):
    assert len(dataset.photographs) == EACH * len(LABELS)
    assert len(spoilt.wrong) == round(0.05 * EACH * len(LABELS))
    assert {one.name for one in dataset.photographs if "-" in one.name} == spoilt.wrong
    for name in spoilt.wrong:
        label, file = name.split("/")
        was, number = file.removesuffix(".png").split("-")
        assert was != label
        assert was in LABELS
        assert number.isdecimal()


def test_each_copy_is_asked_about_and_its_source_learnt_from(spoilt: Spoilt, dataset: Dataset):
    asked = is_validation(np.array([one.label for one in dataset.photographs]))
    names = [{one.name for one, is_asked in zip(dataset.photographs, asked, strict=True) if is_asked == side}
             for side in (False, True)]  # fmt: skip
    assert len(spoilt.copies) == COPIES
    for pair in spoilt.copies:
        assert all(len(pair & side) == 1 for side in names)
        assert not pair & spoilt.wrong


def test_every_other_photograph_is_as_it_was(data: Path, spoilt: Spoilt, dataset: Dataset):
    touched = spoilt.wrong.union(*spoilt.copies)
    for one in dataset.photographs:
        if one.name not in touched:
            was = draw(dataset.labels[one.label], int(one.path.stem))
            assert np.array_equal(np.asarray(Image.open(one.path)), np.asarray(was))
