"""Copies are found in whatever form they come; strangers are none, even if they are alike."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from api.training.duplicates import Duplicate, near_duplicates
from api.training.run import Run
from api.training.thumbnail import thumbnail
from harness.trained_runs import make_run

Pixels = NDArray[np.uint8]


def saved_badly(picture: Pixels) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=30)
    return np.asarray(Image.open(buffer))


def scaled(picture: Pixels) -> Pixels:
    image = Image.fromarray(picture)
    return np.asarray(image.resize((image.width // 2 + 3, image.height // 2 + 1)))


FORMS: dict[str, Callable[[Pixels], Pixels]] = {
    "the same": lambda picture: picture,
    "saved badly": saved_badly,
    "scaled": scaled,
    "turned left": lambda picture: np.rot90(picture),
    "turned over": lambda picture: np.rot90(picture, 2),
    "turned right": lambda picture: np.rot90(picture, 3),
    "mirrored": lambda picture: picture[:, ::-1],
    "mirrored and turned": lambda picture: np.rot90(picture[:, ::-1]),
    "brighter": lambda picture: np.asarray(picture * 0.8 + 51, np.uint8),
    "scaled, turned and saved badly": lambda picture: saved_badly(np.rot90(scaled(picture))),
}


@pytest.fixture(scope="session")
def pictures(photographs: dict[str, Path]) -> list[Pixels]:
    return [np.asarray(Image.open(path).convert("RGB").reduce(2)) for path in photographs.values()]


def run_of(pictures: list[Pixels], is_validation: list[bool] | None = None) -> Run:
    """Return a run whose only truth is its thumbnails and its split."""
    count = len(pictures)
    shown = np.stack([thumbnail(np.ascontiguousarray(picture)) for picture in pictures])
    split = np.array(is_validation or [False] * count)
    return replace(make_run(("any",), count), thumbnail=shown, is_validation=split)


@pytest.mark.parametrize("form", FORMS)
def test_finds_a_copy(pictures: list[Pixels], form: str):
    for number, picture in enumerate(pictures):
        (pair,) = near_duplicates(run_of([*pictures, FORMS[form](picture)]))
        assert (pair.one, pair.other) == (number, len(pictures))
        assert pair.similarity > 0.95


def test_photographs_that_occur_once_are_no_copies(pictures: list[Pixels]):
    assert near_duplicates(run_of(pictures)) == ()


def test_all_copies_of_one_have_the_same_first(pictures: list[Pixels]):
    copies = [form(pictures[0]) for form in FORMS.values()]
    pairs = near_duplicates(run_of([*pictures, *copies]))
    assert {pair.one for pair in pairs} == {0}
    assert sorted(pair.other for pair in pairs) == list(range(len(pictures), len(pictures) + len(copies)))


def test_pair_begins_with_what_was_learnt_from(pictures: list[Pixels]):
    run = run_of([pictures[0], *pictures, pictures[1]], [True] + [False] * (len(pictures) + 1))
    across, inside = near_duplicates(run)
    assert (across.one, across.other, across.across_split) == (1, 0, True)
    assert (inside.one, inside.other, inside.across_split) == (2, len(pictures) + 1, False)


def test_alike_is_not_the_same():
    """Forty photographs that differ little, each as much from one as from another."""
    rng = np.random.default_rng(3)
    common = rng.integers(40, 200, (64, 64, 1))
    alike = [np.asarray(np.clip(common + rng.normal(0, 25, (64, 64, 3)), 0, 255), np.uint8) for _ in range(40)]
    assert near_duplicates(run_of(alike)) == ()
    (pair,) = near_duplicates(run_of([*alike, saved_badly(alike[9])]))
    assert (pair.one, pair.other) == (9, 40)


def test_same_pattern_of_another_contrast_is_no_copy():
    """The shadow on a dark wall is not the one on a white wall."""
    rng = np.random.default_rng(5)
    corner = np.asarray(rng.normal(0, 2, (48, 48, 1)) + np.where(np.arange(48) < 16, 20, 70)[:, None, None], np.uint8)
    white = np.asarray(np.minimum(corner.astype(int) * 3, 255), np.uint8)
    assert near_duplicates(run_of([np.repeat(picture, 3, axis=2) for picture in (corner, white)])) == ()


def test_pictures_of_nothing_are_the_same_if_they_are_as_bright():
    black = np.zeros((40, 40, 3), np.uint8)
    (pair,) = near_duplicates(run_of([black, black + 128, black + 255, black]))
    assert (pair.one, pair.other) == (0, 3)


def test_two_photographs_are_enough(pictures: list[Pixels]):
    assert near_duplicates(run_of([pictures[0], pictures[0]])) == (Duplicate(0, 1, 1.0, False),)


def test_one_photograph_has_no_copy(pictures: list[Pixels]):
    assert near_duplicates(run_of(pictures[:1])) == ()
