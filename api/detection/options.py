"""How a detector is to be run."""

from dataclasses import dataclass
from enum import StrEnum


class Resize(StrEnum):
    """Where pixels are sampled when an image is made smaller.

    DARKNET: corner pixels on each other, as the program that trained the model does, so its numbers come out. LINEAR:
    the half-pixel grid of most libraries. docs/accuracy.md compares them.
    """

    DARKNET = "darknet"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The choices that are not the model's. `input_size` (pixels, a side) None: the cfg's own width and height."""

    threads: int = 1
    input_size: int | None = None
    resize: Resize = Resize.DARKNET
