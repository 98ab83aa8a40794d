"""The family "ctc": for each step along a line the probability of each character, to the line's text.

Source: Connectionist Temporal Classification (https://www.cs.toronto.edu/~graves/icml_2006.pdf), section 3.2: the most
probable character of each step, then repeated ones once, then without blanks.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tasks.letterbox import Letterbox
from api.tasks.reading.types import ReadingOptions
from api.tasks.task import Decode

FAMILY = "ctc"
BLANK = 0  # the class that is no character; the labels are those of the classes after it


def make_decode(_output: Mapping[str, Any], labels: Sequence[str]) -> Decode:
    """Return the decoder for a card whose labels are the characters."""
    return partial(decode_texts, characters=labels)


def decode_texts(
    outputs: Mapping[str, NDArray[np.float32]],
    _letterbox: Letterbox,
    _options: ReadingOptions,
    *,
    characters: Sequence[str],
) -> list[tuple[str, float]]:
    """Return the text of each line of a batch, and its confidence: the mean of its characters' probabilities.

    The output is (lines, steps, 1 + characters), whose last sides add up to 1. An empty line has a confidence of 0.
    """
    return [_decode_text(line, characters) for line in next(iter(outputs.values()))]


def _decode_text(probabilities: NDArray[np.float32], characters: Sequence[str]) -> tuple[str, float]:
    best = probabilities.argmax(axis=1)
    begins = np.append(True, best[1:] != best[:-1]) & (best != BLANK)
    steps = begins.nonzero()[0]
    if not len(steps):
        return "", 0.0
    text = "".join(characters[class_id - 1] for class_id in best[steps])
    return text, float(probabilities[steps, best[steps]].mean())
