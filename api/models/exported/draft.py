"""What a family makes of an exported file, before the owner's word is heard: nearly a card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from api.models.card import InputSpec
from api.models.exported.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """How a file is to be read.

    `classes`: how many labels it needs, if that is known; `labels` empty: it has none. `output` is what the family's
    decode function needs. `untold` are the keys of [input] that only the owner knows. `constants` are values for inputs
    beside the image. `frees_size`: the graph computes any multiple of the input's `cell`, though it names one size.
    `reasons` says what told a line of the card.
    """

    task: str
    family: str
    input: InputSpec
    classes: int | None = None
    labels: tuple[str, ...] = ()
    output: Mapping[str, Any] = field(default_factory=dict)
    untold: Sequence[str] = ()
    constants: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)
    frees_size: bool = False
    licence: str | None = None
    origin: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


class Family(Protocol):
    """A module in `families/`: how the files of one kind of exporter are read.

    Nothing is guessed: `recognise` answers only for what names itself, by metadata or by the names and shapes of its
    outputs that no other family has. What could be another family's too, the owner has to name.
    """

    @property
    def FAMILY(self) -> str:  # noqa: N802, it is a module's constant
        """Its name, as `family` in NAME.toml and in the card."""

    @property
    def OUTPUT_KEYS(self) -> Sequence[str]:  # noqa: N802
        """What [output] in NAME.toml may hold."""

    def recognise(self, facts: Facts, /) -> Draft | None:
        """Return how the file is read if it is certainly of this family. Raises ModelError if it is, but unreadable."""

    def draft(self, facts: Facts, output: Mapping[str, Any], /) -> Draft:
        """Return how the file is read: the owner says it is of this family, and [output]. Raises ModelError."""

    def suggest(self, facts: Facts, /) -> str | None:
        """Return the lines for NAME.toml if the file could be of this family; None if it cannot."""
