"""The API's contract, an OpenAPI 3.1 document: what all tasks share, a fragment from each task, and DeepStack's API."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from api.tasks.registry import TASKS
from api.tasks.task import AnyTask
from api.version import VERSION

SHARED = Path(__file__).with_name("openapi.yaml")
DEEPSTACK = Path(__file__).with_name("deepstack.yaml")


@cache
def read_contract() -> dict[str, Any]:
    """Return the whole document."""
    contract: dict[str, Any] = yaml.safe_load(SHARED.read_text(encoding="utf-8"))
    contract["info"]["version"] = VERSION
    for task in TASKS.values():
        _add_task(contract, task)
    schemas = contract["components"]["schemas"]
    schemas["JobForm"]["properties"] = schemas["AnyForm"]["properties"] | schemas["JobForm"]["properties"]
    _add_deepstack(contract)
    return contract


def _add_deepstack(contract: dict[str, Any]) -> None:
    fragment: dict[str, Any] = yaml.safe_load(DEEPSTACK.read_text(encoding="utf-8"))
    contract["paths"] |= fragment["paths"]
    for kind in ("schemas", "responses"):
        contract["components"][kind] |= fragment[kind]


def _add_task(contract: dict[str, Any], task: AnyTask) -> None:
    """Add the task's schemas, its route, its options to the form, its answer to the answers."""
    fragment: dict[str, Any] = yaml.safe_load(task.openapi.read_text(encoding="utf-8"))
    schemas = contract["components"]["schemas"]
    name = task.name.capitalize()
    form, answer = schemas["ImageForm"], schemas["ImageAnswer"]
    schemas |= fragment["schemas"]
    schemas[f"{name}Form"] = {**form, "properties": {**form["properties"], **fragment["options"]}}
    schemas[f"{name}Answer"] = {
        **answer,
        "required": [*answer["required"], *fragment["required"]],
        "properties": {**answer["properties"], "task": {"const": task.name}, **fragment["answer"]},
    }
    schemas["VideoFrame"]["properties"] |= fragment["answer"]
    schemas["Attribute"]["properties"] |= fragment["answer"]
    schemas["AnyForm"]["properties"] |= form["properties"] | fragment["options"]
    schemas["AnyAnswer"]["oneOf"].append({"$ref": f"#/components/schemas/{name}Answer"})
    schemas["AnyAnswer"]["discriminator"]["mapping"][task.name] = f"#/components/schemas/{name}Answer"
    contract["paths"][f"/v1/{task.verb}"] = {"post": _operation(contract, task, name)}


def _operation(contract: dict[str, Any], task: AnyTask, name: str) -> dict[str, Any]:
    default = contract["paths"]["/"]["post"]
    answer = {**default["responses"]["200"], "content": _content("application/json", f"{name}Answer")}
    return {
        **default,
        "operationId": task.verb,
        "summary": f"The same with this server's first model for {task.name}",
        "requestBody": {"required": True, "content": _content("multipart/form-data", f"{name}Form")},
        "responses": {**default["responses"], "200": answer},
    }


def _content(kind: str, schema: str) -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
