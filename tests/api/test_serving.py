"""api/serving.py: loading, ready, failed, draining, and what the routes say of each."""

import threading

import pytest
from flask import Flask

from api.app import create_app
from api.detection.detector import Detector
from api.detection.errors import ModelError
from api.errors import NotReady
from api.serving import Serving
from api.settings import Settings
from tests.http_client import encode_form

LIMIT_S = 10


def fail_with(error: Exception) -> Serving:
    def load() -> Detector:
        raise error

    serving = Serving(load)
    serving.start().join(LIMIT_S)
    return serving


def assert_not_ready(serving: Serving, words: str) -> None:
    assert not serving.is_ready
    with pytest.raises(NotReady, match=words) as refused:
        serving.detector()
    assert refused.value.retry_after_s


def test_health_is_answered_while_the_model_loads(detector: Detector):
    may_load = threading.Event()

    def load() -> Detector:
        assert may_load.wait(LIMIT_S)
        return detector

    serving = Serving(load)
    thread = serving.start()
    assert_not_ready(serving, "being loaded")
    assert serving.class_count == 0
    may_load.set()
    thread.join(LIMIT_S)
    assert serving.is_ready
    assert serving.detector() is detector
    assert serving.class_count == 80


def test_wrong_model_is_told_with_its_reason(caplog: pytest.LogCaptureFixture):
    serving = fail_with(ModelError("yolov3.weights is too short"))
    assert_not_ready(serving, "cannot be used: yolov3.weights is too short")
    assert "yolov3.weights is too short" in caplog.text


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), OSError()])
def test_model_that_cannot_be_loaded_is_told_without_its_reason(error: Exception, caplog: pytest.LogCaptureFixture):
    serving = fail_with(error)
    assert_not_ready(serving, "its log says why")
    assert str(error) in caplog.text


def test_draining_takes_no_new_work(serving: Serving):
    serving.drain()
    assert_not_ready(serving, "being restarted")


def test_draining_while_loading_stays_draining(detector: Detector):
    serving = Serving(lambda: detector)
    serving.drain()
    serving.start().join(LIMIT_S)
    assert_not_ready(serving, "being restarted")


def test_draining_after_a_failure_says_so(caplog: pytest.LogCaptureFixture):
    serving = fail_with(ModelError("broken"))
    serving.drain()
    assert_not_ready(serving, "being restarted")


@pytest.fixture(params=["loading", "failed", "draining"])
def unready_app(request: pytest.FixtureRequest, settings: Settings, serving: Serving) -> Flask:
    if request.param == "draining":
        serving.drain()
        return create_app(settings, serving)
    failed = fail_with(ModelError("broken"))
    return create_app(settings, failed if request.param == "failed" else Serving(lambda: pytest.fail("never started")))


@pytest.mark.parametrize(("method", "path"), [("GET", "/readyz"), ("POST", "/"), ("POST", "/v1/detect")])
def test_unready_server_turns_work_away(unready_app: Flask, method: str, path: str):
    body, headers = encode_form(b"whatever")
    answer = unready_app.test_client().open(path, method=method, data=body, headers=headers)
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "urn:pagesight:problem:not-ready"
    assert int(answer.headers["Retry-After"]) >= 1


def test_unready_server_says_it_is_busy(unready_app: Flask):
    answer = unready_app.test_client().get("/status_check")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["message"]) == ("busy", "GET request received")


def test_ready_server_says_so(app: Flask):
    assert app.test_client().get("/readyz").json == {"status": "ready"}
    status = app.test_client().get("/status_check").json
    assert (status["status"], status["classes"], status["model"]) == ("online", 80, "yolov3-tiny")
