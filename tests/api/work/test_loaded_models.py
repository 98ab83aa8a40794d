"""api/work/loaded_models.py: loading, ready, failed, draining, and what the routes say of each."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from api.app import create_app
from api.errors import NotReady
from api.models.darknet.detector import Detector
from api.models.errors import ModelError
from api.settings import Settings
from api.work.loaded_models import Serving
from harness.http_client import encode_form
from harness.waiting import wait_until

LIMIT_S = 10
AT_ONCE_S = 0.01


class SlowModel:
    """A model whose loading ends when the test says so. `detector` may be an error that it ends with."""

    def __init__(self, detector: Detector | Exception, *, patience_s: float = LIMIT_S) -> None:
        self.may_load = threading.Event()
        self._outcome = detector
        self.serving = Serving(self._load, patience_s=patience_s)
        self.thread = self.serving.start()

    def finish(self) -> None:
        self.may_load.set()
        self.thread.join(LIMIT_S)

    def _load(self) -> Detector:
        assert self.may_load.wait(LIMIT_S)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


def fail_with(error: Exception) -> Serving:
    model = SlowModel(error)
    model.finish()
    return model.serving


def assert_not_ready(serving: Serving, words: str) -> None:
    assert not serving.is_ready
    with pytest.raises(NotReady, match=words) as refused:
        serving.require_ready()
    assert refused.value.retry_after_s


def test_health_is_told_while_the_model_loads(detector: Detector):
    model = SlowModel(detector)
    assert_not_ready(model.serving, "being loaded")
    assert model.serving.class_count == 0
    assert model.serving.precision is None
    model.finish()
    assert model.serving.is_ready
    model.serving.require_ready()
    assert model.serving.class_count == 80
    assert model.serving.precision == detector.runtime.execution.precision


def test_detector_is_waited_for(detector: Detector):
    model = SlowModel(detector)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(model.serving.detector)
        model.finish()
        assert waiting.result(LIMIT_S) is detector


def test_patience_has_an_end(detector: Detector):
    model = SlowModel(detector, patience_s=AT_ONCE_S)
    with pytest.raises(NotReady, match="being loaded"):
        model.serving.detector()
    model.finish()


def test_wrong_model_is_told_with_its_reason(caplog: pytest.LogCaptureFixture):
    serving = fail_with(ModelError("yolov3.weights is too short"))
    assert_not_ready(serving, "cannot be used: yolov3.weights is too short")
    assert "yolov3.weights is too short" in caplog.text


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), OSError()])
def test_model_that_cannot_be_loaded_is_told_without_its_reason(error: Exception, caplog: pytest.LogCaptureFixture):
    serving = fail_with(error)
    assert_not_ready(serving, "its log says why")
    assert str(error) in caplog.text


def test_who_waits_for_a_wrong_model_is_told_at_once(caplog: pytest.LogCaptureFixture):
    model = SlowModel(ModelError("broken"), patience_s=10 * LIMIT_S)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(model.serving.detector)
        model.finish()
        with pytest.raises(NotReady, match="broken"):
            waiting.result(LIMIT_S)


def test_draining_server_wants_no_new_requests_and_answers_those_it_has(serving: Serving, detector: Detector):
    serving.drain()
    assert_not_ready(serving, "being restarted")
    assert serving.detector() is detector


def test_draining_while_loading_stays_draining(detector: Detector):
    model = SlowModel(detector)
    model.serving.drain()
    model.finish()
    assert_not_ready(model.serving, "being restarted")
    assert model.serving.detector() is detector


def test_draining_after_a_failure_says_so(caplog: pytest.LogCaptureFixture):
    serving = fail_with(ModelError("broken"))
    serving.drain()
    assert_not_ready(serving, "being restarted")


def ask(app: Flask, path: str, method: str = "POST") -> TestResponse:
    body, headers = encode_form(b"whatever")
    return app.test_client().open(path, method=method, data=body, headers=headers)


def queue_of(app: Flask) -> dict[str, int]:
    queue: dict[str, int] = app.test_client().get("/status_check").json["queue"]
    return queue


def assert_turned_away(answer: TestResponse, kind: str) -> None:
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == f"urn:pagesight:problem:{kind}"
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize(("method", "path"), [("GET", "/readyz"), ("GET", "/v1/labels"), ("POST", "/v1/detect")])
def test_server_with_a_wrong_model_turns_work_away(settings: Settings, method: str, path: str):
    answer = ask(create_app(settings, fail_with(ModelError("broken"))), path, method)
    assert_turned_away(answer, "not-ready")


def test_readiness_is_told_at_once_while_the_model_loads(settings: Settings, detector: Detector):
    model = SlowModel(detector)
    assert_turned_away(ask(create_app(settings, model.serving), "/readyz", "GET"), "not-ready")
    model.finish()


def test_server_that_drains_is_not_ready_and_works(settings: Settings, serving: Serving):
    serving.drain()
    app = create_app(settings, serving)
    assert_turned_away(ask(app, "/readyz", "GET"), "not-ready")
    assert ask(app, "/").status_code == 415


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/labels", 200), ("POST", "/", 415)])
def test_request_waits_for_the_model(settings: Settings, detector: Detector, method: str, path: str, status: int):
    model = SlowModel(detector)
    app = create_app(settings, model.serving)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(ask, app, path, method)
        wait_until(lambda: queue_of(app)["running"] == 1)
        model.finish()
        assert waiting.result(LIMIT_S).status_code == status


def test_only_so_many_wait_for_the_model(settings: Settings, detector: Detector):
    model = SlowModel(detector)
    app = create_app(replace(settings, slots=1, queue=1), model.serving)
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(ask, app, "/") for _ in range(2)]
        wait_until(lambda: queue_of(app) == {"running": 1, "waiting": 1, "capacity": 1})
        assert_turned_away(ask(app, "/"), "busy")
        assert_turned_away(ask(app, "/v1/labels", "GET"), "busy")
        model.finish()
        assert {future.result(LIMIT_S).status_code for future in waiting} == {415}


def test_unready_server_says_it_is_busy(settings: Settings):
    answer = create_app(settings, fail_with(ModelError("broken"))).test_client().get("/status_check")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["message"]) == ("busy", "GET request received")


def test_ready_server_says_so(app: Flask):
    assert app.test_client().get("/readyz").json == {"status": "ready"}
    status = app.test_client().get("/status_check").json
    assert (status["status"], status["classes"], status["model"]) == ("online", 80, "yolov3-tiny")
