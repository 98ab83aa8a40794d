"""The values of classification: what may be asked, and what is found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.tasks.options import TRUTH, option, whole_number


@dataclass(frozen=True, slots=True)
class Class:
    """A label of an image. `confidence` (0..1) is its probability."""

    label: str
    class_id: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which parts of an image a label comes from.

    `drops` (rows, columns) says by how much the label's probability falls if the part of the image around a cell is
    covered; below 0: it rises. The cells share `box_xyxy`, in pixels of the image: what the network has seen of it.
    """

    reason_for: Class
    drops: NDArray[np.float32]
    box_xyxy: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Classes:
    """What one image shows, most probable first. `explanation` is that of the first, if it was asked for."""

    classes: list[Class]
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationOptions:
    """What is kept: the most probable labels, so many of them; and whether the first is explained."""

    top: int = option(5, whole_number(1, 100))
    explain: bool = option(False, TRUTH, may_be_ignored=False)  # whether it is shown what decided
