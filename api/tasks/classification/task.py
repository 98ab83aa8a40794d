"""Classification as a task: its options, its drawing, its JSON."""

import base64
from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.tasks.classification import classifier
from api.tasks.classification.agreement import COMPARISON
from api.tasks.classification.chaining import CHAINING
from api.tasks.classification.differences import DIFFERENCES
from api.tasks.classification.draw import draw_classes
from api.tasks.classification.explain import explain_classes
from api.tasks.classification.heat_map import encode_heat_map
from api.tasks.classification.types import Classes, ClassificationOptions, Explanation
from api.tasks.task import Task


def to_json(result: Classes, _options: ClassificationOptions) -> dict[str, Any]:
    """Return `classes`, and the `explanation` if it was asked for."""
    answer: dict[str, Any] = {
        "classes": [{**asdict(one), "confidence": round(one.confidence, 6)} for one in result.classes]
    }
    if result.explanation:
        answer["explanation"] = _explanation_as_json(result.explanation)
    return answer


def _explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    reason_for, (rows, columns) = explanation.reason_for, explanation.drops.shape
    return {
        "label": reason_for.label,
        "class_id": reason_for.class_id,
        "box": dict(zip(("x1", "y1", "x2", "y2"), (round(edge, 3) for edge in explanation.box_xyxy), strict=True)),
        "rows": rows,
        "columns": columns,
        "grid": [[round(drop, 4) for drop in row] for row in explanation.drops.tolist()],
        "heat_map": f"data:image/png;base64,{base64.b64encode(encode_heat_map(explanation)).decode('ascii')}",
    }


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
    differences=DIFFERENCES,
    explain=explain_classes,
    chaining=CHAINING,
)
