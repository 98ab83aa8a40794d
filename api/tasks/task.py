"""What every task is: the contract between a model's outputs and what HTTP, drawing and files make of them.

A new task is a folder beside `detection/` and a line in `registry.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from api.tasks.chaining import Chaining
from api.tasks.letterbox import Letterbox

Options = TypeVar("Options")
Result = TypeVar("Result")
Drawn = TypeVar("Drawn", contravariant=True)

Pixels = NDArray[np.uint8]  # (height, width, 3) RGB
Decode = Callable[[Mapping[str, NDArray[np.float32]], Letterbox, Any], Any]  # outputs, letterbox, options -> result
MakeDecode = Callable[[Mapping[str, Any], Sequence[str]], Decode]  # from a card's `output` and its labels


Run = Callable[[Options], Result]  # a model with an image: options -> result
InputArray = NDArray[np.float32]  # (1, 3, H, W)
Look = Callable[[InputArray, Any], Any]  # another input, options -> result
Explain = Callable[[Look, InputArray, Letterbox, Any], Any]  # look, input, letterbox, result -> result


class Draw(Protocol[Drawn]):
    """Draws a result onto a copy of the image. `display_width`: how many CSS pixels wide it will be shown, if known."""

    def __call__(self, image: Pixels, result: Drawn, *, display_width: int | None = None) -> Pixels:
        """Return the drawn image."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a second run of a model finds the same as the first. `share`: 1 is all of it, 0 nothing of it."""

    share: float
    found: int  # how many things the first run found in all images together


@dataclass(frozen=True, slots=True)
class Comparison(Generic[Options, Result]):
    """How two runs of a model are compared: what both are asked, and what is made of the results of each image."""

    options: Options
    measure: Callable[[Iterable[tuple[Result, Result]]], Agreement]


@dataclass(frozen=True, slots=True)
class Differences(Generic[Options, Result]):
    """By how much two programs that run one model may differ, and do.

    `limits`: for what is compared, with its unit, the most with which two answers are the same.
    """

    limits: Mapping[str, float]
    measure: Callable[[Run[Options, Result], Run[Options, Result], Options], dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[Options, Result]):
    """One thing that can be asked of an image."""

    name: str  # "detection", as in a model's card
    verb: str  # "detect": its route is POST /v1/detect
    options: type[Options]  # a dataclass of `option` fields, each with a default
    draw: Draw[Result]
    to_json: Callable[[Result, Options], dict[str, Any]]  # its part of the answer
    to_text: Callable[[Result], str]  # a line for each thing found, for a terminal
    families: Mapping[str, MakeDecode]  # for each family, how the outputs of its networks are read
    openapi: Path  # the schemas `Options` and `Answer`, in YAML
    comparison: Comparison[Options, Result] | None = None  # None: its models cannot be quantized
    differences: Differences[Options, Result] | None = None  # None: its models cannot go to the visitor's device
    # Raises BadRequest if a model with these labels cannot do what the options ask.
    check: Callable[[Options, Sequence[str]], None] = lambda _options, _labels: None
    # What GET /v1/models tells of a model besides its card: from the card's family and `output`.
    tell: Callable[[str, Mapping[str, Any]], dict[str, Any]] = lambda _family, _output: {}
    # Adds to a result why it is so, by looking again. A task that has it has an option `explain`.
    explain: Explain | None = None
    # What its models can do in a chain; None: they cannot be in one.
    chaining: Chaining[Options, Result] | None = None


AnyTask = Task[Any, Any]
