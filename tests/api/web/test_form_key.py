"""api/web/form_key.py: a key in front of the file is found without the file, and the form is left as it came."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from api.api_key import ApiKey, hash_key
from api.errors import WrongKey
from api.web.form_key import FRONT_BYTES, Rejoined, form_key_gate, read_key_in_front
from api.web.keys import Keys
from api.web.request_facts import CALLER
from api.web.request_hooks import InMemoryRequest
from harness.http_client import encode_form

PHOTOGRAPH = bytes(range(256)) * 400
KEYS = Keys((ApiKey("frigate", hash_key("right")),))


def make_environ(body: bytes, headers: Mapping[str, str], path: str = "/v1/vision/detection") -> dict[str, Any]:
    return EnvironBuilder(path, method="POST", data=body, headers=headers).get_environ()


def with_fields(**fields: str) -> dict[str, Any]:
    return make_environ(*encode_form(PHOTOGRAPH, field="image", **fields))


def file_first(key: str) -> dict[str, Any]:
    """Return a form whose key stands behind the file."""
    parts = [
        b'Content-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n' + PHOTOGRAPH,
        f'Content-Disposition: form-data; name="api_key"\r\n\r\n{key}'.encode(),
    ]
    body = b"".join(b"--x\r\n%b\r\n" % part for part in parts) + b"--x--\r\n"
    return make_environ(body, {"Content-Type": "multipart/form-data; boundary=x"})


def assert_whole(environ: dict[str, Any]) -> None:
    assert InMemoryRequest(environ).files["image"].read() == PHOTOGRAPH


@pytest.mark.parametrize("fields", [{"api_key": "mine"}, {"min_confidence": "0.4", "api_key": "mine"}])
def test_key_in_front_is_found_and_the_form_stays_whole(fields: dict[str, str]):
    environ = with_fields(**fields)
    assert read_key_in_front(environ) == "mine"
    assert_whole(environ)


@pytest.mark.parametrize("environ", [with_fields(), with_fields(api_key=""), file_first("mine")])
def test_key_that_is_not_in_front_is_not_looked_for(environ: dict[str, Any]):
    assert read_key_in_front(environ) == ""
    assert_whole(environ)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"api_key": "mine"}'),
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\napi_key: mine\r\n\r\nmine\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="api_key"\r\n\r\ncut off'),
        ("multipart/form-data; boundary=\xe4", b"--\xe4\r\n"),
    ],
)
def test_what_is_no_such_form_has_no_key(kind: str, body: bytes):
    environ = make_environ(body, {"Content-Type": kind})
    assert read_key_in_front(environ) == ""
    assert environ["wsgi.input"].read(-1) == body


def test_wrong_key_is_refused_before_the_file_is_read():
    environ = with_fields(api_key="wrong")
    stream = environ["wsgi.input"]
    with pytest.raises(WrongKey, match=r"^Incorrect api key$"):
        form_key_gate(KEYS)(environ)
    assert stream.tell() == FRONT_BYTES


def test_right_key_is_noted():
    environ = with_fields(api_key="right")
    form_key_gate(KEYS)(environ)
    assert environ[CALLER] == "frigate"
    assert_whole(environ)


def test_nothing_is_read_where_there_is_nothing_to_know():
    elsewhere = make_environ(*encode_form(PHOTOGRAPH, api_key="wrong"), path="/v1/detect")
    known = with_fields(api_key="wrong") | {CALLER: "frigate"}
    for keys, environ in ((KEYS, elsewhere), (KEYS, known), (Keys(()), with_fields(api_key="wrong"))):
        form_key_gate(keys)(environ)
        assert environ["wsgi.input"].tell() == 0


@given(st.binary(max_size=40), st.binary(max_size=40), st.lists(st.integers(1, 20)))
def test_stream_is_read_as_if_nothing_had_been_read(front: bytes, rest: bytes, sizes: list[int]):
    stream = Rejoined(front, io.BytesIO(rest))
    assert b"".join(map(stream.read, sizes)) + stream.read() == front + rest
