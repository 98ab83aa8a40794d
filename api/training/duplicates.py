"""Photographs that occur twice: copies that were coded anew, scaled, turned or mirrored.

Two thumbnails are compared as patterns, by their correlation in each of the eight ways to turn a picture. A copy's is
almost 1. Where all photographs resemble one another, as handwritten digits do, so is that of strangers: a pair that is
only very alike counts if each is much nearer to the other than to anything else (the ratio test of Lowe's SIFT, 2004,
section 7.1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.training.neighbours import Neighbours, find_neighbours
from api.training.run import Run

SAME = 0.998  # correlation from which two are one photograph, whatever else there is
ALIKE = 0.93  # and from which they may be
RATIO = 0.35  # of the distance to the partner by that to the next one, at most
CONTRASTS = 1.5  # of one by the other, at most: a dark corner is not a white one
NEIGHBOURS = 8
ROUNDS = 5  # each finds further copies of what the last one found
LEAST_CONTRAST = 3.0  # grey values; flatter pictures are also compared by how bright they are


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two photographs, by their numbers in the run, that are one; `one` is learnt from if either is."""

    one: int
    other: int
    similarity: float  # 0..1
    across_split: bool  # whether what was learnt from one was asked of the other


def near_duplicates(run: Run) -> tuple[Duplicate, ...]:
    """Return a pair for each photograph that is a copy of another: those across the split first, the most alike first.

    Of five copies of one photograph there are four pairs, each with the same first.
    """
    forms = [_patterns(turned) for turned in _all_turns(run.thumbnail)]
    neighbours = _of_like_contrast(find_neighbours(forms[0], NEIGHBOURS, forms[1:]), run.thumbnail)
    pairs = []
    for copies in _groups(neighbours):
        first, *others = sorted(copies, key=lambda number: (bool(run.is_validation[number]), number))
        for other in others:
            similarity = max(float(forms[0][first] @ form[other]) for form in forms)
            across = bool(run.is_validation[first] != run.is_validation[other])
            pairs.append(Duplicate(first, other, min(similarity, 1.0), across))
    return tuple(sorted(pairs, key=lambda pair: (not pair.across_split, -pair.similarity, pair.one, pair.other)))


def _all_turns(pictures: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Return (N, side, side) turned by 0, 90, 180 and 270 degrees, as they are and mirrored."""
    return [np.rot90(form, turn, axes=(1, 2)) for form in (pictures, pictures[:, :, ::-1]) for turn in range(4)]


def _patterns(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (N, D) of length 1, whose products are correlations: brightness and contrast say nothing.

    What a picture of nearly nothing lacks in length, its brightness makes up, as an angle in two more dimensions.
    """
    flat = pictures.reshape(len(pictures), -1).astype(np.float32)
    brightness = flat.mean(axis=1, keepdims=True)
    flat -= brightness
    least = LEAST_CONTRAST * np.sqrt(flat.shape[1])
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), least)
    missing = np.sqrt(np.maximum(1 - (flat**2).sum(axis=1, keepdims=True), 0))
    angle = brightness * (np.pi / 255)
    return np.asarray(np.hstack([flat, missing * np.cos(angle), missing * np.sin(angle)]), np.float32)


def _of_like_contrast(neighbours: Neighbours, pictures: NDArray[np.uint8]) -> Neighbours:
    """Return the neighbours with those last, and not alike at all, whose contrast is another."""
    contrast = np.maximum(pictures.std(axis=(1, 2)), LEAST_CONTRAST)
    ratio = contrast[neighbours.index] / contrast[:, None]
    similarity = np.where(np.maximum(ratio, 1 / ratio) > CONTRASTS, np.float32(-1), neighbours.similarity)
    order = np.argsort(-similarity, axis=1, kind="stable")
    return Neighbours(
        np.take_along_axis(neighbours.index, order, axis=1), np.take_along_axis(similarity, order, axis=1)
    )


def _groups(neighbours: Neighbours) -> Iterator[list[int]]:
    """Yield the numbers of the photographs that are one, two or more at a time."""
    group = np.arange(len(neighbours.index))  # each photograph's; the same number for copies
    for one, place in np.argwhere(neighbours.similarity >= SAME):
        _join(group, int(one), int(neighbours.index[one, place]))
    candidates = np.flatnonzero((neighbours.similarity >= ALIKE).any(axis=1))
    for _ in range(ROUNDS):
        before = group.copy()
        for one in candidates:
            partner = _partner(neighbours, group, int(one))
            if partner is not None:
                _join(group, int(one), partner)
        if (group == before).all():
            break
    numbers, sizes = np.unique(group, return_counts=True)
    for number in numbers[sizes > 1]:
        yield np.flatnonzero(group == number).tolist()


def _join(group: NDArray[np.int64], one: int, other: int) -> None:
    if group[one] != group[other]:
        group[group == group[other]] = group[one]


def _partner(neighbours: Neighbours, group: NDArray[np.int64], one: int) -> int | None:
    """Return the photograph of another group that passes the ratio test with this one, from both sides."""
    others = _others(neighbours, group, one, without=())
    if not others or others[0][1] < ALIKE:
        return None
    partner, similarity = others[0]
    for this, that in ((one, partner), (partner, one)):
        rest = _others(neighbours, group, this, without=(group[that],))
        next_one = rest[0][1] if rest else 0.0
        if 1 - similarity > RATIO * (1 - next_one):
            return None
    return partner


def _others(
    neighbours: Neighbours, group: NDArray[np.int64], one: int, without: Sequence[int]
) -> list[tuple[int, float]]:
    """Return the neighbours, and how alike they are, that belong neither to its own group nor to those."""
    found = zip(neighbours.index[one].tolist(), neighbours.similarity[one].tolist(), strict=True)
    return [(other, value) for other, value in found if group[other] not in (group[one], *without)]
