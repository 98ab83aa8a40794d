"""A model that answers: an image and options in, a result of its task out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import BadRequest
from api.models.card import ModelCard
from api.models.engines.engine import Engine
from api.models.input import prepare_input
from api.tasks.letterbox import Letterbox
from api.tasks.registry import TASKS
from api.tasks.task import Decode


@dataclass(frozen=True, slots=True)
class Model:
    """A card, an engine, and the pure function that reads the engine's outputs. Safe to use from several threads."""

    card: ModelCard
    engine: Engine
    decode: Decode
    memory_mb: float | None = None  # by how much loading it made the process grow, if that is known

    def run(self, image: NDArray[np.uint8], options: Any, *, image_size: tuple[int, int] | None = None) -> Any:
        """Return the task's result for an image (HWC uint8 RGB, upright), in its pixels.

        If `image` is a reduced copy, `image_size` (height, width) is that of the original, and the result is in the
        original's pixels.
        """
        return self.run_for(image, options, [image_size or (image.shape[0], image.shape[1])])[0]

    def run_for(self, image: NDArray[np.uint8], options: Any, image_sizes: Sequence[tuple[int, int]]) -> list[Any]:
        """Return the result in the pixels of each of these sizes (height, width) of the image; it is computed once."""
        letterboxes = [self.card.input.place(size) for size in image_sizes]
        outputs = self.engine(prepare_input(image, letterboxes[0], self.card.input))
        return [self.decode(outputs, letterbox, options) for letterbox in letterboxes]

    def explain(self, image: NDArray[np.uint8], result: Any, *, image_size: tuple[int, int] | None = None) -> Any:
        """Return what `run` gave for an image, with what its task can say of why it is so. Raises BadRequest."""
        explain = TASKS[self.card.task].explain
        if explain is None:
            raise BadRequest(f"The field `explain` is not for {self.card.task}.")
        letterbox = self._place(image, image_size)
        array = prepare_input(image, letterbox, self.card.input)
        return explain(lambda other, options: self._look(other, letterbox, options), array, letterbox, result)

    def _place(self, image: NDArray[np.uint8], image_size: tuple[int, int] | None) -> Letterbox:
        return self.card.input.place(image_size or (image.shape[0], image.shape[1]))

    def _look(self, array: NDArray[np.float32], letterbox: Letterbox, options: Any) -> Any:
        return self.decode(self.engine(array), letterbox, options)

    def warm_up(self) -> None:
        """Run at the usual sizes, so that the first visitor does not wait for lazy initialization."""
        self.engine.warm_up(self.card.input.usual_sizes())

    def complete(self) -> None:
        """Make several images at once quick, too. It may take seconds, and the model serves meanwhile."""
        self.engine.complete(self.card.input.usual_sizes())

    def describe(self) -> str:
        """Say how the network is run."""
        height, width = self.card.input.size
        return f"input {width} x {height}, {self.card.input.resize}, {self.engine.description}"


def make_model(card: ModelCard, engine: Engine) -> Model:
    """Return the model whose outputs are read as its card says."""
    return Model(card, engine, TASKS[card.task].families[card.family](card.output, card.labels))
