"""The routes of jobs in the application itself, with a real queue and nobody who works on it."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app, open_desk
from api.jobs.folder import JobFolders
from api.models.model import Model
from api.settings import Settings
from api.web.job_events import EventStreams
from api.web.received_file import ReceivedFile
from api.work.loaded_models import LoadedModels
from harness.applications import ready_models
from harness.gunicorn_server import ALLOWED_ORIGIN
from harness.http_client import encode_form
from tests.contract import PROBLEM, Contract

ORIGIN = {"Origin": ALLOWED_ORIGIN}
MP4 = b"\0\0\0\x18ftypisom" + b"\0" * 1000  # what only a worker would find to be no video
KEY = "k" * 22
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("kept")
    return Settings(
        model="yolov3-tiny",
        threads=2,
        allowed_origins=(ALLOWED_ORIGIN,),
        site_dir=folder,
        jobs="sqlite",
        jobs_dir=folder,
        jobs_waiting=2,
        max_video_mb=3.0,
    )


@pytest.fixture(scope="module")
def kept_app(settings: Settings, model: Model) -> Iterator[Flask]:
    """The application, whose tables take a moment to be made."""
    app = create_app(settings, ready_models(model))
    yield app
    app.extensions["pagesight_desk"].client.close()


@pytest.fixture
def app(kept_app: Flask, settings: Settings) -> Iterator[Flask]:
    """The application, without any job at first."""
    folders = JobFolders(settings.jobs_dir)
    folders.prepare()
    yield kept_app
    for job_id in folders.ids():
        kept_app.extensions["pagesight_desk"].client.forget(job_id)


def left(settings: Settings) -> list[Path]:
    """Return the files of jobs, and of uploads on their way."""
    return [path for name in ("incoming", "jobs") for path in (settings.jobs_dir / name).rglob("*")]


@pytest.fixture
def contract(client: FlaskClient) -> Contract:
    document: Any = client.get("/openapi.json").json
    return Contract(document)


def send(client: FlaskClient, file: bytes = MP4, headers: dict[str, str] | None = None, **form: Any) -> TestResponse:
    body, form_headers = encode_form(file, name="a.mp4", **form)
    return client.post("/v1/jobs", data=body, headers={**ORIGIN, **form_headers, **(headers or {})})


def check(contract: Contract, method: str, path: str, answer: TestResponse) -> None:
    contract.check(method, path, status=answer.status_code, headers=answer.headers, content=answer.json)
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN


def test_a_video_becomes_a_job_that_can_be_asked_for(client: FlaskClient, contract: Contract, settings: Settings):
    answer = send(client)
    assert answer.status_code == 202
    check(contract, "POST", "/v1/jobs", answer)
    assert (answer.json["state"], answer.json["position"]) == ("queued", 1)
    again = client.get(answer.headers["Location"], headers=ORIGIN)
    check(contract, "GET", "/v1/jobs/{job_id}", again)
    assert again.json == answer.json
    assert (settings.jobs_dir / "jobs" / answer.json["id"] / "upload").read_bytes() == MP4


def test_a_large_video_is_never_whole_in_memory(client: FlaskClient, settings: Settings):
    file = MP4 + b"x" * (2 * MEGABYTE)
    pieces: list[int] = []
    write = ReceivedFile.write

    def noted(self: ReceivedFile, data: bytes) -> int:
        pieces.append(len(data))
        return write(self, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ReceivedFile, "write", noted)
        answer = send(client, file)
    assert sum(pieces) == len(file)
    assert max(pieces) < 200_000
    assert (settings.jobs_dir / "jobs" / answer.json["id"] / "upload").stat().st_size == len(file)
    assert list((settings.jobs_dir / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("file", "form", "status", "kind"),
    [
        (b"ffconcat version 1.0\nfile /etc/passwd\n", {}, 415, "unsupported-video"),
        (b"", {}, 415, "unsupported-video"),
        (MP4 + b"x" * 4 * MEGABYTE, {}, 413, "too-large"),
        (MP4, {"every": "0"}, 400, "bad-request"),
        (MP4, {"every": "31"}, 400, "bad-request"),
        (MP4, {"key": "short"}, 400, "bad-request"),
        (MP4, {"confidence": "2"}, 400, "bad-request"),
        (MP4, {"model": "another"}, 404, "no-such-model"),
        (MP4, {"field": "another"}, 400, "bad-request"),
    ],
)
def test_what_is_wrong_is_said_and_leaves_nothing(
    client: FlaskClient, contract: Contract, settings: Settings, file: bytes, form: Any, status: int, kind: str
):
    answer = send(client, file, **form)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    check(contract, "POST", "/v1/jobs", answer)
    assert answer.json["type"].endswith(f":{kind}")
    assert left(settings) == []


def test_what_takes_too_long_for_a_video_is_refused(app: Flask, settings: Settings, model: Model, dog: bytes):
    classifier = replace(model, card=replace(model.card, task="classification"))  # by its card; nobody runs it here
    another = create_app(settings, ready_models(classifier))
    refused = send(another.test_client(), explain="true")
    assert (refused.status_code, refused.json["type"]) == (400, "urn:pagesight:problem:bad-request")
    assert send(another.test_client(), dog, explain="true").status_code == 202
    another.extensions["pagesight_desk"].client.close()


def test_only_so_many_may_wait(client: FlaskClient, contract: Contract):
    for _ in range(2):
        assert send(client).status_code == 202
    refused = send(client)
    assert refused.status_code == 503
    check(contract, "POST", "/v1/jobs", refused)
    assert refused.json["type"].endswith(":too-many-jobs")


def test_the_same_with_the_same_key_is_one_job(client: FlaskClient):
    ids = [send(client, key=KEY).json["id"] for _ in range(2)]
    assert ids[0] == ids[1]
    assert client.delete(f"/v1/jobs/{ids[0]}").json["state"] == "cancelled"
    begun_again = send(client, key=KEY).json
    assert (begun_again["id"], begun_again["state"]) == (ids[0], "queued")
    assert send(client, key=KEY[:-1] + "x").json["id"] != ids[0]


def test_a_job_is_cancelled_then_forgotten(client: FlaskClient, contract: Contract, settings: Settings):
    path = send(client).headers["Location"]
    cancelled = client.delete(path, headers=ORIGIN)
    assert (cancelled.status_code, cancelled.json["state"]) == (200, "cancelled")
    check(contract, "DELETE", "/v1/jobs/{job_id}", cancelled)
    assert left(settings) == []
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404


def test_there_is_no_result_yet(client: FlaskClient, contract: Contract):
    path = send(client).headers["Location"]
    for name in ("result.json", "result.mp4", "preview.jpg"):
        answer = client.get(f"{path}/{name}", headers=ORIGIN)
        assert answer.status_code == 409
        check(contract, "GET", f"/v1/jobs/{{job_id}}/{name}", answer)


@pytest.mark.parametrize("rest", ["", "/events", "/result.json", "/result.mp4", "/preview.jpg"])
def test_a_guess_finds_nothing(client: FlaskClient, rest: str):
    send(client)
    for job_id in ("0" * 32, "f" * 32, "nonsense", "0" * 31, "%2e%2e"):
        answer = client.get(f"/v1/jobs/{job_id}{rest}", headers=ORIGIN)
        assert (answer.status_code, answer.json["type"]) == (404, "urn:pagesight:problem:no-such-job")


def test_events_are_not_held_back_by_a_proxy_and_end(client: FlaskClient):
    path = send(client).headers["Location"]
    client.delete(path)
    answer = client.get(f"{path}/events", headers=ORIGIN)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert '"state": "cancelled"' in answer.text


def test_a_stream_too_many_tells_how_things_are_and_ends():
    streams = EventStreams(lambda: False, most=1, stream_s=60)
    open_one = streams.answer(lambda: ({"n": 1}, False))
    another = streams.answer(lambda: ({"n": 2}, False))
    assert another.get_data(as_text=True) == 'retry: 2000\ndata: {"n": 2}\n\n'
    open_one.close()
    assert streams.answer(lambda: ({"n": 3}, True)).get_data(as_text=True).endswith('data: {"n": 3}\n\n')


def test_streams_end_when_the_server_goes_down():
    endings = iter([False, True])
    streams = EventStreams(lambda: next(endings), stream_s=60)
    assert streams.answer(lambda: ({"n": 1}, False)).get_data(as_text=True).count("data:") == 1


def test_a_photograph_is_a_job_where_that_is_preferred(client: FlaskClient, contract: Contract, dog: bytes):
    wish = {**ORIGIN, "Prefer": "respond-async"}
    answer = client.post("/v1/detect", data={"file": (io.BytesIO(dog), "dog.jpg")}, headers=wish)
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "respond-async")
    check(contract, "POST", "/v1/detect", answer)
    assert (answer.json["kind"], answer.json["name"]) == ("image", "dog.jpg")
    refused = client.post("/", data={"file": (io.BytesIO(b"text"), "dog.jpg")}, headers=wish)
    assert refused.status_code == 415
    wrong = client.post("/", data={"file": (io.BytesIO(dog), "dog.jpg"), "top": "many"}, headers=wish)
    assert wrong.status_code == 400, "as without the wish: the form of `/` has the fields of all tasks"


def test_status_tells_what_jobs_there_may_be(client: FlaskClient, contract: Contract):
    answer = client.get("/status_check", headers=ORIGIN)
    check(contract, "GET", "/status_check", answer)
    assert answer.json["jobs"]["capacity"] == 2
    assert answer.json["jobs"]["limits"]["megabytes"] == 3.0


def test_without_jobs_the_routes_say_so(settings: Settings, models: LoadedModels, dog: bytes):
    client = create_app(replace(settings, jobs="off"), models).test_client()
    assert "jobs" not in client.get("/status_check").json
    for method, rest in (("POST", ""), ("GET", "/" + "0" * 32), ("DELETE", "/" + "0" * 32)):
        answer = client.open(f"/v1/jobs{rest}", method=method)
        assert (answer.status_code, answer.json["type"]) == (404, "urn:pagesight:problem:no-jobs")
        assert "PAGESIGHT_JOBS" in answer.json["detail"]
    sync = client.post("/", data={"file": (io.BytesIO(dog), "dog.jpg")}, headers={"Prefer": "respond-async"})
    assert sync.status_code == 200


def test_without_dbos_there_are_no_jobs(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.app.find_spec", lambda _name: None)
    assert open_desk(settings) is None


def test_nothing_of_another_page_is_taken(client: FlaskClient, settings: Settings):
    answer = send(client, headers={"Origin": "https://another.example"})
    assert answer.status_code == 403
    assert left(settings) == []


@pytest.mark.parametrize(("method", "header"), [("DELETE", ""), ("POST", "prefer")])
def test_a_page_may_ask_for_all_of_it(client: FlaskClient, method: str, header: str):
    question = {**ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": header}
    answer = client.options("/v1/jobs/" + "0" * 32 if method == "DELETE" else "/v1/detect", headers=question)
    assert method in answer.headers["Access-Control-Allow-Methods"]
    assert header in answer.headers.get("Access-Control-Allow-Headers", "")
