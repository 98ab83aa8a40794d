"""The family "direction": whether a line of text stands on its head."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.letterbox import Letterbox
from api.tasks.reading.types import ReadingOptions
from api.tasks.task import Decode

FAMILY = "direction"
LABELS = ("0", "180")  # degrees
SURE = 0.9  # the least probability of a line that is turned


def make_decode(_output: Mapping[str, Any], _labels: Sequence[str]) -> Decode:
    """Return the decoder; nothing of the card changes it."""
    return decode_directions


def decode_directions(
    outputs: Mapping[str, NDArray[np.float32]], _letterbox: Letterbox, _options: ReadingOptions
) -> list[bool]:
    """Return for each line of a batch whether it stands on its head."""
    probabilities = next(iter(outputs.values()))  # (lines, 2)
    return [bool(turned > SURE) for turned in probabilities[:, 1]]
