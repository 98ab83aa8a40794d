"""Darknet's form, which most YOLO trainers read: `class centre-x centre-y width height`, in shares of the picture."""

from pathlib import Path, PurePosixPath

from pagesight.answers import DetectionAnswer
from pagesight.command.formats.answered import Answered
from pagesight.command.whole_file import whole_file

NAMES = "classes.txt"


class SameName(Exception):
    """Two pictures would have the same file."""


def write_yolo(target: Path, answered: Answered) -> None:
    """Write into a folder a file for each picture, an empty one if nothing was found, and the names of the classes.

    Raises SameName before anything is written.
    """
    files: dict[PurePosixPath, str] = {}
    for name in [answer["name"] for answer in answered.json()]:
        label_file = PurePosixPath(name).with_suffix(".txt")
        other = files.setdefault(label_file, name)
        if other != name or label_file == PurePosixPath(NAMES):
            raise SameName(f"{other} and {name if other != name else NAMES} would both be {label_file}; rename one.")
    for answer in answered.answers():
        with whole_file(target / PurePosixPath(answer.name).with_suffix(".txt")) as file:
            file.writelines(_lines(answer) if isinstance(answer, DetectionAnswer) else [])
    with whole_file(target / NAMES) as file:
        file.writelines(f"{' '.join(label.split())}\n" for label in answered.labels)


def _lines(answer: DetectionAnswer) -> list[str]:
    lines = []
    for one in answer.detections:
        box, width, height = one.box, answer.width, answer.height
        centre = ((box.x1 + box.x2) / 2 / width, (box.y1 + box.y2) / 2 / height)
        shares = (*centre, (box.x2 - box.x1) / width, (box.y2 - box.y1) / height)
        lines.append(f"{one.class_id} {' '.join(f'{share:.6f}' for share in shares)}\n")
    return lines
