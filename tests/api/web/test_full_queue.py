"""A full queue: a photograph is refused before its body is read, and everything else is answered."""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client import generate_latest
from werkzeug.test import Client, TestResponse

from api.app import create_app, metrics_of
from api.settings import Settings
from api.work.admission import Admission
from api.work.loaded_models import LoadedModels
from harness.gunicorn_server import ALLOWED_ORIGIN

PATHS = ("/", "/v1/detect", "/v1/classify", "/v1/segment")


class Unread(io.BytesIO):
    """A body that nobody may ask for."""

    def read(self, *_args: object) -> bytes:
        raise AssertionError("the body was read")

    readinto = readline = read  # type: ignore[assignment]


@pytest.fixture
def full(models: LoadedModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application whose only place is taken."""
    taken = Admission(slots=1, queue=0)
    monkeypatch.setattr("api.app.Admission", lambda **_limits: taken)
    with taken.slot():
        yield create_app(Settings(allowed_origins=(ALLOWED_ORIGIN,), site_dir=tmp_path), models)


def post(app: Flask, path: str = "/", **headers: str) -> TestResponse:
    return Client(app).post(
        path,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        input_stream=Unread(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "123456", "REMOTE_ADDR": "127.0.0.1"},
    )


@pytest.mark.parametrize("path", PATHS)
def test_photograph_is_refused_unread(full: Flask, path: str):
    answer = post(full, path)
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "urn:pagesight:problem:busy"
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert int(answer.headers["Retry-After"]) >= 1
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("what", ["detection", "face", "scene", "custom/yolov3-tiny"])
def test_home_automation_is_refused_in_its_own_words(full: Flask, what: str):
    answer = post(full, f"/v1/vision/{what}")
    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert answer.json == {"success": False, "error": "Every place in the queue is taken. Try again.", "duration": 0.0}
    assert int(answer.headers["Retry-After"]) >= 1


def test_photograph_is_let_in_while_there_is_room(app: Flask):
    assert Client(app).post("/").status_code == 400


def test_everything_else_is_answered(full: Flask):
    visitor = Client(full)
    assert visitor.get("/status_check").json["status"] == "busy"
    assert visitor.get("/v1/models").status_code == 200
    assert visitor.delete("/").status_code == 405
    assert visitor.post("/status_check").status_code == 405
    assert visitor.options("/", headers={"Origin": ALLOWED_ORIGIN}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "://", ""])
def test_page_of_another_site_hears_that_it_may_not_ask(full: Flask, origin: str):
    assert post(full, Origin=origin).status_code == 403


def test_refusal_has_the_headers_of_any_other_error(app: Flask, full: Flask):
    own = {"Content-Length", "Retry-After", "X-Request-ID"}  # what two refusals may differ in
    busy, bad = post(full, Origin=ALLOWED_ORIGIN), Client(app).post("/", headers={"Origin": ALLOWED_ORIGIN})
    assert (busy.status_code, bad.status_code) == (503, 400)
    kept = [{name: value for name, value in answer.headers.items() if name not in own} for answer in (busy, bad)]
    assert kept[0] == kept[1]


def test_request_id_of_the_caller_comes_back(full: Flask):
    assert post(full, X_Request_ID="mine-1").json["request_id"] == "mine-1"
    assert re.fullmatch(r"[0-9a-f]{32}", post(full, X_Request_ID="<script>").headers["X-Request-ID"])


def test_refusal_is_logged_and_counted(full: Flask, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "api.web.access_log")
    answer = post(full, "/v1/detect")
    line = r"client=127.0.0.0 key=- method=POST route=/v1/detect status=503 ms=\d+ bytes_in=123456 bytes_out=\d+"
    (record,) = (record for record in caplog.records if record.name == "api.web.access_log")
    assert re.fullmatch(f"id={answer.json['request_id']} {line} problem=busy model=-", record.getMessage())
    counted = generate_latest(metrics_of(full)).decode()
    assert 'pagesight_requests_total{route="/v1/detect",status="503"} 1.0' in counted
    assert 'pagesight_refusals_total{kind="busy"} 1.0' in counted
