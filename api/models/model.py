"""A model that answers: an image and options in, a result of its task out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import BadRequest
from api.models.card import ModelCard
from api.models.engines.engine import Engine
from api.models.input import prepare_input
from api.tasks.chaining import Stopped
from api.tasks.letterbox import Letterbox
from api.tasks.registry import TASKS
from api.tasks.task import Decode


@dataclass(frozen=True, slots=True)
class Step:
    """What a step of a chain took: `runs` of a model, in milliseconds together."""

    model: str
    milliseconds: float
    runs: int

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"model": self.model, "ms": self.milliseconds, "runs": self.runs}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says of an image: the same result in pixels of each size that was asked for.

    `steps` are those of a chain. `stopped`: a gate said no, and the result is empty for that.
    """

    results: list[Any]
    steps: tuple[Step, ...] = ()
    stopped: Stopped | None = None


@dataclass(frozen=True, slots=True)
class Model(ABC):
    """A model that answers, whatever it is made of. Safe to use from several threads."""

    card: ModelCard
    memory_mb: float | None = field(default=None, kw_only=True)  # by how much loading it made the process grow

    @property
    @abstractmethod
    def precision(self) -> str:
        """The numbers it computes in; see Engine."""

    @property
    @abstractmethod
    def description(self) -> str:
        """How it computes, in words; see Engine."""

    @abstractmethod
    def answer(self, image: NDArray[np.uint8], options: Any, image_sizes: Sequence[tuple[int, int]]) -> Answer:
        """Return what it says of an image (HWC uint8 RGB, upright), in the pixels of each of these (height, width).

        The first size is that of the upright image, of which `image` may be a reduced copy. It is computed once.
        """

    @abstractmethod
    def explain(self, image: NDArray[np.uint8], result: Any, *, image_size: tuple[int, int] | None = None) -> Any:
        """Return what `run` gave for an image, with what its task can say of why it is so. Raises BadRequest."""

    @abstractmethod
    def warm_up(self) -> None:
        """Run at the usual sizes, so that the first visitor does not wait for lazy initialization."""

    @abstractmethod
    def complete(self) -> None:
        """Make several images at once quick, too. It may take seconds, and the model serves meanwhile."""

    @abstractmethod
    def describe(self) -> str:
        """Say how it is run."""

    def run(self, image: NDArray[np.uint8], options: Any, *, image_size: tuple[int, int] | None = None) -> Any:
        """Return the task's result for an image (HWC uint8 RGB, upright), in its pixels.

        If `image` is a reduced copy, `image_size` (height, width) is that of the original, and the result is in the
        original's pixels.
        """
        return self.run_for(image, options, [image_size or (image.shape[0], image.shape[1])])[0]

    def run_for(self, image: NDArray[np.uint8], options: Any, image_sizes: Sequence[tuple[int, int]]) -> list[Any]:
        """Return the result in the pixels of each of these sizes (height, width) of the image; it is computed once."""
        return self.answer(image, options, image_sizes).results

    def tell_steps(self) -> list[dict[str, Any]]:
        """Return the steps of a chain, as `/v1/models` tells them; nothing of another model."""
        return []

    def enough_side(self) -> int | None:
        """Return how many pixels an image's longer side must have for all that is looked at; None: all it has."""
        return self.card.input.enough_side()


@dataclass(frozen=True, slots=True)
class NetworkModel(Model):
    """A card, an engine, and the pure function that reads the engine's outputs."""

    engine: Engine
    decode: Decode

    @property
    def precision(self) -> str:
        """See Model."""
        return self.engine.precision

    @property
    def description(self) -> str:
        """See Model."""
        return self.engine.description

    def answer(self, image: NDArray[np.uint8], options: Any, image_sizes: Sequence[tuple[int, int]]) -> Answer:
        """See Model."""
        letterboxes = [self.card.input.place(size) for size in image_sizes]
        outputs = self.engine(prepare_input(image, letterboxes[0], self.card.input))
        return Answer([self.decode(outputs, letterbox, options) for letterbox in letterboxes])

    def explain(self, image: NDArray[np.uint8], result: Any, *, image_size: tuple[int, int] | None = None) -> Any:
        """See Model."""
        explain = TASKS[self.card.task].explain
        if explain is None:
            raise BadRequest(f"The field `explain` is not for {self.card.task}.")
        letterbox = self.card.input.place(image_size or (image.shape[0], image.shape[1]))
        array = prepare_input(image, letterbox, self.card.input)
        return explain(lambda other, options: self._look(other, letterbox, options), array, letterbox, result)

    def _look(self, array: NDArray[np.float32], letterbox: Letterbox, options: Any) -> Any:
        return self.decode(self.engine(array), letterbox, options)

    def warm_up(self) -> None:
        """See Model."""
        self.engine.warm_up(self.card.input.usual_sizes())

    def complete(self) -> None:
        """See Model."""
        self.engine.complete(self.card.input.usual_sizes())

    def describe(self) -> str:
        """See Model."""
        height, width = self.card.input.size
        return f"input {width} x {height}, {self.card.input.resize}, {self.engine.description}"


def make_model(card: ModelCard, engine: Engine) -> NetworkModel:
    """Return the model whose outputs are read as its card says."""
    return NetworkModel(card, engine, TASKS[card.task].families[card.family](card.output, card.labels))
