"""Classification in a chain: a gate, or what a part of an image shows."""

from api.tasks.chaining import Attached, Chaining, Gate
from api.tasks.classification.types import Classes, ClassificationOptions

CHAINING: Chaining[ClassificationOptions, Classes] = Chaining(
    nothing=lambda _size: Classes([]),
    gate=Gate(
        options=lambda _at_least, labels: ClassificationOptions(top=labels),
        scores=lambda result: [(one.label, one.confidence) for one in result.classes],
    ),
    attached=Attached(
        moved=lambda result, _part: result,  # a label has no place
        text=lambda result: result.classes[0].label if result.classes else "",
    ),
)
