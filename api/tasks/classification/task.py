"""Classification as a task: its options, its drawing, its JSON."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.tasks.classification import classifier
from api.tasks.classification.agreement import COMPARISON
from api.tasks.classification.draw import draw_classes
from api.tasks.classification.types import Classes, ClassificationOptions
from api.tasks.task import Task


def to_json(result: Classes, _options: ClassificationOptions) -> dict[str, Any]:
    """Return `classes`."""
    return {"classes": [{**asdict(one), "confidence": round(one.confidence, 6)} for one in result.classes]}


def to_text(result: Classes) -> str:
    """Return a line for each label: its probability first."""
    return "".join(f"{one.confidence:6.1%}  {one.label}\n" for one in result.classes)


CLASSIFICATION: Task[ClassificationOptions, Classes] = Task(
    name="classification",
    verb="classify",
    options=ClassificationOptions,
    draw=draw_classes,
    to_json=to_json,
    to_text=to_text,
    families={classifier.FAMILY: classifier.make_decode},
    openapi=Path(__file__).with_name("openapi.yaml"),
    comparison=COMPARISON,
)
