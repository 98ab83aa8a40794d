"""Pictures to try a network with, the same everywhere."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from api.models.card import ModelCard
from api.models.input import prepare_input

SHAPES = ((3, 4), (4, 3))  # (height, width)
SPOTS = (4, 8, 16, 2)  # in a side of length 1 of a shape, in one picture after the other


def sample_inputs(card: ModelCard, number: int = 0) -> list[NDArray[np.float32]]:
    """Return what the network reads of a picture of soft spots, lying and upright: each (1, 3, H, W).

    There are as many pictures as SPOTS: what selects may find nothing in the first one.
    """
    return [_sample_input(card, *shape, spots=SPOTS[number]) for shape in SHAPES]


def _sample_input(card: ModelCard, height: int, width: int, *, spots: int) -> NDArray[np.float32]:
    colours = np.random.default_rng(0).integers(0, 256, (spots * height, spots * width, 3), np.uint8)
    picture: Any = cv2.resize(colours, (160 * width, 160 * height), interpolation=cv2.INTER_CUBIC)
    return prepare_input(picture, card.input.place(picture.shape[:2]), card.input)
