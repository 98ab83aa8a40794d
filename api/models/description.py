"""`NAME.toml` beside a model: what its owner says of it. The owner's word is above what the files tell or seem to."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.models.card import Fit
from api.models.errors import ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the owner says; None: nothing. `source` is where the model comes from."""

    licence: str | None = None
    source: str | None = None
    resize: Fit | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may hold: `read` turns the value into that of `field` or raises ValueError; `expected` names it."""

    field: str
    expected: str
    read: Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value.strip()


KEYS = {
    "licence": Key("licence", 'a text, such as "Apache-2.0"', _text),
    "source": Key("source", 'a text, such as "https://example.org/model"', _text),
    "[input] resize": Key("resize", " or ".join(f'"{fit}"' for fit in Fit), Fit),
}


def description_file(name: str, folder: Path) -> Path:
    """Return where the description of model `name` is, if there is one."""
    return folder / f"{name}.toml"


def read_description(name: str, folder: Path) -> Description:
    """Read `name`'s description in `folder`; without a file, it is empty. Raises ModelError."""
    path = description_file(name, folder)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad begins its files with a mark
    except FileNotFoundError:
        return Description()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path.name} is not TOML: {error}") from error
    return Description(**dict(_read(path.name, key, value) for key, value in _flatten(document)))


def _flatten(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield ("key", value) and, for the keys of a table, ("[table] key", value)."""
    for key, value in document.items():
        if isinstance(value, dict):
            yield from ((f"[{key}] {inner}", inner_value) for inner, inner_value in value.items())
        else:
            yield key, value


def _read(file: str, key: str, value: Any) -> tuple[str, Any]:
    """Return the name of the field and what it becomes."""
    if key not in KEYS:
        raise ModelError(f"{file}: there is no key `{key}`; there are {', '.join(f'`{known}`' for known in KEYS)}")
    known = KEYS[key]
    try:
        return known.field, known.read(value)
    except ValueError as error:
        raise ModelError(f"{file}: `{key}` is {value!r}, and {known.expected} is expected") from error
