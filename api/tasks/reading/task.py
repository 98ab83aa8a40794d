"""Reading as a task: its options, its drawing, its JSON."""

from pathlib import Path
from typing import Any

from api.tasks.reading import characters, direction, regions
from api.tasks.reading.chaining import CHAINING
from api.tasks.reading.draw import draw_lines
from api.tasks.reading.types import Lines, ReadingOptions
from api.tasks.task import Task


def to_json(result: Lines, _options: ReadingOptions) -> dict[str, Any]:
    """Return `lines`."""
    lines = [
        {
            "text": line.text,
            "confidence": round(line.confidence, 6),
            "polygon": [[round(x, 1), round(y, 1)] for x, y in line.polygon],
        }
        for line in result.lines
    ]
    return {"lines": lines}


def to_text(result: Lines) -> str:
    """Return a line for each line: its confidence first."""
    return "".join(f"{line.confidence:6.1%}  {line.text}\n" for line in result.lines)


READING: Task[ReadingOptions, Lines] = Task(
    name="reading",
    verb="read",
    options=ReadingOptions,
    draw=draw_lines,
    to_json=to_json,
    to_text=to_text,
    families={family.FAMILY: family.make_decode for family in (regions, characters, direction)},
    openapi=Path(__file__).with_name("openapi.yaml"),
    chaining=CHAINING,
)
