"""The values of segmentation: what is found. Nothing may be asked besides the image."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ClassMap = NDArray[np.uint8] | NDArray[np.uint16]  # (height, width) of the image: the class id of each pixel


@dataclass(frozen=True, slots=True)
class Segment:
    """A class that is in the image. `share` (0..1) is that of the image's pixels which show it."""

    label: str
    class_id: int
    share: float


@dataclass(frozen=True, slots=True)
class Segments:
    """What each pixel of one image shows. `segments` are the classes that are there, the largest first.

    `background` is the class of what is nothing in particular, if the model has one.
    """

    class_map: ClassMap
    segments: list[Segment]
    background: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentationOptions:
    """There are none yet."""
