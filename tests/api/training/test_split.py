"""The split: by label, the same each time, and nobody left out."""

import numpy as np
import pytest

from api.training.split import folds, is_validation

LABELS = np.repeat(np.arange(4), (5, 10, 100, 2))


def test_holds_out_a_fifth_of_each_label_and_leaves_some_to_learn_from():
    held_out = is_validation(LABELS)
    assert np.bincount(LABELS[held_out]).tolist() == [1, 2, 20, 1]


def test_is_the_same_each_time_and_another_with_another_seed():
    assert np.array_equal(is_validation(LABELS), is_validation(LABELS))
    assert not np.array_equal(is_validation(LABELS), is_validation(LABELS, seed=1))


def test_a_label_is_split_alike_whatever_other_labels_there_are():
    shifted = np.concatenate([LABELS, np.full(30, 9)])
    assert np.array_equal(is_validation(shifted)[: len(LABELS)], is_validation(LABELS))


@pytest.mark.parametrize("count", [2, 5])
def test_every_fold_has_its_share_of_each_label(count: int):
    fold = folds(LABELS, count)
    sizes = np.array([np.bincount(fold[np.equal(LABELS, label)], minlength=count) for label in range(4)])
    assert sizes.sum() == len(LABELS)
    assert (sizes.max(1) - sizes.min(1) <= 1).all()
