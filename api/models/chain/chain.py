"""A chain at work: gates, one model that answers, and models that look at each box of its answer."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from api.models.model import Answer, Model, Step
from api.tasks.chaining import AnyAttached, AnyGate, Stopped
from api.tasks.detection.chaining import asked_before_keeping, attach, keep_labels, move_detections
from api.tasks.detection.types import Attribute, Box
from api.tasks.part import Part
from api.tasks.registry import TASKS

Pixels = NDArray[np.uint8]  # (height, width, 3) RGB
Size = tuple[int, int]  # (height, width)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class GateStep:
    """Lets an image pass in which its model finds one of these labels with a score of `at_least`."""

    model: Model
    gate: AnyGate
    labels: frozenset[str]
    at_least: float
    otherwise: str

    def passes(self, image: Pixels, image_size: Size) -> bool:
        """Return whether the image may go on."""
        options = self.gate.options(self.at_least, len(self.model.card.labels))
        found = self.gate.scores(self.model.run(image, options, image_size=image_size))
        return any(label in self.labels and score >= self.at_least for label, score in found)


@dataclass(frozen=True, slots=True)
class CropStep:
    """Cuts out the first `at_most` boxes, with a margin (a share of each side), and attaches what its model says."""

    model: Model
    attached: AnyAttached
    name: str
    margin: float
    at_most: int

    def look(self, image: Pixels, box: Box, whole_size: Size) -> Attribute:
        """Return what the model says of a box, which is in pixels of the whole, as the attribute is."""
        card, size = self.model.card, (image.shape[0], image.shape[1])
        left, top, right, bottom = cut_out(box, self.margin, size, whole_size)
        crop = np.ascontiguousarray(image[top:bottom, left:right])
        task = TASKS[card.task]
        answer = self.model.answer(crop, task.options(), [(crop.shape[0], crop.shape[1])])
        result = self.attached.moved(answer.results[0], Part.cut(left, top, size, whole_size))
        return Attribute(self.name, card.name, task, self.attached, result, answer.stopped)


@dataclass(frozen=True, slots=True)
class Chain(Model):
    """Models, one after the other. Its card is that of the one that answers, under the chain's name.

    The models are loaded and warm; others may share them. `keep` None: all that is found. Options are the main model's.
    """

    gates: tuple[GateStep, ...]
    main: Model
    nothing: Callable[[Size], Any]  # the result of an image that a gate has stopped
    keep: frozenset[str] | None
    crops: tuple[CropStep, ...]

    @property
    def models(self) -> tuple[Model, ...]:
        """The models of the steps, in their order."""
        return (*(gate.model for gate in self.gates), self.main, *(crop.model for crop in self.crops))

    @property
    def precision(self) -> str:
        """See Model: that of the model that answers."""
        return self.main.precision

    @property
    def description(self) -> str:
        """See Model: each step's."""
        return "; ".join(f"{model.card.name}: {model.description}" for model in self.models)

    def answer(self, image: Pixels, options: Any, image_sizes: Sequence[Size]) -> Answer:
        """See Model. Each gate looks once, the main model once, and the others once at each box."""
        steps: list[Step] = []
        for gate in self.gates:
            passes, step = _timed(gate.model, 1, partial(gate.passes, image, image_sizes[0]))
            steps.append(step)
            if not passes:
                stopped = Stopped(gate.model.card.name, gate.otherwise)
                return Answer([self.nothing(size) for size in image_sizes], tuple(steps), stopped)
        answer, step = _timed(self.main, 1, partial(self._ask_main, image, options, image_sizes))
        steps.append(step)
        if not self.crops:
            return Answer(answer.results, tuple(steps), answer.stopped)
        result = answer.results[0]
        for crop in self.crops:
            result, step = self._attach(crop, image, result, image_sizes[0])
            steps.append(step)
        return Answer(list(_in_sizes(result, image_sizes)), tuple(steps), answer.stopped)

    def _ask_main(self, image: Pixels, options: Any, image_sizes: Sequence[Size]) -> Answer:
        """Return what the main model says; of several sizes only that of the first, if boxes are looked at."""
        sizes = image_sizes[:1] if self.crops else image_sizes
        if self.keep is None:
            return self.main.answer(image, options, sizes)
        answer = self.main.answer(image, asked_before_keeping(options), sizes)
        kept = [keep_labels(result, self.keep, options.max_detections) for result in answer.results]
        return Answer(kept, answer.steps, answer.stopped)

    @staticmethod
    def _attach(crop: CropStep, image: Pixels, result: Any, whole_size: Size) -> tuple[Any, Step]:
        boxes = [one.box for one in result.detections[: crop.at_most]]
        found, step = _timed(crop.model, len(boxes), lambda: [crop.look(image, box, whole_size) for box in boxes])
        return attach(result, found), step

    def explain(self, image: Pixels, result: Any, *, image_size: Size | None = None) -> Any:
        """See Model: the main model explains."""
        return self.main.explain(image, result, image_size=image_size)

    def warm_up(self) -> None:
        """See Model: its models are warm."""

    def complete(self) -> None:
        """See Model."""
        for model in self.models:
            model.complete()

    def describe(self) -> str:
        """See Model."""
        return f"a chain of {' -> '.join(model.card.name for model in self.models)}"

    def tell_steps(self) -> list[dict[str, Any]]:
        """See Model."""
        gates = [{**_part(gate.model), "pass": sorted(gate.labels), "at_least": gate.at_least} for gate in self.gates]
        main = {**_part(self.main), **({"keep": sorted(self.keep)} if self.keep else {})}
        return [*gates, main, *({**_part(crop.model), "attach": crop.name} for crop in self.crops)]

    def enough_side(self) -> int | None:
        """See Model: boxes are cut out of all the pixels that there are."""
        sides = [model.enough_side() for model in self.models]
        return None if self.crops or None in sides else max(side for side in sides if side)


def _part(model: Model) -> dict[str, Any]:
    return {"model": model.card.name, "task": model.card.task}


def cut_out(box: Box, margin: float, image_size: Size, whole_size: Size) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of a box (in pixels of the whole) and its margin, in whole pixels of the image.

    It lies in the image and has a pixel at least. Sizes are (height, width).
    """
    across, down = image_size[1] / whole_size[1], image_size[0] / whole_size[0]
    left, right = _grown(box.x1 * across, box.x2 * across, margin, image_size[1])
    top, bottom = _grown(box.y1 * down, box.y2 * down, margin, image_size[0])
    return left, top, right, bottom


def _grown(low: float, high: float, margin: float, end: int) -> tuple[int, int]:
    more = margin * (high - low)
    first = min(max(0, math.floor(low - more)), end - 1)
    return first, max(first + 1, min(end, math.ceil(high + more)))


def _in_sizes(result: Any, image_sizes: Sequence[Size]) -> Iterator[Any]:
    """Yield detections in pixels of the first size in those of each: what is attached stays where it hangs."""
    whole = image_sizes[0]
    for size in image_sizes:
        yield result if size == whole else move_detections(result, Part.cut(0, 0, whole, size))


def _timed(model: Model, runs: int, work: Callable[[], Result]) -> tuple[Result, Step]:
    began = time.perf_counter()
    result = work()
    return result, Step(model.card.name, round((time.perf_counter() - began) * 1000, 1), runs)
