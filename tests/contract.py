"""Answers of the API held against its contract, api/openapi.yaml as the server gives it out."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

PROBLEM = "application/problem+json"


class Contract:
    """An OpenAPI 3.1 document, whose schemas are JSON Schema 2020-12."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def check(self, method: str, path: str, *, status: int, headers: Mapping[str, str], content: Any) -> None:
        """Fail unless the contract describes this answer: status, type, headers and every member."""
        response = self._response(method, path, status)
        media_type = (headers.get("Content-Type") or "").partition(";")[0]
        assert media_type in response["content"], f"{method} {path} {status} is said not to be {media_type}"
        self._validate(response["content"][media_type]["schema"], content)
        for name, header in response.get("headers", {}).items():
            schema = self._resolve(header)["schema"]
            given = headers.get(name)
            assert given is not None, f"{method} {path} {status} lacks the header {name}"
            self._validate(schema, int(given) if schema["type"] == "integer" else given)

    def _response(self, method: str, path: str, status: int) -> dict[str, Any]:
        operation = self.document["paths"].get(path, {}).get(method.lower())
        if operation is None:  # an unknown path or a wrong method: the contract has only the shape of errors
            assert status in (404, 405)
            return {"content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        responses = operation["responses"]
        assert str(status) in responses, f"{method} {path} is said never to answer {status}"
        return self._resolve(responses[str(status)])

    def _resolve(self, part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            found: Any = self.document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part

    def _validate(self, schema: dict[str, Any], content: Any) -> None:
        whole = {**schema, "components": self.document["components"]}
        Draft202012Validator(whole, format_checker=FormatChecker()).validate(content)
