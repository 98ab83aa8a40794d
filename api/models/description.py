"""`NAME.toml` beside a model: what its owner says of it. The owner's word is above what the files tell or seem to."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from api.models.card import Colour, Fit, Sampling
from api.models.errors import ModelError
from api.models.labels import read_labels

OUTPUT = "[output] "


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the owner says; None or empty: nothing. `source` is where the model comes from.

    `input` holds fields of InputSpec, `output` what the family needs (the family checks it), `training` what it has
    learnt from, `own` the keys that only one format has.
    """

    task: str | None = None
    family: str | None = None
    labels: tuple[str, ...] = ()
    licence: str | None = None
    source: str | None = None
    input: Mapping[str, Any] = field(default_factory=dict)
    output: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Path, ...] = ()  # what was read


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may hold: `read` returns what it means or raises ValueError; `expected` names it."""

    expected: str
    read: Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value.strip()


def _labels(value: Any) -> Any:
    """Return a file's name, or the labels themselves."""
    if isinstance(value, list) and value:
        return tuple(_text(label) for label in value)
    name = _text(value)
    if Path(name).name != name:
        raise ValueError(value)
    return name


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(value)
    return float(value)


def _three(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError(value)
    return tuple(_number(one) for one in value)


def _spread(value: Any) -> tuple[float, ...]:
    three = _three(value)
    if min(three) <= 0:
        raise ValueError(value)
    return three


def _side(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 8192:
        raise ValueError(value)
    return value


def _size(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(value)
    return _side(value[0]), _side(value[1])


def one_of(*choices: StrEnum) -> Key:
    """Return the key that may hold one of these words."""
    words = {str(choice): choice for choice in choices}
    return Key(" or ".join(f'"{word}"' for word in words), lambda value: _known(words, value))


def _known(words: Mapping[str, Any], value: Any) -> Any:
    if not isinstance(value, str) or value not in words:
        raise ValueError(value)
    return words[value]


KEYS = {
    "task": Key('a text, such as "detection"', _text),
    "family": Key('a text, such as "yolox"', _text),
    "labels": Key("the name of a file beside it, a label a line, or a list of texts", _labels),
    "licence": Key('a text, such as "Apache-2.0"', _text),
    "source": Key('a text, such as "https://example.org/model"', _text),
    "[input] size": Key("[height, width] in pixels, such as [416, 416]", _size),
    "[input] resize": one_of(*Fit),
    "[input] sampling": one_of(*Sampling),
    "[input] shorter_side": Key("a number of pixels, such as 256", _side),
    "[input] colour": one_of(*Colour),
    "[input] scale": Key("a number, such as 1.0", _number),
    "[input] mean": Key("three numbers, such as [0.485, 0.456, 0.406]", _three),
    "[input] std": Key("three numbers above 0, such as [0.229, 0.224, 0.225]", _spread),
    "[input] pad": Key("a number from 0 to 255, such as 114", _number),
}


def description_file(name: str, folder: Path) -> Path:
    """Return where the description of model `name` is, if there is one."""
    return folder / f"{name}.toml"


def read_description(name: str, folder: Path, keys: Mapping[str, Key] = KEYS) -> Description:
    """Read `name`'s description in `folder`, which may have these `keys`; without a file, it is empty.

    Raises ModelError.
    """
    path = description_file(name, folder)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad begins its files with a mark
    except FileNotFoundError:
        return Description()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(f"{path.name} is not TOML: {error}") from error
    values: dict[str, Any] = {"input": {}, "output": {}, "training": {}, "own": {}, "files": (path,)}
    for key, value in _flatten(document):
        table, _, inner = key.rpartition("] ")
        if key.startswith(OUTPUT) and keys is KEYS:
            values["output"][inner] = value
        elif table:
            place = values["training"] if table == "[training" else values["input"]
            place[inner] = _read(path.name, key, value, keys)
        else:
            place = values if key in KEYS else values["own"]
            place[key] = _read(path.name, key, value, keys)
    if isinstance(values.get("labels"), str):
        file = folder / values["labels"]
        values |= {"labels": read_labels(file), "files": (path, file)}
    return Description(**values)


def _flatten(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield ("key", value) and, for the keys of a table, ("[table] key", value)."""
    for key, value in document.items():
        if isinstance(value, dict):
            yield from ((f"[{key}] {inner}", inner_value) for inner, inner_value in value.items())
        else:
            yield key, value


def _read(file: str, key: str, value: Any, keys: Mapping[str, Key]) -> Any:
    """Return what a value means."""
    if key not in keys:
        raise ModelError(f"{file}: there is no key `{key}`; there are {', '.join(f'`{known}`' for known in keys)}")
    try:
        return keys[key].read(value)
    except (ValueError, TypeError) as error:
        raise ModelError(f"{file}: `{key}` is {value!r}, and {keys[key].expected} is expected") from error
