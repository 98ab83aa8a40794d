"""Darknet's `.cfg` language: sections in square brackets, each with `key=value` lines.

Source: the parser of the original program, https://github.com/pjreddie/darknet/blob/master/src/option_list.c
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from api.models.errors import ModelError

T = TypeVar("T")


@dataclass(frozen=True)
class Section:
    """One section, such as `[convolutional]`, with the line it begins at (1-based)."""

    kind: str
    line: int
    values: Mapping[str, str]

    def integer(self, key: str, default: int | None = None) -> int:
        """Return the whole number at `key`, or `default`. Raises ModelError."""
        return self._read(key, default, int, "a whole number")

    def number(self, key: str, default: float | None = None) -> float:
        """Return the number at `key`, or `default`. Raises ModelError."""
        return self._read(key, default, _finite, "a number")

    def text(self, key: str, default: str | None = None) -> str:
        """Return the word at `key`, or `default`. Raises ModelError."""
        return self._read(key, default, str, "a word")

    def integers(self, key: str, default: tuple[int, ...] | None = None) -> tuple[int, ...]:
        """Return the comma-separated whole numbers at `key`, or `default`. Raises ModelError."""
        return self._read(key, default, _list_of(int), "whole numbers with commas between")

    def numbers(self, key: str, default: tuple[float, ...] | None = None) -> tuple[float, ...]:
        """Return the comma-separated numbers at `key`, or `default`. Raises ModelError."""
        return self._read(key, default, _list_of(_finite), "numbers with commas between")

    def error(self, message: str) -> ModelError:
        """Return a ModelError that names this section and its line."""
        return ModelError(f"cfg line {self.line}, [{self.kind}]: {message}")

    def _read(self, key: str, default: T | None, convert: Callable[[str], T], expected: str) -> T:
        if key not in self.values:
            if default is None:
                raise self.error(f"`{key}` is missing; {expected} is expected")
            return default
        value = self.values[key]
        try:
            return convert(value)
        except ValueError as error:
            raise self.error(f"`{key}={value}` is not {expected}") from error


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _list_of(convert: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    # Darknet reads numbers up to the next comma, so a trailing comma and blanks around it are allowed.
    return lambda text: tuple(convert(item) for item in text.rstrip(", \t").split(","))


def parse_cfg(text: str) -> list[Section]:
    """Read a cfg: the `[net]` section first, then a section for each layer.

    Lines that begin with `#` or `;` are comments, blanks within a line do not count. Raises ModelError.
    """
    sections: list[Section] = []
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = "".join(raw.split())
        if not line or line[0] in "#;":
            continue
        if line[0] == "[":
            if line[-1] != "]":
                raise ModelError(f"cfg line {number}: `{raw.strip()}` lacks its closing bracket")
            values = {}
            sections.append(Section(line[1:-1], number, values))
            continue
        key, equals, value = line.partition("=")
        if not equals or not key or not sections:
            raise ModelError(f"cfg line {number}: `{raw.strip()[:60]}` is neither [section] nor key=value")
        values[key] = value
    if not sections or sections[0].kind not in ("net", "network"):
        raise ModelError("the cfg does not begin with a [net] section: is it a Darknet cfg?")
    return sections


def read_cfg(path: Path) -> list[Section]:
    """Read a cfg file; see `parse_cfg`. Raises ModelError."""
    try:
        return parse_cfg(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError("the file is not in the weights folder") from error
    except UnicodeDecodeError as error:
        raise ModelError("it is not a text file: is it a Darknet cfg?") from error
