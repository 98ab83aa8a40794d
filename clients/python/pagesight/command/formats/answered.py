"""What a file is written of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pagesight.answers import AnyAnswer


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers in the order of the folder, each with the picture's name.

    `answers` may be gone through again and again. `labels` are the model's, by class id; `skeleton` its lines between
    key points; `unanswered` says why a picture has no answer.
    """

    answers: Callable[[], Iterable[tuple[str, AnyAnswer]]]
    unanswered: Mapping[str, str]
    labels: tuple[str, ...] = ()
    skeleton: tuple[tuple[str, str], ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
