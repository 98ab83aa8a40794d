"""What a video file is, and what it is read into."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONG_SIDE, SHORT_SIDE = 1280, 720


@dataclass(frozen=True, slots=True)
class Video:
    """What is known of a file before it is read. `width` and `height` are of the upright picture, in square pixels.

    `duration_s` is the end of the last frame that the file really has; `claimed_s` what its header says, 0 if nothing.
    `frames` counts the coded pictures. `is_whole` is False if the file ends too early or in the middle of something.
    """

    kind: str
    codec: str
    width: int
    height: int
    duration_s: float
    claimed_s: float
    frames: int
    is_whole: bool
    has_sound: bool

    @property
    def drawn_size(self) -> tuple[int, int]:
        """Height and width of the drawn video: even, and at most 720p, upright or lying."""
        long, short = max(self.width, self.height), min(self.width, self.height)
        scale = min(1.0, LONG_SIDE / long, SHORT_SIDE / short)
        return _even(self.height * scale), _even(self.width * scale)


@dataclass(frozen=True, slots=True)
class Frame:
    """An upright picture, HWC uint8 RGB, and its time in the video. `is_analysed`: it is one of `every` a second."""

    time_s: float
    pixels: NDArray[np.uint8]
    is_analysed: bool


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)
