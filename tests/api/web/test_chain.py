"""A chain over HTTP and in a video: the contract, a gate's no, what is refused, tracks that keep their attributes."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.jobs.folder import JobFolder
from api.jobs.open_videos import FramesFrom
from api.jobs.result import notes_of_stops
from api.jobs.tracking import add_tracks
from api.jobs.video_chunk import Asked, ChunkWork
from api.models.chain.assemble import assemble
from api.models.chain.file import chain_file, read_chain_file
from api.models.load import load_model
from api.models.model import Model
from api.models.options import Precision, RunOptions
from api.settings import Settings
from api.tasks.classification.types import ClassificationOptions
from api.tasks.detection.types import DetectionOptions
from api.video.limits import VideoLimits
from api.video.probe import probe_video
from api.video.read import BEFORE_ALL, FrameReader
from harness.applications import ready_models
from harness.job_worker import walk
from harness.pictures import encode, make_upright
from harness.small_chains import write_small_models
from tests.contract import PROBLEM, Contract

GATE = '[[step]]\nrun = "colour"\npass = ["{label}"]\nat_least = {at_least}\notherwise = "This is not {label}."\n'
STREET = (
    'task = "detection"\n'
    + GATE.format(label="red", at_least=0.01)
    + '[[step]]\nrun = "yolov3-tiny"\nkeep = ["dog", "car"]\n'
    + '[[step]]\nrun = "colour"\ncrop = { at_most = 2 }\nattach = "colour"\n'
    + '[[step]]\nrun = "yolov3-tiny"\ncrop = { at_most = 1 }\nattach = "parts"\n'
)
BLUE = 'task = "classification"\n' + GATE.format(label="blue", at_least=0.9) + '[[step]]\nrun = "colour"\n'


@pytest.fixture(scope="module")
def models(model: Model, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Model]:
    """Two chains, and the models that they are made of."""
    folder = tmp_path_factory.mktemp("weights")
    write_small_models(folder)
    steps = {"yolov3-tiny": model, "colour": load_model("colour", folder, RunOptions(precision=Precision.FP32))}

    def make(name: str, toml: str) -> Model:
        chain_file(name, folder).write_text(toml)
        read = read_chain_file(chain_file(name, folder))
        return assemble(name, read, [steps[step.run] for step in read.steps])

    return {"street": make("street", STREET), "blue": make("blue", BLUE), **steps}


@pytest.fixture
def app(settings: Settings, models: dict[str, Model]) -> Flask:
    return create_app(replace(settings, model="street"), ready_models(*models.values()))


@pytest.fixture
def contract(client: FlaskClient) -> Contract:
    document: Any = client.get("/openapi.json").json
    return Contract(document)


def post(client: FlaskClient, image: bytes, path: str = "/", **fields: str) -> Any:
    return client.post(path, data={"file": (io.BytesIO(image), "a.jpg"), **fields})


def kept(contract: Contract, path: str, answer: Any, method: str = "POST") -> Any:
    contract.check(method, path, status=answer.status_code, headers=answer.headers, content=answer.json)
    return answer.json


def test_a_chain_answers_as_its_task_does(client: FlaskClient, contract: Contract, dog: bytes) -> None:
    found = kept(contract, "/v1/detect", post(client, dog, "/v1/detect", confidence="0.1"))
    assert (found["model"], found["task"]) == ("street", "detection")
    assert {one["label"] for one in found["detections"]} == {"dog", "car"}
    first, second, *others = found["detections"]
    assert list(first["attributes"]) == ["colour", "parts"]
    assert list(second["attributes"]) == ["colour"]
    assert not any("attributes" in one for one in others)
    said = first["attributes"]["colour"]
    assert (said["task"], said["model"]) == ("classification", "colour")
    assert said["text"] == said["classes"][0]["label"]
    assert "stopped" not in found


def test_the_time_of_each_step_is_told(client: FlaskClient, contract: Contract, dog: bytes) -> None:
    timings = kept(contract, "/", post(client, dog))["timings_ms"]
    assert [(step["model"], step["runs"]) for step in timings["steps"]] == [
        ("colour", 1),
        ("yolov3-tiny", 1),
        ("colour", 2),
        ("yolov3-tiny", 1),
    ]
    assert sum(step["ms"] for step in timings["steps"]) <= timings["inference"] + 1


def test_a_gates_no_is_an_answer(client: FlaskClient, contract: Contract, dog: bytes) -> None:
    answer = post(client, dog, "/v1/classify", model="blue", explain="true")
    assert answer.status_code == 200
    found = kept(contract, "/v1/classify", answer)
    assert found["stopped"] == {"by": "colour", "reason": "This is not blue."}
    assert (found["classes"], len(found["timings_ms"]["steps"])) == ([], 1)
    assert found["image"].startswith("data:image/jpeg;base64,")


def test_what_is_cut_out_is_the_same_without_a_drawn_image(client: FlaskClient, dog: bytes) -> None:
    drawn, plain = (post(client, dog, annotate=annotate).json["detections"] for annotate in ("true", "false"))
    assert drawn == plain


@pytest.mark.parametrize(
    ("path", "fields", "status", "said"),
    [
        ("/", {"explain": "true"}, 400, "`explain` is not for this model"),
        ("/", {"blur": "ant"}, 400, "this model does not find that"),
        ("/v1/classify", {"model": "blue", "blur": "dog"}, 400, "`blur` is not for this model"),
        ("/v1/classify", {"model": "street"}, 404, "street is not for classification"),
        ("/", {"top": "0"}, 400, "`top` must be"),
    ],
)
def test_what_a_chain_cannot_do_is_refused_in_words(
    client: FlaskClient, dog: bytes, path: str, fields: dict[str, str], status: int, said: str
) -> None:
    answer = post(client, dog, path, **fields)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert said in answer.json["detail"]


def test_the_options_go_to_the_model_that_answers(client: FlaskClient, contract: Contract, dog: bytes) -> None:
    found = kept(contract, "/", post(client, dog, max_detections="1", confidence="0.1", candidates="true", blur="dog"))
    assert len(found["detections"]) == 1
    assert {one["label"] for one in found["candidates"]} <= {"dog", "car"}
    assert found["blurred"]
    top = kept(contract, "/v1/classify", post(client, encode(make_upright(), "PNG"), "/v1/classify", top="1"))
    assert len(top["classes"]) <= 1


def test_models_and_labels_tell_of_a_chain(client: FlaskClient, contract: Contract) -> None:
    models = kept(contract, "/v1/models", client.get("/v1/models"), "GET")
    street = models["models"][0]
    assert (models["default"], street["name"], street["task"], street["format"]) == (
        "street",
        "street",
        "detection",
        "chain",
    )
    assert street["chain"] == [
        {"model": "colour", "task": "classification", "pass": ["red"], "at_least": 0.01},
        {"model": "yolov3-tiny", "task": "detection", "keep": ["car", "dog"]},
        {"model": "colour", "task": "classification", "attach": "colour"},
        {"model": "yolov3-tiny", "task": "detection", "attach": "parts"},
    ]
    labels = client.get("/v1/labels?model=street").json
    assert (labels["model"], labels["labels"][16]) == ("street", "dog")
    assert client.get("/status_check").json["model"] == "street"


def test_tracks_of_a_video_keep_what_is_said_of_them(
    models: dict[str, Model], tmp_path: Path, contract: Contract
) -> None:
    path = tmp_path / "walk.mp4"
    path.write_bytes(walk())
    video = probe_video(path, VideoLimits())
    work = ChunkWork(Asked(models["street"], DetectionOptions(), True, None), video, JobFolder(tmp_path), 1e6)
    with FrameReader(path, video, VideoLimits(), every=2) as reader:
        found = work.run(FramesFrom(reader, BEFORE_ALL), tmp_path / "drawn.mp4", lambda _chunk: True).found
    frames = [one["frame"] for one in found]
    told = add_tracks(frames, [one["glance"] for one in found])
    (dog,) = [track for track in told["tracks"] if track["label"] == "dog"]
    seen = [one for frame in frames for one in frame["detections"] if one.get("track") == dog["id"]]
    assert len(seen) == dog["frames"]
    assert dog["attributes"]["colour"] in {one["attributes"]["colour"]["text"] for one in seen}
    assert dog["attributes"]["parts"]
    result = {"name": "a", "task": "detection", "model": "street", "width": 1, "height": 1, "duration_s": 1, "every": 2}
    contract.check(
        "GET",
        "/v1/jobs/{job_id}/result.json",
        status=200,
        headers={"Content-Type": "application/json", "Cache-Control": "no-store"},
        content=json.loads(json.dumps({**result, **told, "frames": frames, "notes": []})),
    )


def test_frames_that_a_gate_stops_say_why(models: dict[str, Model], tmp_path: Path) -> None:
    path = tmp_path / "walk.mp4"
    path.write_bytes(walk())
    video = probe_video(path, VideoLimits())
    work = ChunkWork(Asked(models["blue"], ClassificationOptions(), False, None), video, JobFolder(tmp_path), 1e6)
    with FrameReader(path, video, VideoLimits(), every=1, only_analysed=True) as reader:
        found = work.run(FramesFrom(reader, BEFORE_ALL), tmp_path / "drawn.mp4", lambda _chunk: True).found
    frames = [one["frame"] for one in found]
    assert {one["stopped"]["reason"] for one in frames} == {"This is not blue."}
    assert notes_of_stops(frames) == ["4 of 4 analysed frames: This is not blue."]
