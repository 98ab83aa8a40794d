"""api/work/loaded_models.py: loading, ready, failed, draining, and what the routes say of each."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from api.app import create_app
from api.errors import NoSuchModel, NotReady
from api.models.errors import ModelError
from api.models.model import Model
from api.settings import Settings
from api.work.loaded_models import LoadedModels
from harness.applications import ready_models
from harness.http_client import encode_form
from harness.waiting import wait_until

LIMIT_S = 10
AT_ONCE_S = 0.01


class SlowModel:
    """A model whose loading ends when the test says so. `model` may be an error that it ends with."""

    def __init__(self, model: Model | Exception, *, patience_s: float = LIMIT_S) -> None:
        self.may_load = threading.Event()
        self._outcome = model
        self.models = LoadedModels(["yolov3-tiny"], self._load, patience_s=patience_s)
        self.thread = self.models.start()

    def finish(self) -> None:
        self.may_load.set()
        self.thread.join(LIMIT_S)

    def _load(self, _name: str) -> Model:
        assert self.may_load.wait(LIMIT_S)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


def named(model: Model, name: str, task: str = "detection") -> Model:
    return replace(model, card=replace(model.card, name=name, task=task))


def fail_with(error: Exception) -> LoadedModels:
    slow = SlowModel(error)
    slow.finish()
    return slow.models


def one_broken(model: Model, *, broken: str) -> LoadedModels:
    """Return the models `first` and `second`, of which one cannot be used."""

    def load(name: str) -> Model:
        if name == broken:
            raise ModelError("its weights are cut off")
        return named(model, name)

    models = LoadedModels(["first", "second"], load)
    models.start().join(LIMIT_S)
    return models


def assert_not_ready(models: LoadedModels, words: str) -> None:
    assert not models.is_ready
    with pytest.raises(NotReady, match=words) as refused:
        models.require_ready()
    assert refused.value.retry_after_s


def test_first_model_that_fits(model: Model):
    models = ready_models(named(model, "areas", "segmentation"), named(model, "cars"), named(model, "dogs"))
    assert models.first(lambda card: card.task == "detection", "None finds.").card.name == "cars"
    with pytest.raises(NoSuchModel, match=r"^None finds\.$"):
        models.first(lambda card: card.name == "cats", "None finds.")


def test_state_is_known_while_the_model_loads(model: Model):
    slow = SlowModel(model)
    assert_not_ready(slow.models, "being loaded")
    assert [(one.state, one.model) for one in slow.models.states()] == [("loading", None)]
    slow.finish()
    slow.models.require_ready()
    (state,) = slow.models.states()
    assert (state.state, state.model) == ("ready", model)


def test_model_is_waited_for(model: Model):
    slow = SlowModel(model)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(slow.models.get)
        slow.finish()
        assert waiting.result(LIMIT_S).engine is model.engine


def test_patience_has_an_end(model: Model):
    slow = SlowModel(model, patience_s=AT_ONCE_S)
    with pytest.raises(NotReady, match="being loaded"):
        slow.models.get()
    slow.finish()


def test_server_is_not_ready_before_its_last_model_is(model: Model):
    may_load = threading.Event()

    def load(name: str) -> Model:
        assert name == "first" or may_load.wait(LIMIT_S)
        return named(model, name)

    models = LoadedModels(["first", "second"], load)
    loading = models.start()
    assert models.get("first").card.name == "first"
    assert_not_ready(models, "being loaded")
    may_load.set()
    loading.join(LIMIT_S)
    models.require_ready()


def test_wrong_model_is_refused_with_its_reason(caplog: pytest.LogCaptureFixture):
    models = fail_with(ModelError("yolov3.weights is too short"))
    assert_not_ready(models, "cannot be used: yolov3.weights is too short")
    assert "yolov3.weights is too short" in caplog.text


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), OSError()])
def test_model_that_cannot_be_loaded_is_refused_without_its_reason(error: Exception, caplog: pytest.LogCaptureFixture):
    models = fail_with(error)
    assert_not_ready(models, "its log says why")
    assert str(error) in caplog.text


def test_request_for_a_wrong_model_does_not_wait(caplog: pytest.LogCaptureFixture):
    slow = SlowModel(ModelError("broken"), patience_s=10 * LIMIT_S)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(slow.models.get)
        slow.finish()
        with pytest.raises(NotReady, match="broken"):
            waiting.result(LIMIT_S)


def test_draining_server_wants_no_new_requests_and_answers_those_it_has(models: LoadedModels, model: Model):
    models.drain()
    assert_not_ready(models, "being restarted")
    assert models.get().engine is model.engine


def test_draining_while_loading_stays_draining(model: Model):
    slow = SlowModel(model)
    slow.models.drain()
    slow.finish()
    assert_not_ready(slow.models, "being restarted")
    assert slow.models.get().engine is model.engine


def test_draining_after_a_failure_says_so(caplog: pytest.LogCaptureFixture):
    models = fail_with(ModelError("broken"))
    models.drain()
    assert_not_ready(models, "being restarted")


def test_models_are_chosen_by_name_and_the_first_is_the_default(model: Model):
    models = ready_models(named(model, "first"), named(model, "second"))
    assert [models.get(name).card.name for name in (None, "first", "second")] == ["first", "first", "second"]
    with pytest.raises(NoSuchModel, match="This server has these models: first, second"):
        models.get("third")


def test_default_of_a_task_is_its_first_model(model: Model):
    models = ready_models(named(model, "labels", "classification"), named(model, "a"), named(model, "b"))
    assert models.get(task="detection").card.name == "a"
    with pytest.raises(NoSuchModel, match="No model of this server is for segmentation"):
        models.get(task="segmentation")
    with pytest.raises(NoSuchModel, match="The model labels is not for detection"):
        models.get("labels", "detection")


@pytest.mark.parametrize(("broken", "serves"), [("first", "second"), ("second", "first")])
def test_others_serve_beside_a_broken_model(model: Model, broken: str, serves: str):
    models = one_broken(model, broken=broken)
    assert models.is_ready
    assert models.get(serves).card.name == serves
    with pytest.raises(NotReady, match="its weights are cut off"):
        models.get(broken)
    assert models.get(task="detection").card.name == serves


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


def test_readiness_is_told_at_once_while_the_model_loads(settings: Settings, model: Model):
    slow = SlowModel(model)
    assert_turned_away(ask(create_app(settings, slow.models), "/readyz", "GET"), "not-ready")
    slow.finish()


def test_server_that_drains_is_not_ready_and_works(settings: Settings, models: LoadedModels):
    models.drain()
    app = create_app(settings, models)
    assert_turned_away(ask(app, "/readyz", "GET"), "not-ready")
    assert ask(app, "/").status_code == 415


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/labels", 200), ("POST", "/", 415)])
def test_request_waits_for_the_model(settings: Settings, model: Model, method: str, path: str, status: int):
    slow = SlowModel(model)
    app = create_app(settings, slow.models)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(ask, app, path, method)
        wait_until(lambda: queue_of(app)["running"] == 1)
        slow.finish()
        assert waiting.result(LIMIT_S).status_code == status


def test_only_so_many_wait_for_the_model(settings: Settings, model: Model):
    slow = SlowModel(model)
    app = create_app(replace(settings, slots=1, queue=1), slow.models)
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(ask, app, "/") for _ in range(2)]
        wait_until(lambda: queue_of(app) == {"running": 1, "waiting": 1, "capacity": 1})
        assert_turned_away(ask(app, "/"), "busy")
        assert_turned_away(ask(app, "/v1/labels", "GET"), "busy")
        slow.finish()
        assert {future.result(LIMIT_S).status_code for future in waiting} == {415}


def test_unready_server_says_it_is_busy(settings: Settings):
    answer = create_app(settings, fail_with(ModelError("broken"))).test_client().get("/status_check")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["message"]) == ("busy", "GET request received")


def test_ready_server_says_so(app: Flask):
    assert app.test_client().get("/readyz").json == {"status": "ready"}
    status = app.test_client().get("/status_check").json
    assert (status["status"], status["classes"], status["model"]) == ("online", 80, "yolov3-tiny")


def test_readiness_names_a_model_that_cannot_be_used(settings: Settings, model: Model):
    visitor = create_app(settings, one_broken(model, broken="second")).test_client()
    answer = visitor.get("/readyz")
    assert answer.status_code == 200
    (failed,) = answer.json["failed"]
    assert failed["model"] == "second"
    assert "its weights are cut off" in failed["detail"]
    states = {known["name"]: known["state"] for known in visitor.get("/v1/models").json["models"]}
    assert states == {"first": "ready", "second": "failed"}


def test_answer_is_of_the_model_that_was_named(settings: Settings, model: Model, dog: bytes):
    app = create_app(settings, ready_models(named(model, "first"), named(model, "second")))
    for fields, expected in (({}, "first"), ({"model": "second"}, "second"), ({"model": "first"}, "first")):
        body, headers = encode_form(dog, **fields)
        assert app.test_client().post("/", data=body, headers=headers).json["model"] == expected
    body, headers = encode_form(dog, model="third")
    refused = app.test_client().post("/", data=body, headers=headers)
    assert (refused.status_code, refused.json["type"]) == (404, "urn:pagesight:problem:no-such-model")
    assert app.test_client().get("/v1/labels?model=second").json["model"] == "second"
    assert app.test_client().get("/v1/labels?model=third").status_code == 404
