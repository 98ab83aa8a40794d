"""What a task's models can do in a chain: answer for it, be a gate, or say something of a part of an image."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from api.tasks.part import Part, Point

Result = TypeVar("Result")
Options = TypeVar("Options")


@dataclass(frozen=True, slots=True)
class Stopped:
    """A gate's no: the model that said it, and the reason for the person who asked."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gate(Generic[Options, Result]):
    """How an image is judged by what a model finds in it.

    `options` are what the model is asked, from the lowest score that counts and the number of its labels; `scores` are
    the labels that it found, each with its score (0..1).
    """

    options: Callable[[float, int], Options]
    scores: Callable[[Result], Iterable[tuple[str, float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached(Generic[Result]):
    """How a result is attached to what a detector has found.

    `moved` is a part's result in pixels of the whole image, `text` the result in a few words for a label, nothing if
    it found nothing, and `outlines` are the places that it names.
    """

    moved: Callable[[Result, Part], Result]
    text: Callable[[Result], str]
    outlines: Callable[[Result], list[tuple[Point, ...]]] = lambda _result: []


@dataclass(frozen=True, slots=True, kw_only=True)
class Chaining(Generic[Options, Result]):
    """What a chain does with a task's results. `nothing` is that of an image of (height, width) in which nothing is."""

    nothing: Callable[[tuple[int, int]], Result]
    gate: Gate[Options, Result] | None = None
    attached: Attached[Result] | None = None


AnyGate = Gate[Any, Any]
AnyAttached = Attached[Any]
AnyChaining = Chaining[Any, Any]
