"""From JSON to frozen dataclasses and back, by the types of their fields.

`bytes` are a data URL in JSON. A member that a dataclass does not have is passed over: a newer server may say more.
"""

import base64
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reader = Callable[[Any], Any]
SIGNATURES = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png"}  # the first bytes of what the server sends


class UnexpectedJson(ValueError):
    """JSON that is not what a type says."""


def from_json(kind: type[T], value: Any) -> T:
    """Return the value as `kind`. Raises UnexpectedJson."""
    reader: Reader = _reader(kind)  # type: ignore[arg-type]  # a type can be hashed
    result: T = reader(value)
    return result


def to_json(value: Any) -> Any:
    """Return what `from_json` reads. A field that is as its default is left out."""
    if is_dataclass(value):
        return {
            name_of(field): to_json(content)
            for field in fields(value)
            if (content := getattr(value, field.name)) is not field.default
        }
    if isinstance(value, bytes):
        return f"data:{SIGNATURES[value[:2]]};base64,{base64.b64encode(value).decode('ascii')}"
    if isinstance(value, Mapping):
        return {name: to_json(content) for name, content in value.items()}
    return [to_json(item) for item in value] if isinstance(value, tuple) else value


def name_of(field: "Field[Any]") -> str:
    """Return what a field is called in JSON."""
    name: str = field.metadata.get("name", field.name)
    return name


@cache
def _reader(kind: Any) -> Reader:
    """Return what reads a value of this type."""
    arguments = get_args(kind)
    match get_origin(kind):
        case None if is_dataclass(kind):
            return _object_reader(kind)
        case None:
            return _plain_reader(kind)
        case origin if origin in (Union, types.UnionType):
            return _union_reader(arguments)
        case origin if origin is Literal:
            return _literal_reader(arguments)
        case origin if origin is tuple:
            return _tuple_reader(arguments)
        case _:  # a Mapping, whose keys are text
            return _mapping_reader(arguments[1])


def _object_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    members = [(field.name, name_of(field), hints[field.name], field.default is MISSING) for field in fields(kind)]

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise UnexpectedJson(f"{kind.__name__} is not an object")
        found = {}
        for attribute, name, hint, is_required in members:
            if name in value:
                try:
                    found[attribute] = _reader(hint)(value[name])
                except UnexpectedJson as error:
                    raise UnexpectedJson(f"{kind.__name__}.{name}: {error}") from error
            elif is_required:
                raise UnexpectedJson(f"{kind.__name__} lacks {name}")
        return kind(**found)

    return read


def _plain_reader(kind: Any) -> Reader:
    if kind is Any:
        return lambda value: value
    if kind is bytes:
        return _read_data_url
    accepted = (int, float) if kind is float else kind
    is_number = kind in (int, float)

    def read(value: Any) -> Any:
        if not isinstance(value, accepted) or (is_number and isinstance(value, bool)):
            raise UnexpectedJson(f"{value!r:.40} is no {kind.__name__}")
        return value

    return read


def _read_data_url(value: Any) -> bytes:
    if not isinstance(value, str) or not value.startswith("data:"):
        raise UnexpectedJson(f"{value!r:.40} is no data URL")
    try:
        return base64.b64decode(value.partition(";base64,")[2], validate=True)
    except ValueError as error:
        raise UnexpectedJson("this data URL is damaged") from error


def _union_reader(kinds: tuple[Any, ...]) -> Reader:
    """Of a value that may be None, or of dataclasses with a `task` each of their own."""
    choices = [kind for kind in kinds if kind is not types.NoneType]
    may_be_none = len(choices) < len(kinds)
    if len(choices) == 1:
        return lambda value: None if may_be_none and value is None else _reader(choices[0])(value)
    by_task = {get_args(get_type_hints(kind)["task"])[0]: kind for kind in choices}

    def read(value: Any) -> Any:
        task = value.get("task") if isinstance(value, dict) else None
        if task not in by_task:
            raise UnexpectedJson(f"{task!r:.40} is no task that this client knows")
        return _reader(by_task[task])(value)

    return read


def _literal_reader(words: tuple[Any, ...]) -> Reader:
    def read(value: Any) -> Any:
        if value not in words:
            raise UnexpectedJson(f"{value!r:.40} is none of {', '.join(words)}")
        return value

    return read


def _tuple_reader(kinds: tuple[Any, ...]) -> Reader:
    is_open = kinds[-1] is Ellipsis
    item = _reader(kinds[0])  # all of a tuple's items are of one type here

    def read(value: Any) -> Any:
        if not isinstance(value, list) or not (is_open or len(value) == len(kinds)):
            raise UnexpectedJson(f"{value!r:.40} is no list" + ("" if is_open else f" of {len(kinds)}"))
        return tuple([item(one) for one in value])

    return read


def _mapping_reader(kind: Any) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise UnexpectedJson(f"{value!r:.40} is no object")
        return {name: _reader(kind)(content) for name, content in value.items()}

    return read
