"""The Python client's types against the API's contract: each knows all of the other."""

import types
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from pagesight import AnyAnswer, Box, Job, Keypoint, Models, Problem, ServerStatus, VideoAnswer, options
from pagesight.from_json import name_of
from pagesight.server import Labels

from api.web.openapi import read_contract

CONTRACT = read_contract()
SCHEMAS = CONTRACT["components"]["schemas"]
ANSWERS = {
    "/status_check": ServerStatus,
    "/v1/models": Models,
    "/v1/labels": Labels,
}
NAMED = {"AnyAnswer": AnyAnswer, "Job": Job, "VideoAnswer": VideoAnswer, "Problem": Problem}
FORMS = {
    "AnyForm": options.AnyOptions,
    "DetectionForm": options.DetectionOptions,
    "ClassificationForm": options.ClassificationOptions,
    "SegmentationForm": options.SegmentationOptions,
    "ReadingForm": options.ReadingOptions,
    "JobForm": options.JobOptions,
}
MADE_BY_THE_CLIENT = {"file", "image", "key"}
WORDS = {str: "string", bool: "boolean", int: "integer", float: "number", bytes: "string"}


def differences(kind: Any, schema: dict[str, Any], where: str, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """Give what a type and a schema do not have in common; `known` are the schemas that are being compared."""
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in known:
            return
        known |= {name}
        schema = SCHEMAS[name]
    choices = [choice for choice in get_args(kind) if choice is not types.NoneType]
    if get_origin(kind) in (Union, types.UnionType):
        if len(choices) == 1:
            yield from differences(choices[0], without_null(schema), where, known)
        else:
            assert len(choices) == len(schema["oneOf"])
            for choice, one in zip(choices, schema["oneOf"], strict=True):
                yield from differences(choice, one, where, known)
    elif is_dataclass(kind):
        yield from members(kind, schema, where, known)
    elif get_origin(kind) is tuple:
        length = schema.get("maxItems") if schema.get("minItems") == schema.get("maxItems") else None
        if schema.get("type") != "array" or (choices[-1] is not Ellipsis and len(choices) != length):
            yield f"{where}: {kind} is not {schema}"
        yield from differences(choices[0], schema["items"], f"{where}[]", known)
    elif get_origin(kind) is Literal:
        words = schema["enum"] if "enum" in schema else [schema["const"]]
        if list(choices) != words:
            yield f"{where}: {choices} are not {words}"
    elif kind in WORDS:
        written = type_of(schema)
        if written != WORDS[kind]:
            yield f"{where}: {kind.__name__} is not {written}"
        if (kind is bytes) != schema.get("pattern", "").startswith("^data:"):
            yield f"{where}: bytes are data URLs, and these are bytes"
    elif schema.get("type") != "object":
        yield f"{where}: {kind} is not {schema}"
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from differences(choices[1], schema["additionalProperties"], f"{where}{{}}", known)


def members(kind: Any, schema: dict[str, Any], where: str, known: frozenset[str]) -> Iterator[str]:
    properties, required = schema.get("properties", {}), set(schema.get("required", []))
    own = {name_of(field): field for field in fields(kind)}
    hints = get_type_hints(kind)
    for name in own.keys() ^ (properties.keys() | required):
        yield f"{where}.{name} is only in the {'type' if name in own else 'contract'}"
    for name in own.keys() & properties.keys():
        if (own[name].default is MISSING) != (name in required):
            yield f"{where}.{name} is {'' if name in required else 'not '}required"
        yield from differences(hints[own[name].name], properties[name], f"{where}.{name}", known)


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: [one for one in value if one != "null"] if name == "type" and isinstance(value, list) else value
            for name, value in schema.items()}  # fmt: skip


def type_of(schema: dict[str, Any]) -> str:
    if "enum" in schema or "const" in schema:
        return "string"
    given = schema["type"]
    return given[0] if isinstance(given, list) else given


@pytest.mark.parametrize("path", ANSWERS)
def test_answer_of_a_path_is_that_of_the_contract(path: str):
    schema = CONTRACT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert list(differences(ANSWERS[path], schema, path)) == []


@pytest.mark.parametrize("name", NAMED)
def test_type_is_that_of_the_contract(name: str):
    assert list(differences(NAMED[name], SCHEMAS[name], name)) == []


@pytest.mark.parametrize("form", FORMS)
def test_options_are_those_of_the_contract(form: str):
    assert set(get_type_hints(FORMS[form])) == set(SCHEMAS[form]["properties"]) - MADE_BY_THE_CLIENT


def test_comparison_sees_what_differs():
    broken = {**SCHEMAS["Box"], "properties": {**SCHEMAS["Box"]["properties"], "z": {"type": "number"}}}
    assert list(differences(Box, broken, "Box")) == ["Box.z is only in the contract"]
    assert "Box.name is only in the type" in list(differences(Keypoint, broken, "Box"))
