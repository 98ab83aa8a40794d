"""DeepStack's API, asked as its clients ask: by what DeepStack and CodeProject.AI publish of it, and nothing else."""

import io
import logging
import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from flask.testing import FlaskClient
from PIL import Image

from api.api_key import ApiKey, hash_key
from api.app import create_app
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.settings import Settings
from api.tasks.detection.coco import DARKNET_SPELLINGS
from harness.applications import ready_models
from harness.gunicorn_server import GunicornServer
from harness.http_client import encode_form
from harness.pictures import encode
from harness.real_models import real_model
from harness.small_chains import write_colours
from tests.contract import Contract

HOPPER = Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg"  # by the US Navy; it comes with matplotlib
BOX = {"confidence", "x_min", "y_min", "x_max", "y_max"}
KEY = "a key of Frigate's"
BLANK = encode(Image.new("RGB", (320, 320), "gray"), "JPEG")


@pytest.fixture(scope="module")
def faces() -> Model:
    return load_model("faces", real_model("faces"), cores=Cores(2))


@pytest.fixture(scope="module")
def colour(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("colour")
    write_colours(folder, "colour")
    return load_model("colour", folder, cores=Cores(2))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def hub(model: Model, faces: Model, colour: Model, site: Path) -> FlaskClient:
    """A home's server; faces come first, so that the first detector is not the one for objects."""
    return create_app(Settings(site_dir=site), ready_models(faces, model, colour)).test_client()


@pytest.fixture(scope="module")
def locked(model: Model, site: Path) -> FlaskClient:
    """A server that works for nobody without a key."""
    keys = (ApiKey("frigate", hash_key(KEY)), ApiKey("rare", hash_key("rare"), per_minute=1))
    return create_app(Settings(site_dir=site, api_keys=keys), ready_models(model)).test_client()


@pytest.fixture(scope="module")
def contract(hub: FlaskClient) -> Contract:
    return Contract(hub.get("/openapi.json").json)


def ask(hub: FlaskClient, contract: Contract, what: str, image: bytes | None, **fields: Any) -> tuple[int, Any]:
    """Ask as `requests.post(url, files={"image": image}, data=fields)` does; return the status and the JSON."""
    body, headers = encode_form(image, name="image", field="image", **fields)
    answer = hub.post(f"/v1/vision/{what}", data=body, headers=headers)
    path = "/v1/vision/custom/{name}" if what.startswith("custom/") and what != "custom/list" else f"/v1/vision/{what}"
    contract.check("POST", path, status=answer.status_code, headers=answer.headers, content=answer.json)
    assert answer.mimetype == "application/json"
    assert answer.json["success"] is (answer.status_code == 200)
    return answer.status_code, answer.json


def test_detection_finds_what_detect_finds(
    hub: FlaskClient, contract: Contract, dog: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("api.work.run_image.encode_jpeg", None)  # nothing is drawn
    status, answer = ask(hub, contract, "detection", dog, api_key="", min_confidence="0.3")
    body, headers = encode_form(dog, model="yolov3-tiny", confidence="0.3", annotate="false")
    expected = hub.post("/v1/detect", data=body, headers=headers).json["detections"]
    assert status == 200
    assert set(answer) == {"success", "predictions", "duration"}
    assert answer["duration"] > 0
    assert len(answer["predictions"]) == len(expected) > 2
    for one, other in zip(answer["predictions"], expected, strict=True):
        assert set(one) == BOX | {"label"}
        assert (one["label"], one["confidence"]) == (other["label"], other["confidence"])
        corners = [one[name] for name in ("x_min", "y_min", "x_max", "y_max")]
        assert corners == [int(edge) for edge in other["box"].values()]
        assert all(type(corner) is int for corner in corners)
    confidences = [one["confidence"] for one in answer["predictions"]]
    assert confidences == sorted(confidences, reverse=True)


def test_confidence_is_deepstacks_own_if_none_is_named(hub: FlaskClient, contract: Contract, dog: bytes):
    _, plain = ask(hub, contract, "detection", dog)
    _, empty = ask(hub, contract, "detection", dog, min_confidence="")
    _, all_of_it = ask(hub, contract, "detection", dog, min_confidence="0.01")
    assert plain["predictions"] == empty["predictions"] != all_of_it["predictions"]
    assert plain["predictions"] == [one for one in all_of_it["predictions"] if one["confidence"] >= 0.45]


def test_classes_of_coco_have_the_names_that_clients_know(
    hub: FlaskClient, contract: Contract, photographs: dict[str, Path]
):
    named, found = set(), set()
    for photograph in photographs.values():
        image = photograph.read_bytes()
        _, answer = ask(hub, contract, "detection", image, min_confidence="0.002")
        named |= {one["label"] for one in answer["predictions"]}
        body, headers = encode_form(image, confidence="0.002", model="yolov3-tiny", annotate="false")
        found |= {one["label"] for one in hub.post("/v1/detect", data=body, headers=headers).json["detections"]}
    assert found & DARKNET_SPELLINGS.keys()
    assert named == {DARKNET_SPELLINGS.get(label, label) for label in found}


def test_nothing_found_is_an_empty_list(hub: FlaskClient, contract: Contract):
    for what in ("detection", "face", "custom/yolov3-tiny"):
        status, answer = ask(hub, contract, what, BLANK)
        assert (status, answer["predictions"]) == (200, [])


def test_a_model_is_asked_by_its_name(hub: FlaskClient, contract: Contract, dog: bytes):
    _, listed = ask(hub, contract, "custom/list", None)
    assert listed["models"] == ["faces", "yolov3-tiny"]
    assert hub.get("/v1/vision/custom/list").json["models"] == listed["models"]
    _, named = ask(hub, contract, "custom/yolov3-tiny", dog)
    _, first = ask(hub, contract, "detection", dog)
    assert named["predictions"] == first["predictions"] != []
    status, answer = ask(hub, contract, "custom/ipcam-general", dog)
    assert (status, answer["error"]) == (404, "This server has these models: faces, yolov3-tiny, colour.")
    status, answer = ask(hub, contract, "custom/colour", dog)
    assert (status, answer["error"]) == (404, "The model colour is not for detection.")


def test_faces_are_found(hub: FlaskClient, contract: Contract):
    _, answer = ask(hub, contract, "face", HOPPER.read_bytes())
    (face,) = answer["predictions"]
    assert set(face) == BOX
    assert face["confidence"] > 0.7
    with Image.open(HOPPER) as photograph:
        width, height = photograph.size
    assert 0 <= face["x_min"] < width / 2 < face["x_max"] <= width
    assert 0 <= face["y_min"] < height / 3 < face["y_max"] < height * 2 / 3


def test_a_scene_has_one_label(hub: FlaskClient, contract: Contract):
    _, answer = ask(hub, contract, "scene", encode(Image.new("RGB", (64, 64), "blue"), "JPEG"))
    assert set(answer) == {"success", "label", "confidence", "duration"}
    assert answer["label"] == "blue"
    assert 0.9 < answer["confidence"] <= 1


@pytest.mark.parametrize(("what", "missing"), [("face", "faces"), ("scene", "classification")])
def test_a_model_that_is_missing_is_named(locked: FlaskClient, contract: Contract, what: str, missing: str):
    status, answer = ask(locked, contract, what, BLANK, api_key=KEY)
    assert (status, answer["error"]) == (404, f"No model of this server is for {missing}.")


def test_faces_alone_are_not_taken_for_objects(faces: Model, site: Path, contract: Contract):
    only_faces = create_app(Settings(site_dir=site), ready_models(faces)).test_client()
    status, answer = ask(only_faces, contract, "detection", BLANK)
    assert (status, answer["error"]) == (404, "No model of this server is for objects.")


@pytest.mark.parametrize(
    ("image", "status", "said"),
    [
        (None, 400, "There is no image: send it as a file in a field named `image`."),
        (b"", 400, "empty"),
        (b"no image", 415, "JPEG"),
        (BLANK[:-200], 422, "cut off"),
        (b"x" * 11_000_000, 413, "10 MB"),
    ],
)
def test_wrong_image(hub: FlaskClient, contract: Contract, image: bytes | None, status: int, said: str):
    answered, answer = ask(hub, contract, "detection", image)
    assert (answered, set(answer)) == (status, {"success", "error", "duration"})
    assert said in answer["error"]


@pytest.mark.parametrize("value", ["high", "1.5", "-1", "45%"])
@pytest.mark.parametrize("what", ["detection", "face", "custom/yolov3-tiny"])
def test_wrong_confidence(hub: FlaskClient, contract: Contract, what: str, value: str):
    status, answer = ask(hub, contract, what, BLANK, min_confidence=value)
    assert (status, answer["success"]) == (400, False)
    assert answer["error"] == f"The field `min_confidence` must be a number from 0 to 1, not {value!r}."


def test_image_in_a_wrong_field(hub: FlaskClient):
    for field in ("file", "picture"):
        answer = hub.post("/v1/vision/detection", data={field: (io.BytesIO(BLANK), "a.jpg")})
        assert (answer.status_code, answer.json["success"]) == (400, False)
        assert "`image`" in answer.json["error"]
    answer = hub.post("/v1/vision/detection", data=BLANK, content_type="image/jpeg")
    assert (answer.status_code, answer.json["success"]) == (400, False)
    assert "multipart/form-data" in answer.json["error"]


@pytest.mark.parametrize(
    ("method", "what", "status"),
    [("GET", "detection", 405), ("POST", "face/recognize", 404), ("POST", "enhance", 404), ("GET", "custom/a/b", 404)],
)
def test_what_is_not_there(hub: FlaskClient, method: str, what: str, status: int):
    answer = hub.open(f"/v1/vision/{what}", method=method)
    assert (answer.status_code, answer.json["success"], answer.mimetype) == (status, False, "application/json")


@pytest.mark.parametrize("key", [None, "", "another key", KEY.upper()])
@pytest.mark.parametrize("what", ["detection", "face", "scene", "custom/yolov3-tiny"])
def test_wrong_key(
    locked: FlaskClient, contract: Contract, monkeypatch: pytest.MonkeyPatch, what: str, key: str | None
):
    monkeypatch.setattr("api.work.run_image.run_image", None)  # nothing may be computed
    status, answer = ask(locked, contract, what, BLANK, **({} if key is None else {"api_key": key}))
    assert (status, answer) == (401, {"success": False, "error": "Incorrect api key", "duration": 0.0})


@pytest.mark.parametrize(("key", "status"), [(KEY, 200), ("another key", 401)])
def test_key_behind_the_image(locked: FlaskClient, key: str, status: int):
    parts = [
        b'Content-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n' + BLANK,
        f'Content-Disposition: form-data; name="api_key"\r\n\r\n{key}'.encode(),
    ]
    body = b"".join(b"--x\r\n%b\r\n" % part for part in parts) + b"--x--\r\n"
    answer = locked.post("/v1/vision/detection", data=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.json["success"]) == (status, status == 200)


def test_right_key(locked: FlaskClient, contract: Contract, dog: bytes, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "api.web.access_log")
    status, answer = ask(locked, contract, "custom/yolov3-tiny", dog, api_key=KEY)
    assert (status, len(answer["predictions"]) > 0) == (200, True)
    (line,) = (record.getMessage() for record in caplog.records)
    assert re.search(r"route=/v1/vision/custom/<name> status=200 .* model=yolov3-tiny", line)
    assert "frigate" in line
    assert KEY not in line
    form = {"image": (io.BytesIO(dog), "image")}
    assert locked.post("/v1/vision/detection", data=form, headers={"X-API-Key": KEY}).status_code == 200
    assert ask(locked, contract, "custom/list", None)[0] == 200  # which computes nothing


def test_a_key_may_ask_as_often_as_its_owner_says(locked: FlaskClient, contract: Contract):
    assert ask(locked, contract, "detection", BLANK, api_key="rare")[0] == 200
    status, answer = ask(locked, contract, "detection", BLANK, api_key="rare")
    assert status == 429
    assert "as often as it may" in answer["error"]


def test_running_server_answers_programs_and_refuses_pages_of_other_sites(server: GunicornServer, dog: bytes):
    body, headers = encode_form(dog, name="image", field="image", api_key="")
    first, second = (server.client.request("POST", "/v1/vision/detection", body, headers).json for _ in range(2))
    assert first["success"]
    assert first["predictions"] == second["predictions"]
    assert "dog" in {one["label"] for one in first["predictions"]}
    refused = server.client.request("POST", "/v1/vision/detection", body, headers | {"Origin": "https://evil.example"})
    assert (refused.status, refused.json["success"]) == (403, False)
