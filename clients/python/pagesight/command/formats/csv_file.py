"""A table (RFC 4180): a line for each thing that was found."""

import csv
from collections.abc import Iterator
from pathlib import Path

from pagesight.answers import AnyAnswer, ClassificationAnswer, DetectionAnswer, ReadingAnswer
from pagesight.command.formats.answered import Answered
from pagesight.command.whole_file import whole_file

Line = dict[str, str | float]
CORNERS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute it


def write_csv(target: Path, answered: Answered) -> None:
    """Write the table. Attributes of a chain are columns of their own."""
    columns: dict[str, None] = {"file": None}
    for answer in answered.answers():
        for line in _lines(answer):
            columns |= dict.fromkeys(line)
    with whole_file(target, newline="") as file:
        table = csv.DictWriter(file, list(columns), restval="")
        table.writeheader()
        for answer in answered.answers():
            table.writerows({key: _safe(value) for key, value in line.items()} for line in _lines(answer))


def _lines(answer: AnyAnswer) -> Iterator[Line]:
    if isinstance(answer, DetectionAnswer):
        for one in answer.detections:
            box = {"x1": one.box.x1, "y1": one.box.y1, "x2": one.box.x2, "y2": one.box.y2}
            said = {key: attribute.text for key, attribute in (one.attributes or {}).items()}
            yield {"file": answer.name, "label": one.label, "confidence": one.confidence, **box, **said}
    elif isinstance(answer, ClassificationAnswer):
        for label in answer.classes:
            yield {"file": answer.name, "label": label.label, "confidence": label.confidence}
    elif isinstance(answer, ReadingAnswer):
        for text in answer.lines:
            places = [value for point in text.polygon for value in point]
            corners = dict(zip(CORNERS, places, strict=False))
            yield {"file": answer.name, "text": text.text, "confidence": text.confidence, **corners}
    else:
        for share in answer.segments.labels:
            yield {"file": answer.name, "label": share.label, "share": share.share}


def _safe(value: str | float) -> str | float:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
