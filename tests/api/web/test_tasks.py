"""Classification and segmentation over HTTP: their routes, their answers, and the picture the right way up."""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image

from harness.exported_tasks import put_deeplab, put_mobilenet
from harness.gunicorn_server import GunicornServer, running_server
from harness.http_client import TIMEOUT_S
from harness.nginx_server import free_ports
from harness.pictures import encode, store
from tests.contract import Contract


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tasks")
    put_deeplab(folder)
    put_mobilenet(folder)
    return folder


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def server(folder: Path, metrics_port: int) -> Iterator[GunicornServer]:
    """A server whose first model segments, and whose second one classifies."""
    environment = {"PAGESIGHT_WEIGHTS_DIR": str(folder), "PAGESIGHT_MODELS": "deeplab,mobilenet"}
    environment |= {"PAGESIGHT_PRECISION": "fp32", "PAGESIGHT_METRICS": f"127.0.0.1:{metrics_port}"}
    with running_server(**environment) as started:
        yield started


@pytest.fixture(scope="module")
def contract(server: GunicornServer) -> Contract:
    return Contract(server.client.get("/openapi.json").json)


def read_mask(data_url: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(data_url.removeprefix("data:image/png;base64,")))) as mask:
        assert mask.mode == "P"
        return np.asarray(mask)


@pytest.mark.parametrize(
    ("path", "fields", "task"),
    [
        ("/", {}, "segmentation"),
        ("/", {"model": "mobilenet"}, "classification"),
        ("/", {"model": "mobilenet", "top": "1", "annotate": "false"}, "classification"),
        ("/v1/segment", {"annotate": "false"}, "segmentation"),
        ("/v1/segment", {"display_width": "360"}, "segmentation"),
        ("/v1/classify", {"top": "100"}, "classification"),
        ("/v1/classify", {"top": "1", "explain": "true"}, "classification"),
    ],
)
def test_each_route_keeps_the_contract(
    server: GunicornServer, contract: Contract, dog: bytes, path: str, fields: dict[str, str], task: str
):
    answer = server.client.detect(dog, path=path, **fields)
    contract.check("POST", path, status=200, headers=answer.headers, content=answer.json)
    assert (answer.json["task"], answer.json["width"], answer.json["height"]) == (task, 768, 576)
    assert (answer.json["image"] is None) == ("annotate" in fields)


@pytest.mark.parametrize(
    ("path", "fields", "status", "said"),
    [
        ("/v1/detect", {}, 404, "No model of this server is for detection"),
        ("/v1/segment", {"model": "mobilenet"}, 404, "mobilenet"),
        ("/v1/classify", {"top": "101"}, 400, "The field `top` must be a whole number from 1 to 100, not '101'."),
        ("/v1/classify", {"top": "0"}, 400, "`top`"),
        ("/", {"top": "0"}, 400, "`top`"),  # though its model segments
        ("/v1/classify", {"explain": "please"}, 400, "The field `explain` must be `true` or `false`, not 'please'."),
        ("/v1/segment", {"explain": "true"}, 400, "The field `explain` is not for this model"),
        ("/v1/classify", {"blur": "faces"}, 400, "The field `blur` is not for this model"),
        ("/", {"blur": "faces"}, 400, "The field `blur` is not for this model"),
        ("/v1/segment", {"orientation": "9"}, 400, "`orientation`"),
    ],
)
def test_what_cannot_be_asked(
    server: GunicornServer, contract: Contract, dog: bytes, path: str, fields: dict[str, str], status: int, said: str
):
    answer = server.client.detect(dog, path=path, **fields)
    contract.check("POST", path, status=status, headers=answer.headers, content=answer.json)
    assert answer.status == status
    assert said in answer.json["detail"]


def test_cards_are_shown(server: GunicornServer, contract: Contract):
    answer = server.client.get("/v1/models")
    contract.check("GET", "/v1/models", status=200, headers=answer.headers, content=answer.json)
    first, second = answer.json["models"]
    assert (first["task"], first["format"], first["family"]) == ("segmentation", "TFLite", "segmenter")
    assert (second["task"], second["format"], second["family"]) == ("classification", "ONNX", "classifier")
    assert second["input"] == {"width": 224, "height": 224, "resize": "centre-crop"}
    assert server.client.get("/status_check").json["defaults"] == {}


def test_log_and_metrics_name_the_work(server: GunicornServer, metrics_port: int, dog: bytes):
    server.client.detect(dog, path="/v1/classify")
    (line,) = re.findall(r".* route=/v1/classify status=200 .* model=mobilenet.*", server.log())[-1:]
    assert "dog.jpg" not in line
    with urlopen(f"http://127.0.0.1:{metrics_port}/metrics", timeout=TIMEOUT_S) as answer:
        metrics = answer.read().decode()
    assert 'pagesight_requests_total{route="/v1/classify",status="200"}' in metrics
    assert re.search(r'pagesight_model_info\{.*name="deeplab".*task="segmentation"', metrics)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_gives_the_upright_answer(server: GunicornServer, dog: bytes, orientation: int):
    with Image.open(io.BytesIO(dog)) as image:
        upright = np.asarray(image)
    stored = encode(store(upright, orientation), "PNG", orientation=orientation)
    segments, plain = (
        server.client.detect(data, path="/v1/segment", annotate="false").json["segments"]
        for data in (stored, encode(upright, "PNG"))
    )
    assert (segments["width"], segments["height"]) == (768, 576)
    assert np.array_equal(read_mask(segments["mask"]), read_mask(plain["mask"]))
    assert segments["labels"] == plain["labels"]
    assert [one["label"] for one in segments["labels"]][:3] == ["background", "bicycle", "dog"]
    classes, expected = (
        server.client.detect(data, path="/v1/classify", annotate="false").json["classes"]
        for data in (stored, encode(upright, "PNG"))
    )
    assert classes == expected


def test_a_zebra_is_explained_by_where_it_stands(server: GunicornServer, photographs: dict[str, Path]):
    giraffe = photographs["giraffe"].read_bytes()  # with a zebra in front of it
    plain, explained = (
        server.client.detect(giraffe, path="/v1/classify", explain=explain).json for explain in ("false", "true")
    )
    assert "explanation" not in plain
    assert explained["classes"] == plain["classes"]
    assert explained["image"] != plain["image"]
    explanation = explained["explanation"]
    assert explanation["label"] == explained["classes"][0]["label"] == "zebra"
    grid, box = np.array(explanation["grid"]), explanation["box"]
    assert grid.shape == (explanation["rows"], explanation["columns"])
    row, column = np.unravel_index(grid.argmax(), grid.shape)
    x = box["x1"] + (box["x2"] - box["x1"]) * (column + 0.5) / grid.shape[1]
    y = box["y1"] + (box["y2"] - box["y1"]) * (row + 0.5) / grid.shape[0]
    assert 260 < x < 430  # the zebra
    assert 190 < y < 460
    assert grid.max() > 0.2
    with Image.open(io.BytesIO(base64.b64decode(explanation["heat_map"].partition(",")[2]))) as heat_map:
        assert heat_map.size == grid.shape[::-1]
        brightness = np.asarray(heat_map)[..., :3].sum(axis=2)
    assert brightness[row, column] == brightness.max()


@pytest.mark.parametrize("kind", ["HEIF", "AVIF", "WEBP"])
def test_other_files_show_the_same(server: GunicornServer, dog: bytes, kind: str):
    with Image.open(io.BytesIO(dog)) as image:
        stored = encode(image, kind)
    segments, expected = (
        server.client.detect(data, path="/v1/segment", annotate="false").json["segments"] for data in (stored, dog)
    )
    assert (read_mask(segments["mask"]) == read_mask(expected["mask"])).mean() > 0.98
    found, plain = (
        server.client.detect(data, path="/v1/classify", annotate="false").json["classes"][0] for data in (stored, dog)
    )
    assert found["label"] == plain["label"] == "malamute"
    assert found["confidence"] == pytest.approx(plain["confidence"], abs=0.05)


def test_a_reduced_jpeg_gives_a_mask_of_its_own_size(server: GunicornServer, dog: bytes):
    with Image.open(io.BytesIO(dog)) as image:
        large = encode(image.resize((3072, 2304), Image.Resampling.LANCZOS), "JPEG")
    drawn, plain = (
        server.client.detect(large, path="/v1/segment", annotate=annotate).json["segments"]
        for annotate in ("true", "false")
    )
    assert read_mask(plain["mask"]).shape == (2304, 3072)
    assert (read_mask(drawn["mask"]) == read_mask(plain["mask"])).mean() > 0.99
