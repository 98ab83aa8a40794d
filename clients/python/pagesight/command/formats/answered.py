"""What a file is written of."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pagesight.answers import AnyAnswer
from pagesight.from_json import from_json


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers in the order of the folder: as JSON, whose `name` is the picture's, or read.

    They may be gone through again and again. `labels` are the model's, by class id; `skeleton` its lines between
    key points; `unanswered` says why a picture has no answer.
    """

    json: Callable[[], Iterable[Mapping[str, Any]]]
    unanswered: Mapping[str, str]
    labels: tuple[str, ...] = ()
    skeleton: tuple[tuple[str, str], ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    def answers(self) -> Iterator[AnyAnswer]:
        """Give them read; an answer's `name` is the picture's."""
        kind: type[AnyAnswer] = AnyAnswer  # type: ignore[assignment]
        for answer in self.json():
            yield from_json(kind, answer)
