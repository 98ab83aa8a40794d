"""A reader: a model made of a detector of lines, a recogniser of their text and, perhaps, a judge of direction."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from api.models.input import prepare_input
from api.models.model import Answer, NetworkModel
from api.tasks.letterbox import Letterbox
from api.tasks.reading.crops import Crop, cut_out
from api.tasks.reading.order import in_reading_order
from api.tasks.reading.types import Lines, ReadingOptions, TextLine

BATCH = 4  # lines that are computed at once, at most: more are no quicker
BATCH_WIDTH = 4800  # of them together: a step of 8 pixels has a probability for each of 18,710 characters
MOST_WIDTH = 2400  # of a line that is 48 high; a longer one is squeezed
WIDTH_STEP = 160  # of a batch's width, so that there are few widths


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader(NetworkModel):
    """Finds lines with its engine and decode, and reads them with two more models. Safe to use from several threads."""

    recognition: NetworkModel
    direction: NetworkModel | None = None

    def answer(
        self, image: NDArray[np.uint8], options: ReadingOptions, image_sizes: Sequence[tuple[int, int]]
    ) -> Answer:
        """See Model. An image with a side over the input's longer one is reduced first, and read so."""
        small = self._reduce(image)
        letterbox = self.card.input.place((small.shape[0], small.shape[1]))
        regions = self.decode(self.engine(prepare_input(small, letterbox, self.card.input)), letterbox, options)
        found = self._read([cut_out(small, region.polygon) for region in regions], options)
        lines = in_reading_order(
            [line for line in found if line.text.strip() and line.confidence >= options.text_confidence]
        )
        return Answer([_scaled(lines, small.shape[:2], size) for size in image_sizes])

    def warm_up(self) -> None:
        """See Model."""
        for model in self._models():
            model.warm_up()

    def complete(self) -> None:
        """See Model."""
        for model in self._models():
            model.complete()

    def describe(self) -> str:
        """Say how the networks are run."""
        return "; ".join(f"{model.card.family}: {model.describe()}" for model in self._models())

    def _models(self) -> Iterator[NetworkModel]:
        yield NetworkModel(self.card, self.engine, self.decode)
        yield self.recognition
        if self.direction:
            yield self.direction

    def _reduce(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        most, cell = max(self.card.input.size), self.card.input.cell
        gain = most / max(image.shape[:2])
        if gain >= 1:
            return image
        height, width = (max(1, round(int(side * gain) / cell)) * cell for side in image.shape[:2])
        return np.asarray(cv2.resize(image, (width, height)), np.uint8)

    def _read(self, crops: Sequence[Crop], options: ReadingOptions) -> list[TextLine]:
        """Read each line. One that seems to stand on its head is read both ways: long ones often only seem to."""
        doubtful = self._find_turned(crops, options)
        ways = [*crops, *(crops[index].turned() for index in doubtful)]
        texts = run_in_batches(self.recognition, [crop.pixels for crop in ways], options, MOST_WIDTH)
        lines = [TextLine(text, confidence, crop.polygon) for (text, confidence), crop in zip(texts, ways, strict=True)]
        for index, turned in zip(doubtful, lines[len(crops) :], strict=True):
            lines[index] = max(lines[index], turned, key=lambda line: line.confidence)
        return lines[: len(crops)]

    def _find_turned(self, crops: Sequence[Crop], options: ReadingOptions) -> list[int]:
        """Return which lines seem to stand on their heads."""
        if not self.direction:
            return []
        width = self.direction.card.input.size[1]
        are_turned = run_in_batches(self.direction, [crop.pixels for crop in crops], options, width)
        return [index for index, is_turned in enumerate(are_turned) if is_turned]


def run_in_batches(
    model: NetworkModel, lines: Sequence[NDArray[np.uint8]], options: ReadingOptions, most_width: int
) -> list[Any]:
    """Return what a model says of each line (HWC uint8 RGB). Lines that are about as long are computed at once.

    The input is as wide as the model's own, or as the batch's longest line needs, at most `most_width`.
    """
    height, least_width = model.card.input.size
    widths = [min(most_width, max(1, math.ceil(height * line.shape[1] / line.shape[0]))) for line in lines]
    steps = [math.ceil(width / WIDTH_STEP) * WIDTH_STEP for width in widths]
    canvas_widths = [min(most_width, max(least_width, step)) for step in steps]
    found: list[Any] = [None] * len(lines)
    for batch in make_batches(canvas_widths):
        canvas = (height, canvas_widths[batch[-1]])
        places = [
            Letterbox((lines[index].shape[0], lines[index].shape[1]), (height, widths[index]), canvas)
            for index in batch
        ]
        x = [prepare_input(lines[index], place, model.card.input) for index, place in zip(batch, places, strict=True)]
        answers = model.decode(model.engine(np.concatenate(x)), places[-1], options)
        for index, answer in zip(batch, answers, strict=True):
            found[index] = answer
    return found


def make_batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the indices of those that are computed at once, the narrowest first."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=lambda one: widths[one]):
        if len(batch) == BATCH or (len(batch) + 1) * widths[index] > BATCH_WIDTH:
            if batch:
                yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _scaled(lines: Sequence[TextLine], size: tuple[int, ...], target: tuple[int, int]) -> Lines:
    """Return lines of an image of one (height, width) in the pixels of another."""
    down, across = target[0] / size[0], target[1] / size[1]
    return Lines([replace(line, polygon=tuple((x * across, y * down) for x, y in line.polygon)) for line in lines])
