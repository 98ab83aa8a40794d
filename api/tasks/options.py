"""The options of a task: what a request may ask beside the image, each with its bounds.

A task's options are a frozen dataclass whose fields are made by `option`; the form, the settings of the same name and
`/status_check` all read that one class.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a value from its text. `read` raises ValueError for what is not `expected`."""

    expected: str
    read: Callable[[str], Any]


def whole_number(low: int, high: int) -> Reader:
    """Return the reader of a whole number in plain digits."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and low <= int(text) <= high):
            raise ValueError(text)
        return int(text)

    return Reader(f"a whole number from {low} to {high}", read)


def number(low: float, high: float) -> Reader:
    """Return the reader of a number in plain digits."""

    def read(text: str) -> float:
        # `float` alone reads "0_5", infinities and the digits of every alphabet too.
        value = float(text) if NUMBER.fullmatch(text) else math.nan
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return Reader(f"a number from {low:g} to {high:g}", read)


def _read_truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _read_names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise ValueError(text)
    return names


FRACTION = number(0, 1)
TRUTH = Reader("`true` or `false`", _read_truth)
NAMES = Reader("names with commas between", _read_names)


def option(default: Any, reader: Reader, *, may_be_ignored: bool = True) -> Any:
    """Return a field of a task's options.

    `may_be_ignored` False: who asks it of a model of another task is told so, because what comes without it would be
    taken for what was asked.
    """
    return field(default=default, metadata={"reader": reader, "may_be_ignored": may_be_ignored})
