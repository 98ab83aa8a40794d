"""The character error rate of a reader on pictures whose text is known: `truth.json` beside them.

It holds the lines of each picture: {"sign.jpg": ["STOP", "ALL WAY"], ...}. A picture lies beside it or in images/.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.model import Model
from api.settings import Settings
from api.tasks.reading.types import ReadingOptions
from benchmarks.datasets import DatasetError
from benchmarks.text_errors import Errors, count_errors

TRUTH = "truth.json"


def run(model: Model, _settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    """Evaluate, print the table; returns what is to be written as JSON. Raises DatasetError."""
    if asked.compare:
        raise DatasetError("COMPARE is not for reading: benchmarks/reading_parity.py compares it with RapidOCR")
    truth = read_truth(asked.data)
    errors = {}
    for path, lines in tqdm(truth.items(), unit="picture", file=sys.stderr):
        pixels = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels
        errors[path.name] = count_errors([line.text for line in model.run(pixels, ReadingOptions()).lines], lines)
    total = sum(errors.values(), Errors(0, 0))
    print(f"\n{model.card.name}, {model.describe()}, {len(truth)} pictures of {asked.data.name}\n")
    print(format_errors({"all": total, **errors}))
    return {
        "model": model.card.name,
        "configuration": model.describe(),
        "data": asked.data.name,
        "pictures": len(truth),
        "characters": total.characters,
        "cer": total.rate,
    }


def read_truth(folder: Path) -> dict[Path, list[str]]:
    """Return the lines of each picture. Raises DatasetError."""
    try:
        document = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DatasetError(f"{folder} has no {TRUTH}, which says what stands in each picture") from error
    except ValueError as error:
        raise DatasetError(f"{TRUTH} is not JSON: {error}") from error
    if not isinstance(document, dict) or not document or not all(map(_is_lines, document.values())):
        raise DatasetError(f'{TRUTH} must be like {{"sign.jpg": ["STOP", "ALL WAY"]}}: the lines of each picture')
    found = {}
    for name, lines in document.items():
        places = [folder / name, folder / "images" / name]
        path = next((place for place in places if place.is_file()), None)
        if path is None:
            raise DatasetError(f"{TRUTH} names {name}, which is neither beside it nor in images/")
        found[path] = lines
    return found


def _is_lines(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)


def format_errors(errors: Mapping[str, Errors]) -> str:
    """Return a table with a row for each."""
    rows: Sequence[str] = [
        f"| {name} | {each.characters} | {each.wrong} | {each.rate:.2%} |" for name, each in errors.items()
    ]
    return "\n".join(("| picture | characters | wrong | error rate |", "| --- | --- | --- | --- |", *rows, ""))
