"""api/web/early_refusal.py: who is turned away when the queue is full, and that the answer is like any other."""

import io
import logging
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry, generate_latest
from werkzeug.test import Client, TestResponse

from api.app import create_app
from api.models.darknet.detector import Detector
from api.settings import Settings
from api.web.early_refusal import Door
from api.web.metrics import Answers
from api.web.routes import DETECT_PATHS
from api.work.admission import Admission
from api.work.loaded_models import Serving
from harness.gunicorn_server import ALLOWED_ORIGIN
from harness.life.deployment import wait_until

LIMIT_S = 10
OWN = {"Content-Length", "Retry-After", "X-Request-ID"}  # what two refusals may differ in


class Unread(io.BytesIO):
    """A body that nobody may ask for."""

    def read(self, *_args: object) -> bytes:
        raise AssertionError("the body was read")

    readinto = readline = read  # type: ignore[assignment]


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def admission() -> Admission:
    return Admission(slots=1, queue=0)


@pytest.fixture
def full(admission: Admission) -> Iterator[None]:
    """The only place is taken."""
    with admission.slot():
        yield


@pytest.fixture
def visitor(app: Flask, admission: Admission, settings: Settings, registry: CollectorRegistry) -> Client:
    """Somebody at a door of the real application."""
    origins = settings.allowed_origins
    door = Door(app, admission, paths=DETECT_PATHS, allowed_origins=origins, answers=Answers(registry))
    return Client(door)


def post(visitor: Client, path: str = "/", **headers: str) -> TestResponse:
    return visitor.post(
        path,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        input_stream=Unread(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "123456", "REMOTE_ADDR": "127.0.0.1"},
    )


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("path", DETECT_PATHS)
def test_photograph_is_refused_unread_when_the_queue_is_full(visitor: Client, path: str):
    answer = post(visitor, path)
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "urn:pagesight:problem:busy"
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert int(answer.headers["Retry-After"]) >= 1
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_photograph_is_let_in_while_there_is_room(visitor: Client):
    assert visitor.post("/").status_code == 400  # inside it is found to be none


@pytest.mark.usefixtures("full")
def test_everything_else_is_let_in(visitor: Client):
    assert visitor.get("/status_check").status_code == 200
    assert visitor.delete("/").status_code == 405
    assert visitor.post("/status_check").status_code == 405
    assert visitor.options("/", headers={"Origin": ALLOWED_ORIGIN}).status_code == 200


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "://", ""])
def test_page_of_another_site_hears_that_it_may_not_ask(visitor: Client, origin: str):
    assert post(visitor, Origin=origin).status_code == 403


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("origins", [(ALLOWED_ORIGIN,), ("*",)])
@pytest.mark.parametrize("headers", [{"Origin": ALLOWED_ORIGIN}, {}])
def test_answer_has_the_headers_of_any_other_refusal(
    origins: tuple[str, ...], headers: dict[str, str], admission: Admission, serving: Serving
):
    app = create_app(Settings(allowed_origins=origins), serving)
    door = Door(app, admission, paths=DETECT_PATHS, allowed_origins=origins, answers=Answers(CollectorRegistry()))
    refused_here, refused_inside = post(Client(door), **headers), Client(app).post("/", headers=headers)
    assert (refused_here.status_code, refused_inside.status_code) == (503, 400)
    expected = {name: value for name, value in refused_inside.headers.items() if name not in OWN}
    found = {name: value for name, value in refused_here.headers.items() if name not in OWN}
    assert found == expected


def test_application_refuses_at_its_door(settings: Settings, detector: Detector):
    may_load = threading.Event()

    def load() -> Detector:
        assert may_load.wait(LIMIT_S)
        return detector

    serving = Serving(load)
    loading = serving.start()
    visitor = create_app(replace(settings, slots=1, queue=0), serving).test_client()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(visitor.get, "/v1/labels")  # it takes the only place until the model is there
        wait_until(lambda: visitor.get("/status_check").json["queue"]["running"] == 1)
        assert post(visitor).json["type"] == "urn:pagesight:problem:busy"
        may_load.set()
        assert waiting.result(LIMIT_S).status_code == 200
    loading.join(LIMIT_S)
    assert visitor.post("/").status_code == 400


@pytest.mark.usefixtures("full")
def test_request_id_of_the_caller_comes_back(visitor: Client):
    assert post(visitor, X_Request_ID="mine-1").json["request_id"] == "mine-1"
    assert re.fullmatch(r"[0-9a-f]{32}", post(visitor, X_Request_ID="<script>").headers["X-Request-ID"])


@pytest.mark.usefixtures("full")
def test_refusal_is_logged_and_counted(visitor: Client, registry: CollectorRegistry, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "api.web.early_refusal")
    answer = post(visitor, "/v1/detect")
    line = r"client=127.0.0.0 method=POST route=/v1/detect status=503 ms=0 bytes_in=123456 bytes_out=\d+ problem=busy"
    (record,) = (record for record in caplog.records if record.name == "api.web.early_refusal")
    assert re.fullmatch(f"id={answer.json['request_id']} {line}", record.getMessage())
    counted = generate_latest(registry).decode()
    assert 'pagesight_requests_total{route="/v1/detect",status="503"} 1.0' in counted
    assert 'pagesight_refusals_total{kind="busy"} 1.0' in counted
