"""The running server against its contract: every kind of answer, over HTTP, for a page of another site."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from PIL import Image

from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer
from harness.http_client import Answer
from harness.pictures import encode, jpeg_with_scans, make_exif, make_upright, png_header
from tests.contract import PROBLEM, Contract

ORIGIN = {"Origin": ALLOWED_ORIGIN}
MEGABYTE = b"x" * 1_000_000
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
BAD_IMAGES = [
    ("no file", None, 400, "bad-request"),
    ("an empty file", b"", 400, "bad-request"),
    ("text", b"no image", 415, "unsupported-image"),
    ("an SVG", SVG, 415, "unsupported-image"),
    ("a TIFF", encode(make_upright(), "TIFF"), 415, "unsupported-image"),
    ("a truncated JPEG", encode(make_upright(), "JPEG")[:-100], 422, "refused-image"),
    ("30 megapixels", png_header(6000, 5000), 422, "refused-image"),
    ("30 megapixels, whole", encode(Image.new("L", (6000, 5000)), "PNG"), 422, "refused-image"),
    ("a side too long", encode(Image.new("L", (12_001, 1)), "PNG"), 422, "refused-image"),
    ("a JPEG of 400 scans", jpeg_with_scans(400), 422, "refused-image"),
    ("20 MB", MEGABYTE * 20, 413, "too-large"),
]
BAD_FIELDS = [
    ("orientation", "9"),
    ("orientation", "abc"),
    ("confidence", "abc"),
    ("confidence", "2"),
    ("iou", "-1"),
    ("max_detections", "0"),
    ("annotate", "perhaps"),
    ("candidates", "2"),
]
OPTIONS: list[dict[str, Any]] = [
    {},
    {"annotate": "false"},
    {"candidates": "true"},
    {"confidence": "0.6"},
    {"confidence": "1"},
    {"iou": "0.9"},
    {"max_detections": "1"},
    {"orientation": "3"},
    {"orientation": "undefined"},
    {"orientation": ""},
    {"field": "image"},
    {"path": "/v1/detect"},
    {"name": "Hündin 🐕.jpg"},
]


@pytest.fixture(scope="module")
def contract(server: GunicornServer) -> Contract:
    return Contract(server.client.get("/openapi.json").json)


def assert_kept(contract: Contract, method: str, path: str, answer: Answer) -> None:
    """Check an answer to a page of an allowed site."""
    contract.check(method, path, status=answer.status, headers=answer.headers, content=answer.json)
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    assert answer.headers["X-Request-ID"]
    assert answer.headers["Cache-Control"] == "no-store"


def assert_problem(contract: Contract, method: str, path: str, answer: Answer, status: int, kind: str) -> None:
    assert (answer.status, answer.content_type) == (status, PROBLEM)
    assert_kept(contract, method, path, answer)
    assert answer.json["type"] == f"urn:pagesight:problem:{kind}"
    assert answer.json["status"] == status
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


def test_contract_is_valid_openapi(contract: Contract):
    validate(contract.document)


def test_contract_refuses_an_answer_that_breaks_it(contract: Contract, server: GunicornServer):
    good = server.client.get("/status_check")
    for broken in ({}, {**good.json, "status": "fine"}, {**good.json, "more": 1}):
        with pytest.raises(Exception, match="required|is not one of|Additional"):
            contract.check("GET", "/status_check", status=200, headers=good.headers, content=broken)
    with pytest.raises(AssertionError, match="never to answer 418"):
        contract.check("GET", "/status_check", status=418, headers=good.headers, content=good.json)


@pytest.mark.parametrize("path", ["/status_check", "/readyz", "/v1/labels", "/openapi.json"])
def test_get(contract: Contract, server: GunicornServer, path: str):
    answer = server.client.get(path, ORIGIN)
    assert answer.status == 200
    assert_kept(contract, "GET", path, answer)


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: json.dumps(options, ensure_ascii=True))
def test_detect(contract: Contract, server: GunicornServer, dog: bytes, options: dict[str, Any]):
    answer = server.client.detect(dog, headers=ORIGIN, **options)
    assert answer.status == 200
    assert_kept(contract, "POST", options.get("path", "/"), answer)
    found = answer.json
    confidences = [detection["confidence"] for detection in found["detections"]]
    assert confidences == sorted(confidences, reverse=True)
    assert all(confidence >= float(options.get("confidence", 0.25)) for confidence in confidences)
    assert len(confidences) <= int(options.get("max_detections", 100))
    assert (found["width"], found["height"]) == (768, 576)
    assert found["name"] == options.get("name", "photo.jpg")
    assert found["model"] == "yolov3-tiny"
    assert (found["image"] is None) == (options.get("annotate") == "false")
    assert ("candidates" in found) == ("candidates" in options)
    assert found["request_id"] == answer.headers["X-Request-ID"]


def test_candidates_are_what_stood_before_suppression(server: GunicornServer, dog: bytes):
    answer = server.client.detect(dog, candidates="true", annotate="false", confidence="0.5").json
    plain = server.client.detect(dog, annotate="false", confidence="0.5").json
    assert answer["detections"] == plain["detections"]
    assert all(detection in answer["candidates"] for detection in answer["detections"])
    assert len(answer["candidates"]) > len(server.client.detect(dog, confidence="0.05").json["detections"])
    assert min(candidate["confidence"] for candidate in answer["candidates"]) >= 0.05


def test_nothing_found_is_an_empty_list(contract: Contract, server: GunicornServer):
    answer = server.client.detect(encode(Image.new("RGB", (300, 200)), "PNG"), headers=ORIGIN)
    assert answer.status == 200
    assert answer.json["detections"] == []
    assert_kept(contract, "POST", "/", answer)


@pytest.mark.parametrize(
    ("image", "status", "kind"), [bad[1:] for bad in BAD_IMAGES], ids=[bad[0] for bad in BAD_IMAGES]
)
def test_bad_image(contract: Contract, server: GunicornServer, image: bytes | None, status: int, kind: str):
    answer = server.client.detect(image, headers=ORIGIN)
    assert_problem(contract, "POST", "/", answer, status, kind)


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
def test_bad_field(contract: Contract, server: GunicornServer, dog: bytes, field: str, value: str):
    answer = server.client.detect(dog, headers=ORIGIN, **{field: value})
    assert_problem(contract, "POST", "/", answer, 400, "bad-request")
    assert f"`{field}`" in answer.json["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/v1/detect", 405, "method-not-allowed"),
        ("DELETE", "/", 405, "method-not-allowed"),
        ("POST", "/status_check", 405, "method-not-allowed"),
        ("GET", "/nothing-here", 404, "not-found"),
        ("POST", "/nothing-here", 404, "not-found"),
        ("GET", "/" + "a" * 1000, 404, "not-found"),
    ],
)
def test_wrong_method_or_path(
    contract: Contract, server: GunicornServer, method: str, path: str, status: int, kind: str
):
    answer = server.client.request(method, path, headers=ORIGIN)
    assert_problem(contract, method, path, answer, status, kind)


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("GET", "/status_check"), ("GET", "/readyz")])
def test_page_of_another_site(contract: Contract, server: GunicornServer, method: str, path: str):
    answer = server.client.request(method, path, headers={"Origin": "https://evil.example"})
    assert answer.status == 403
    contract.check(method, path, status=403, headers=answer.headers, content=answer.json)


def test_returned_image_is_the_upright_one_without_metadata(server: GunicornServer, photographs: dict[str, Path]):
    with Image.open(photographs["dog"]) as photograph:
        stored = photograph.transpose(Image.Transpose.ROTATE_90)
    answer = server.client.detect(encode(stored, "JPEG", exif=make_exif(6))).json
    jpeg = base64.b64decode(answer["image"].removeprefix("data:image/jpeg;base64,"), validate=True)
    with Image.open(io.BytesIO(jpeg)) as image:
        image.load()
        assert image.format == "JPEG"
        assert image.size == (answer["width"], answer["height"]) == (768, 576)
        assert not image.getexif()
        assert not {"exif", "icc_profile", "comment"} & set(image.info)


def test_labels_are_those_of_the_model(server: GunicornServer):
    answer = server.client.get("/v1/labels").json
    assert answer["model"] == "yolov3-tiny"
    assert len(answer["labels"]) == 80
    assert answer["labels"][16] == "dog"
