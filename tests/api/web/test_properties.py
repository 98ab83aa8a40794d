"""What holds for every value of every field, name, header and body: made up by Hypothesis."""

import math
import unicodedata
from functools import partial

import pytest
from flask import Request
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from api.app import create_app
from api.errors import BadRequest
from api.models.model import Model
from api.settings import Settings
from api.tasks.detection.types import DetectionOptions
from api.web.form import MAX_NAME_LENGTH, ImageFields, read_image_fields, read_options, read_upload
from harness.applications import ready_models
from harness.gunicorn_server import ALLOWED_ORIGIN

DEFAULTS = DetectionOptions(confidence=0.3, iou=0.6)
IMAGE_FIELDS = ("orientation", "display_width", "annotate")
FIELDS = (*IMAGE_FIELDS, "confidence", "iou", "max_detections", "candidates")
ALWAYS_THE_SAME = settings(deadline=None, derandomize=True, database=None, max_examples=200)

numbers = st.one_of(st.integers().map(str), st.floats().map(repr), st.decimals().map(str), st.fractions().map(str))
words = st.one_of(st.text(max_size=50), numbers, st.sampled_from(["true", "false", "undefined", "", "null", "NaN"]))
header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80)


@pytest.fixture(scope="module")
def visitor(model: Model) -> FlaskClient:
    """A client of the real application, which is made once."""
    return create_app(
        Settings(model="yolov3-tiny", threads=2, allowed_origins=(ALLOWED_ORIGIN,)), ready_models(model)
    ).test_client()


def request_with(form: MultiDict[str, str] | dict[str, str]) -> Request:
    request = Request({"CONTENT_TYPE": "multipart/form-data; boundary=x"})
    request.form = MultiDict(form)
    return request


def fields_or_none(**form: str) -> tuple[ImageFields, DetectionOptions] | None:
    try:
        return read_image_fields(request_with(form)), read_options(request_with(form), DEFAULTS)
    except BadRequest as error:
        complaint = error.detail
    assert 10 < len(complaint) < 300
    assert complaint.isprintable()
    return None


@ALWAYS_THE_SAME
@given(field=st.sampled_from(FIELDS), text=words)
@example(field="confidence", text="1e-400")
@example(field="confidence", text="9" * 400)
@example(field="max_detections", text="0" * 5_000)
@example(field="orientation", text="\ud800")
def test_any_text_is_read_as_what_is_promised_or_refused(field: str, text: str):
    read = fields_or_none(**{field: text})
    if read is None:
        return
    fields, options = read
    assert fields.orientation is None or fields.orientation in range(1, 9)
    assert fields.display_width is None or 100 <= fields.display_width <= 10_000
    assert isinstance(fields.annotate, bool)
    assert 0 <= options.confidence <= 1
    assert 0 <= options.iou <= 1
    assert 1 <= options.max_detections <= 1000
    assert isinstance(options.candidates, bool)


@ALWAYS_THE_SAME
@given(field=st.sampled_from(["confidence", "iou"]), value=st.floats(0, 1))
def test_any_fraction_is_read_as_itself(field: str, value: float):
    read = fields_or_none(**{field: repr(value)})
    assert read is not None
    assert getattr(read[1], field) == value


@ALWAYS_THE_SAME
@given(field=st.sampled_from(["confidence", "iou"]), value=st.floats())
def test_any_number_that_is_no_fraction_is_refused(field: str, value: float):
    inside = not math.isnan(value) and 0 <= value <= 1
    assert (fields_or_none(**{field: repr(value)}) is not None) == inside


@ALWAYS_THE_SAME
@given(st.integers())
def test_any_whole_number_is_read_or_refused(value: int):
    orientation = fields_or_none(orientation=str(value))
    assert (orientation[0].orientation if orientation else None) == (value if 1 <= value <= 8 else None)
    most = fields_or_none(max_detections=str(value))
    assert (most[1].max_detections if most else None) == (value if 1 <= value <= 1000 else None)


@ALWAYS_THE_SAME
@given(field=st.sampled_from(FIELDS), first=words, second=words)
def test_any_field_that_is_there_twice_is_refused(field: str, first: str, second: str):
    request = request_with(MultiDict([(field, first), (field, second)]))
    read = read_image_fields if field in IMAGE_FIELDS else partial(read_options, defaults=DEFAULTS)
    with pytest.raises(BadRequest, match="2 times"):
        read(request)


@ALWAYS_THE_SAME
@given(st.text(max_size=400))
@example("../../etc/passwd")
@example("C:\\fakepath\\dog.jpg")
@example("\u202egpj.exe")
def test_any_file_name_becomes_one_line_without_folders(name: str):
    request = request_with({})
    request.files = MultiDict({"file": FileStorage(filename=name)})
    cleaned = read_upload(request).name
    assert 1 <= len(cleaned) <= MAX_NAME_LENGTH
    assert not set("/\\") & set(cleaned)
    assert not any(unicodedata.category(character)[0] == "C" for character in cleaned)


@ALWAYS_THE_SAME
@given(
    body=st.one_of(
        st.binary(max_size=2_000), st.lists(st.sampled_from([b"--x", b"\r\n", b": ", b'name="file"'])).map(b"".join)
    ),
    content_type=st.one_of(header_text, st.just("multipart/form-data; boundary=x")),
    path=st.sampled_from(["/", "/v1/detect"]),
)
def test_any_body_is_the_senders_mistake(visitor: FlaskClient, body: bytes, content_type: str, path: str):
    answer = visitor.post(path, data=body, content_type=content_type)
    assert 400 <= answer.status_code < 500
    assert answer.mimetype == "application/problem+json"


@ALWAYS_THE_SAME
@given(origin=header_text, request_id=header_text)
def test_any_header_is_met_with_the_promised_ones(visitor: FlaskClient, origin: str, request_id: str):
    answer = visitor.get("/status_check", headers={"Origin": origin, "X-Request-ID": request_id})
    allowed = origin.lower() == ALLOWED_ORIGIN
    assert answer.status_code == (200 if allowed else 403)
    assert answer.headers.getlist("Access-Control-Allow-Origin") == [origin if allowed else "*"]
    assert len(answer.headers.getlist("X-Request-ID")) == 1
    assert answer.headers["X-Request-ID"].isascii()
