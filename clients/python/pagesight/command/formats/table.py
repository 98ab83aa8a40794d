"""Which file is written in which form."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pagesight.command.formats.answered import Answered
from pagesight.command.formats.coco import write_coco
from pagesight.command.formats.csv_file import write_csv
from pagesight.command.formats.json_file import write_json, write_json_lines
from pagesight.command.formats.yolo import write_yolo

PICTURES = "pictures"  # written as they come, by command/drawn.py
WRITERS: dict[str, Callable[[Path, Answered], None]] = {
    "json": write_json,
    "jsonl": write_json_lines,
    "csv": write_csv,
    "coco": write_coco,
    "yolo": write_yolo,
}
OF_DETECTIONS = ("coco", "yolo")
NAMES = (*WRITERS, PICTURES)


@dataclass(frozen=True, slots=True)
class Target:
    """A file or folder to be written, and its form."""

    form: str
    path: Path


def read_target(text: str) -> Target:
    """Read `PATH` or `FORM=PATH`. A path's own ending says the form: `x.csv`, `x.json`, and COCO's `coco.json`.

    Raises ValueError.
    """
    form, separator, path = text.partition("=")
    if separator and form in NAMES and path:
        return Target(form, Path(path))
    ending = Path(text).suffix.lower().removeprefix(".")
    if ending == "json" and Path(text).stem.lower().endswith("coco"):
        return Target("coco", Path(text))
    if ending in ("json", "jsonl", "csv"):
        return Target(ending, Path(text))
    raise ValueError(f"{text!r} does not say its form: write {' or '.join(f'{name}=PATH' for name in NAMES)}.")
