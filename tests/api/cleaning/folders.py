"""Small data folders in each form, and what is in them."""

import json
from pathlib import Path

from harness.pictures import encode, make_upright

LABELS = ("cat", "dög")
EACH = 6


def photograph(number: int) -> bytes:
    """Return a JPEG that no other number has."""
    return encode(make_upright(16 + number, 32), "JPEG")


def make_folders(folder: Path) -> Path:
    """Write a folder for each label; the names are the same in both, and one has a folder in it."""
    for place, label in enumerate(LABELS):
        (folder / label / "inner").mkdir(parents=True)
        for number in range(EACH):
            name = f"inner/{number}.jpg" if number == 0 else f"{number}.jpg"
            (folder / label / name).write_bytes(photograph(EACH * place + number))
    return folder


def make_table(folder: Path, delimiter: str = ",", ending: str = "\n") -> Path:
    """Write photographs and a CSV with a mark at its beginning, unneeded quotes, and no last line ending."""
    folder.mkdir(exist_ok=True)
    rows = [f"file{delimiter}label"]
    for number in range(2 * EACH):
        (folder / f"{number}.jpg").write_bytes(photograph(number))
        rows.append(f'"{number}.jpg"{delimiter} {LABELS[number // EACH]}')
    (folder / "labels.csv").write_bytes(b"\xef\xbb\xbf" + ending.join(rows).encode())
    return folder


def make_saved(folder: Path) -> Path:
    """Write photographs, and beside each what the page saves for classes."""
    folder.mkdir(exist_ok=True)
    for number in range(2 * EACH):
        (folder / f"{number}.jpg").write_bytes(photograph(number))
        labels = LABELS if number < EACH else LABELS[::-1]
        classes = [
            {"label": label, "class_id": place, "confidence": 0.6 - place / 10} for place, label in enumerate(labels)
        ]
        document = {"name": f"{number}.jpg", "width": 32, "height": 16, "model": "m", "classes": classes}
        written = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        (folder / f"{number}-classes.json").write_text(written, encoding="utf-8")
    return folder


FORMS = {"folders": make_folders, "table": make_table, "saved": make_saved}


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of the folder that are not the program's own."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith(".")}
