"""The values of classification: what may be asked, and what is found."""

from dataclasses import dataclass

from api.tasks.options import option, whole_number


@dataclass(frozen=True, slots=True)
class Class:
    """A label of an image. `confidence` (0..1) is its probability."""

    label: str
    class_id: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Classes:
    """What one image shows, most probable first."""

    classes: list[Class]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationOptions:
    """What is kept: the most probable labels, so many of them."""

    top: int = option(5, whole_number(1, 100))
