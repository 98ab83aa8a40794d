"""Requests that Schemathesis makes up from the contract, right ones and wrong ones, against the real server."""

from http import HTTPStatus

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema

from harness.gunicorn_server import GunicornServer

EXAMPLES = 25  # for each operation and mode
LIST = "/v1/vision/custom/list"  # which reads nothing
OPERATIONS = (
    ("/", "POST"),
    ("/v1/detect", "POST"),
    ("/v1/classify", "POST"),
    ("/v1/segment", "POST"),
    ("/v1/read", "POST"),
    ("/v1/vision/detection", "POST"),
    ("/v1/vision/custom/{name}", "POST"),
    (LIST, "GET"),
    (LIST, "POST"),
    ("/v1/vision/face", "POST"),
    ("/v1/vision/scene", "POST"),
    ("/status_check", "GET"),
    ("/readyz", "GET"),
    ("/v1/labels", "GET"),
    ("/v1/models", "GET"),
    ("/openapi.json", "GET"),
    ("/v1/jobs", "POST"),
    ("/v1/jobs/{job_id}", "GET"),
    ("/v1/jobs/{job_id}", "DELETE"),
    ("/v1/jobs/{job_id}/events", "GET"),
    ("/v1/jobs/{job_id}/result.json", "GET"),
    ("/v1/jobs/{job_id}/result.mp4", "GET"),
    ("/v1/jobs/{job_id}/preview.jpg", "GET"),
)

# Nothing can be wrong with a request that has no parameter.
TRIED = [
    *[(path, method, GenerationMode.POSITIVE) for path, method in OPERATIONS],
    *[(path, method, GenerationMode.NEGATIVE) for path, method in OPERATIONS if method == "POST" and path != LIST],
]


@pytest.fixture(scope="module")
def contract(server: GunicornServer) -> OpenApiSchema:
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


def test_all_operations_are_tried(contract: OpenApiSchema):
    found = {(operation.ok().path, operation.ok().method.upper()) for operation in contract.get_all_operations()}
    assert found | {("/openapi.json", "GET")} == set(OPERATIONS)  # it leaves out the address that it was read from


@pytest.mark.parametrize(("path", "method", "mode"), TRIED)
def test_server_keeps_its_contract(contract: OpenApiSchema, path: str, method: str, mode: GenerationMode):
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(contract[path][method].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        response = case.call()
        excluded = [positive_data_acceptance]  # random bytes are no picture
        if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:  # which it does not count as refused
            excluded.append(negative_data_rejection)
        case.validate_response(response, excluded_checks=excluded)

    ask()
