"""api/web/form.py over the real application: each field's values, good and bad."""

import io
from typing import Any

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict

from api.tasks.detection.types import DetectionOptions
from api.web.form import ImageFields, Upload, read_image_fields, read_options, read_upload
from harness.pictures import encode, make_upright

DEFAULTS = DetectionOptions(confidence=0.3, iou=0.6)
PICTURE = encode(make_upright(), "PNG")
BAD_VALUES = [
    *[
        ("orientation", value)
        for value in ("0", "9", "-1", "6.0", "six", "+6", "1e0", "²", "\u0666", "99999999999999", "null")
    ],
    *[
        ("confidence", value)
        for value in ("abc", "-0.01", "1.01", "nan", "inf", "50%", "0,5", "0_5.0", "0_1", "\u0660.\u0665")
    ],
    *[("display_width", value) for value in ("99", "10001", "wide", "360.5", "-360")],
    *[("iou", value) for value in ("abc", "-1", "45", "nan", "1e9")],
    *[("max_detections", value) for value in ("0", "1001", "-5", "ten", "1.5", "1_0")],
    *[(field, value) for field in ("annotate", "candidates") for value in ("maybe", "1", "0", "yes", "None")],
    *[("explain", value) for value in ("1", "heat map")],
    *[("blur", value) for value in (",", "dog,", ",dog", "dog,,car")],
]

FIELDS = ("orientation", "model", "display_width", "confidence", "iou", "max_detections", "annotate", "candidates")


def request_with(app: Flask, form: Any) -> Request:
    environment = app.test_request_context("/", method="POST", data=form, content_type="multipart/form-data")
    return environment.request


def fields_of(app: Flask, **form: str) -> ImageFields:
    return read_image_fields(request_with(app, form))


def options_of(app: Flask, **form: str) -> DetectionOptions:
    return read_options(request_with(app, form), DEFAULTS)


def test_nothing_given_leaves_the_defaults(app: Flask):
    assert fields_of(app) == ImageFields(model=None, orientation=None, annotate=True, display_width=None)
    assert options_of(app) == DEFAULTS


@pytest.mark.parametrize("unset", ["", "undefined", "  "])
@pytest.mark.parametrize(
    "field", ["orientation", "model", "display_width", "confidence", "iou", "max_detections", "annotate", "candidates"]
)
def test_empty_and_undefined_are_the_default(app: Flask, field: str, unset: str):
    assert fields_of(app, **{field: unset}) == fields_of(app)
    assert options_of(app, **{field: unset}) == options_of(app)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        *[("orientation", str(number), number) for number in range(1, 9)],
        ("orientation", " 6 ", 6),
        ("annotate", "false", False),
        ("annotate", "True", True),
        ("model", " yolov3 ", "yolov3"),
        ("display_width", "360", 360),
    ],
)
def test_reads_a_field(app: Flask, field: str, text: str, value: object):
    assert getattr(fields_of(app, **{field: text}), field) == value


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("confidence", "0", 0.0),
        ("confidence", "1", 1.0),
        ("confidence", "5e-2", 0.05),
        ("confidence", ".5", 0.5),
        ("iou", "0.123", 0.123),
        ("max_detections", "1", 1),
        ("max_detections", "1000", 1000),
        ("candidates", "true", True),
        ("candidates", "FALSE", False),
        ("blur", "dog", ("dog",)),
        ("blur", " licence plate , dog", ("licence plate", "dog")),
    ],
)
def test_reads_an_option(app: Flask, field: str, text: str, value: float):
    assert getattr(options_of(app, **{field: text}), field) == value


@pytest.mark.parametrize(("field", "text"), BAD_VALUES)
def test_bad_value_names_the_field_and_what_was_expected(client: FlaskClient, field: str, text: str):
    answer = client.post("/", data={"file": (io.BytesIO(PICTURE), "a.png"), field: text})
    assert answer.status_code == 400
    assert answer.json["detail"].startswith(f"The field `{field}` must be ")
    assert repr(text) in answer.json["detail"]


def test_long_bad_value_is_not_sent_back_whole(client: FlaskClient):
    answer = client.post("/", data={"file": (io.BytesIO(PICTURE), "a.png"), "confidence": "<b>\r\n" + "x" * 9000})
    assert answer.status_code == 400
    assert len(answer.json["detail"]) < 150


@pytest.mark.timeout(20)  # takes minutes where it is matched in quadratic time
def test_very_long_number_costs_nothing(client: FlaskClient):
    answer = client.post("/", data={"file": (io.BytesIO(PICTURE), "a.png"), "confidence": "1" * 120_000 + "x"})
    assert answer.status_code == 400


@pytest.mark.parametrize("field", ["orientation", "confidence", "annotate"])
def test_field_that_is_there_twice_is_refused(client: FlaskClient, field: str):
    form = MultiDict([("file", (io.BytesIO(PICTURE), "a.png")), (field, "1"), (field, "1")])
    answer = client.post("/", data=form)
    assert answer.status_code == 400
    assert f"`{field}` is there 2 times" in answer.json["detail"]


def test_unknown_fields_are_ignored(client: FlaskClient):
    answer = client.post("/", data={"file": (io.BytesIO(PICTURE), "a.png"), "lucky_number": "7"})
    assert answer.status_code == 200


@pytest.mark.parametrize("field", ["file", "image"])
def test_reads_the_file_under_both_names(app: Flask, field: str):
    request = request_with(app, {field: (io.BytesIO(b"bytes"), "a.png")})
    assert read_upload(request) == Upload("a.png", b"bytes")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "no image"),
        ({"file": "text, not a file"}, "no image"),
        ({"photo": (io.BytesIO(PICTURE), "a.png")}, "`file`"),
        ({"file": (io.BytesIO(PICTURE), "a.png"), "image": (io.BytesIO(PICTURE), "b.png")}, "2 images"),
        ({"file": [(io.BytesIO(PICTURE), "a.png"), (io.BytesIO(PICTURE), "b.png")]}, "2 images"),
        ({"file": (io.BytesIO(b""), "a.png")}, "empty"),
    ],
)
def test_other_than_one_image_is_refused(client: FlaskClient, form: dict[str, Any], words: str):
    answer = client.post("/", data=form, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert words in answer.json["detail"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("dog.jpg", "dog.jpg"),
        ("Föhn 犬 🐕.jpg", "Föhn 犬 🐕.jpg"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\fakepath\\dog.jpg", "dog.jpg"),
        ("two\nlines\r\n\t.jpg", "twolines.jpg"),
        ("nul\0l.jpg", "null.jpg"),
        ("turned\u202egpj.exe", "turnedgpj.exe"),
        ("x" * 400, "x" * 255),
        ("folder/", "image"),
        ("  ", "image"),
        ("<img src=x>.jpg", "<img src=x>.jpg"),
    ],
)
def test_name_is_one_line_without_folders(app: Flask, given: str, kept: str):
    with app.test_request_context("/", method="POST") as context:
        request = context.request
        request.environ["CONTENT_TYPE"] = "multipart/form-data; boundary=x"
        request.files = MultiDict([("file", FileStorage(io.BytesIO(b"bytes"), given))])
        assert read_upload(request).name == kept
