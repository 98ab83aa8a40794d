"""The answers as the API gives them, without drawn pictures."""

import json
from pathlib import Path

from pagesight.command.formats.answered import Answered
from pagesight.command.whole_file import whole_file


def write_json(target: Path, answered: Answered) -> None:
    """Write an object: what was asked, `images` in the order of the folder, and `unanswered` by name."""
    with whole_file(target) as file:
        file.write(f'{{"about": {_json(answered.about)},\n "images": [')
        for number, answer in enumerate(answered.json()):
            file.write(("," if number else "") + f"\n  {_json(answer)}")
        file.write(f'\n ],\n "unanswered": {_json(answered.unanswered)}}}\n')


def write_json_lines(target: Path, answered: Answered) -> None:
    """Write a line for each answer."""
    with whole_file(target) as file:
        for answer in answered.json():
            file.write(f"{_json(answer)}\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
