"""Above a rate a request without a key costs a proof of work, which is asked for before its body is read."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altcha
import pytest
from flask import Flask
from prometheus_client import generate_latest
from werkzeug.test import Client, TestResponse

from api.api_key import ApiKey, hash_key, new_key
from api.app import create_app, metrics_of
from api.settings import Settings
from api.work.loaded_models import LoadedModels
from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer, running_server
from harness.http_client import encode_form
from harness.waiting import wait_until
from tests.contract import Contract

KEY = new_key()
QUICK_S = 0.01
PATHS = ("/", "/v1/detect", "/v1/jobs")
FREE = 3


class Unread(io.BytesIO):
    """A body that nobody may ask for."""

    def read(self, *_args: object) -> bytes:
        raise AssertionError("the body was read")

    readinto = readline = read  # type: ignore[assignment]


def make(models: LoadedModels, folder: Path, challenge: int | None, **more: Any) -> Flask:
    settings = {"challenge": challenge, "challenge_seconds": QUICK_S, "site_dir": folder, **more}
    return create_app(Settings(allowed_origins=(ALLOWED_ORIGIN,), **settings), models)


@pytest.fixture
def strict(models: LoadedModels, tmp_path: Path) -> Flask:
    """An application of which nothing is free."""
    return make(models, tmp_path, 0)


def post(app: Flask, path: str = "/", address: str = "127.0.0.1", unread: bool = False, **headers: str) -> TestResponse:
    """Post nothing, which is a bad request, or a body that may not be read."""
    body = {"input_stream": Unread(), "content_type": "multipart/form-data; boundary=x"} if unread else {}
    length = {"CONTENT_LENGTH": "123456"} if unread else {}
    return Client(app).post(
        path,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        environ_overrides={"REMOTE_ADDR": address, **length},
        **body,
    )


def proof_of(answer: Any) -> str:
    """Return the payload that solves what an answer asks for."""
    challenge = altcha.Challenge.from_dict(answer["challenge"])
    solution = altcha.solve_challenge(challenge)
    assert solution
    return altcha.Payload(challenge, solution).to_base64()


def statuses(app: Flask, times: int, **how: Any) -> list[int]:
    return [post(app, **how).status_code for _ in range(times)]


@pytest.mark.parametrize("path", PATHS)
def test_photograph_without_proof_is_refused_unread(strict: Flask, path: str):
    answer = post(strict, path, unread=True)
    assert answer.status_code == 429
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "urn:pagesight:problem:proof-asked"
    assert "X-Altcha" in answer.json["detail"]
    assert answer.json["challenge"].keys() == {"parameters", "signature"}
    assert int(answer.headers["Retry-After"]) >= 1


def test_proof_lets_one_request_in(strict: Flask):
    proof = proof_of(post(strict).json)
    assert [post(strict, X_Altcha=proof).status_code for _ in range(3)] == [400, 429, 429]


@pytest.mark.parametrize("proof", ["", "nonsense", "e30=", "é"])
def test_bad_proof_is_none(strict: Flask, proof: str):
    assert post(strict, unread=True, X_Altcha=proof).status_code == 429


def test_first_requests_of_a_network_are_free(models: LoadedModels, tmp_path: Path):
    app = make(models, tmp_path, FREE)
    assert statuses(app, FREE + 2) == [400] * FREE + [429] * 2
    assert statuses(app, 2, address="127.0.0.77") == [429] * 2  # a neighbour: more of an address is not known here
    assert statuses(app, FREE + 1, address="203.0.113.5") == [400] * FREE + [429]
    proof = proof_of(post(app).json)
    assert [post(app, X_Altcha=proof).status_code for _ in range(2)] == [400, 429]


def test_nobody_is_asked_unless_the_owner_wants_it(models: LoadedModels, tmp_path: Path):
    assert statuses(make(models, tmp_path, None), 200) == [400] * 200


def test_only_what_makes_work_is_asked(strict: Flask):
    visitor = Client(strict)
    assert visitor.get("/status_check").status_code == 200
    assert visitor.get("/v1/models").status_code == 200
    assert visitor.get("/v1/jobs/" + "0" * 32).status_code == 404
    assert visitor.delete("/v1/jobs/" + "0" * 32).status_code == 404


def test_key_is_exempt(models: LoadedModels, tmp_path: Path):
    app = make(models, tmp_path, 0, api_keys=(ApiKey("frigate", hash_key(KEY)),))
    assert statuses(app, 5, X_API_Key=KEY) == [400] * 5
    assert statuses(app, 2, X_API_Key=new_key()) == [401] * 2
    assert statuses(app, 2, Origin=ALLOWED_ORIGIN) == [429] * 2


def test_home_automation_needs_a_key_beyond_the_rate(models: LoadedModels, tmp_path: Path):
    """Its clients prove nothing; their keys come in the form, which has to be read."""
    app = make(models, tmp_path, 1, api_keys=(ApiKey("frigate", hash_key(KEY)),))
    asking = {"path": "/v1/vision/detection", "environ_overrides": {"REMOTE_ADDR": "127.0.0.1"}}
    answers = [Client(app).post(**asking, headers={"Origin": ALLOWED_ORIGIN}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 429]
    assert answers[1].json["success"] is False
    assert "without a key" in answers[1].json["error"]
    assert [Client(app).post(**asking, data={"api_key": KEY}).status_code for _ in range(2)] == [400] * 2


def test_program_of_this_machine_is_exempt(strict: Flask):
    """`deploy/install.sh` tries a new version by its UNIX socket; whoever comes through a proxy has an address."""
    assert statuses(strict, 2, address="") == [400] * 2
    assert statuses(strict, 2, address="", X_Forwarded_For="203.0.113.0") == [429] * 2


def test_page_of_another_site_hears_that_it_may_not_ask(strict: Flask):
    assert post(strict, unread=True, Origin="https://evil.example").status_code == 403


def test_allowed_page_may_read_the_challenge_and_send_the_proof(strict: Flask):
    refused = post(strict, Origin=ALLOWED_ORIGIN)
    assert refused.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-altcha"}
    preflight = Client(strict).options("/", headers={"Origin": ALLOWED_ORIGIN, **asked})
    assert preflight.status_code == 200
    assert "x-altcha" in preflight.headers["Access-Control-Allow-Headers"].lower()
    assert post(strict, Origin=ALLOWED_ORIGIN, X_Altcha=proof_of(refused.json)).status_code == 400


def test_refusals_are_counted(strict: Flask):
    post(strict)
    counted = generate_latest(metrics_of(strict)).decode()
    assert 'pagesight_refusals_total{kind="proof-asked"} 1.0' in counted


@pytest.fixture(scope="module")
def server() -> Iterator[GunicornServer]:
    """A server of two workers, of which nothing is free."""
    workers = {"GUNICORN_CMD_ARGS": "--workers=2", "PAGESIGHT_SLOTS": "1"}
    with running_server(PAGESIGHT_CHALLENGE="0", PAGESIGHT_CHALLENGE_SECONDS=str(QUICK_S), **workers) as started:
        yield started


def test_proof_that_one_worker_asked_for_is_taken_by_any_other(server: GunicornServer, dog: bytes):
    contract = Contract(server.client.get("/openapi.json").json)
    body, headers = encode_form(dog, annotate="false")
    wait_until(lambda: len(server.worker_pids) == 2)
    for _ in range(8):  # that all of them went to one worker happens once in 16,000 runs, and then proves nothing
        refused = server.client.request("POST", "/v1/detect", body, headers)
        contract.check("POST", "/v1/detect", status=429, headers=refused.headers, content=refused.json)
        answer = server.client.request("POST", "/v1/detect", body, {**headers, "X-Altcha": proof_of(refused.json)})
        assert answer.status == 200
        assert "dog" in {found["label"] for found in answer.json["detections"]}
