"""api/web/keys.py: who needs a key, what becomes of a wrong one, and that no key is told to anybody."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from prometheus_client import generate_latest
from werkzeug.test import Client, TestResponse

from api.api_key import ApiKey, hash_key, new_key, read_api_key
from api.app import create_app, metrics_of
from api.errors import NoKey, WrongKey
from api.settings import Settings
from api.web import keys as keys_module
from api.web.keys import Keys
from api.web.openapi import read_contract
from api.web.request_facts import CALLER
from api.work.loaded_models import LoadedModels
from harness.gunicorn_server import ALLOWED_ORIGIN
from harness.http_client import encode_form
from tests.api.web.test_full_queue import Unread
from tests.contract import Contract

FRIGATE, BOT = new_key(), new_key()
KNOWN = (ApiKey("frigate", hash_key(FRIGATE)), ApiKey("bot", hash_key(BOT), per_minute=2))
WORK = ("/", "/v1/detect", "/v1/classify", "/v1/segment", "/v1/read", "/v1/jobs")
BEARER = {"Authorization": f"Bearer {FRIGATE}"}
WRONG_KEYS = [new_key(), FRIGATE[:-1], FRIGATE + "x", FRIGATE.upper(), KNOWN[0].digest, "x" * 8000, "ключ", "é"]


@pytest.fixture
def locked(settings: Settings, models: LoadedModels) -> Flask:
    """An application that asks programs for a key."""
    return create_app(replace(settings, api_keys=KNOWN), models)


def post_unread(app: Flask, path: str = "/", **headers: str) -> TestResponse:
    """Post a form whose body nobody may read."""
    return Client(app).post(
        path,
        headers={name.replace("_", "-"): value.encode().decode("latin-1") for name, value in headers.items()},
        input_stream=Unread(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "123456", "REMOTE_ADDR": "203.0.113.77"},
    )


def post(app: Flask, image: bytes | None = None, path: str = "/", **headers: str) -> TestResponse:
    body, form = encode_form(image, annotate="false")
    return Client(app).post(
        path, data=body, headers={**form, **{name.replace("_", "-"): text for name, text in headers.items()}}
    )


def is_let_in(answer: TestResponse) -> bool:
    """Whether the form was looked at, in which there is no image."""
    return answer.status_code == 400 and "There is no image" in answer.json["detail"]


@pytest.mark.parametrize("path", WORK)
def test_program_without_a_key_is_refused_unread(locked: Flask, path: str):
    answer = post_unread(locked, path)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "urn:pagesight:problem:no-key"
    assert "Authorization: Bearer KEY" in answer.json["detail"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Pagesight"'


@pytest.mark.parametrize("path", WORK)
@pytest.mark.parametrize("way", ["Bearer", "X-API-Key"])
def test_wrong_key_is_refused_unread(locked: Flask, path: str, way: str):
    for wrong in WRONG_KEYS:
        answer = post_unread(locked, path, **{way: wrong} if way != "Bearer" else {"Authorization": f"Bearer {wrong}"})
        assert answer.status_code == 401
        assert answer.json["type"] == "urn:pagesight:problem:wrong-key"
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Pagesight", error="invalid_token"'
        assert wrong not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        BEARER,
        {"Authorization": f"bearer {FRIGATE}"},
        {"Authorization": f"BEARER   {FRIGATE} "},
        {"X_API_Key": FRIGATE},
        {"X_API_Key": FRIGATE, "Authorization": "Basic cHJveHk6cHJveHk="},
        {"Authorization": f"Bearer {BOT}"},
        {"Origin": ALLOWED_ORIGIN, **BEARER},
    ],
)
def test_right_key_is_let_in_either_way(locked: Flask, headers: dict[str, str]):
    assert is_let_in(post(locked, **headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ALLOWED_ORIGIN},
        {"Origin": "https://demo.example", "Host": "demo.example"},
        {"Origin": "http://demo.example:5000", "Host": "demo.example:5000"},
        {"Origin": ALLOWED_ORIGIN, "Authorization": "Basic cHJveHk6cHJveHk="},
        {"Origin": ALLOWED_ORIGIN, "X_API_Key": ""},
    ],
)
def test_page_needs_no_key(locked: Flask, headers: dict[str, str]):
    assert is_let_in(post(locked, **headers))


def test_any_page_needs_no_key_where_all_origins_are_allowed(settings: Settings, models: LoadedModels):
    app = create_app(replace(settings, api_keys=KNOWN, allowed_origins=("*",)), models)
    assert is_let_in(post(app, Origin="https://anyone.example"))
    assert post_unread(app).status_code == 401


@pytest.mark.parametrize("headers", [{}, BEARER, {"X_API_Key": "wrong"}])
def test_page_of_another_site_is_told_so_whatever_its_key(locked: Flask, headers: dict[str, str]):
    assert post_unread(locked, Origin="https://evil.example", **headers).status_code == 403


def test_page_can_read_that_its_key_is_wrong(locked: Flask):
    answer = post_unread(locked, Origin=ALLOWED_ORIGIN, X_API_Key="wrong")
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    assert "Origin" in answer.headers["Vary"]


def test_preflight_needs_no_key_and_allows_one(locked: Flask):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, x-api-key"}
    answer = Client(locked).options("/v1/detect", headers={"Origin": ALLOWED_ORIGIN, **asked})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization, x-api-key"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/status_check", "/readyz", "/v1/models", "/v1/labels", "/openapi.json"])
def test_reading_needs_no_key(locked: Flask, method: str, path: str):
    for headers in ({}, {"X-API-Key": "wrong"}):
        assert Client(locked).open(path, method=method, headers=headers).status_code == 200


def test_status_tells_whether_programs_need_a_key(locked: Flask, app: Flask):
    assert Client(locked).get("/status_check").json["needs_key"] is True
    assert "needs_key" not in Client(app).get("/status_check").json


def test_only_the_id_is_needed_for_a_job(settings: Settings, models: LoadedModels, tmp_path):
    app = create_app(replace(settings, api_keys=KNOWN, jobs="sqlite", jobs_dir=tmp_path / "jobs"), models)
    for method in ("GET", "DELETE"):
        assert Client(app).open("/v1/jobs/of-somebody", method=method).status_code == 404
    assert post_unread(app, "/v1/jobs").status_code == 401


def test_wrong_key_is_told_before_a_full_queue(locked: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.work.admission.Admission._is_full", lambda _self: True)
    assert post_unread(locked, X_API_Key="wrong").status_code == 401
    assert post_unread(locked, **BEARER).status_code == 503


def test_nobody_is_asked_where_there_are_no_keys(app: Flask, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "api.web.access_log")
    for headers in ({}, BEARER, {"X_API_Key": "anything"}):
        assert is_let_in(post(app, **headers))
    assert caplog.text.count(" key=- ") == 3
    assert "pagesight_key_requests_total{" not in generate_latest(metrics_of(app)).decode()


def test_key_has_a_rate_of_its_own(locked: Flask):
    bot = {"X_API_Key": BOT}
    assert [is_let_in(post(locked, **bot)) for _ in range(2)] == [True, True]
    answer = post_unread(locked, **bot)
    assert answer.status_code == 429
    assert answer.json["type"] == "urn:pagesight:problem:too-often"
    assert 1 <= int(answer.headers["Retry-After"]) <= 30
    assert all(is_let_in(post(locked, **others)) for others in (BEARER, {"Origin": ALLOWED_ORIGIN}) for _ in range(5))


def test_wrong_keys_take_nothing_from_a_rate(locked: Flask):
    for _ in range(5):
        post_unread(locked, X_API_Key=BOT + "x")
    assert is_let_in(post(locked, X_API_Key=BOT))


def test_log_and_metrics_know_a_key_by_its_name(locked: Flask, dog: bytes, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    assert post(locked, dog, **BEARER).status_code == 200
    post_unread(locked, X_API_Key=BOT + "x")
    for _ in range(3):
        post(locked, X_API_Key=BOT)
    lines = [record.getMessage() for record in caplog.records if record.name == "api.web.access_log"]
    told = [re.search(r"key=(\S+) .* status=(\d+) ", line).groups() for line in lines]
    assert told == [("frigate", "200"), ("-", "401"), ("bot", "400"), ("bot", "400"), ("bot", "429")]
    counted = generate_latest(metrics_of(locked)).decode()
    for name, status, times in (("frigate", 200, 1), ("bot", 400, 2), ("bot", 429, 1)):
        assert f'pagesight_key_requests_total{{key="{name}",status="{status}"}} {times}.0' in counted
    assert counted.count("pagesight_key_requests_total{") == 3
    assert 'pagesight_refusals_total{kind="wrong-key"} 1.0' in counted
    assert 'pagesight_requests_total{route="/",status="401"} 1.0' in counted
    secrets = [FRIGATE, BOT, KNOWN[0].digest, KNOWN[1].digest]
    assert not [secret for secret in secrets if secret in caplog.text + counted]


def test_strangers_add_no_label_whatever_they_ask(locked: Flask):
    post_unread(locked, "/nothing")
    before = len(generate_latest(metrics_of(locked)).splitlines())
    for number in range(20):
        assert post_unread(locked, f"/nothing-{number}", X_API_Key=f"key-{number}").status_code == 401
    text = generate_latest(metrics_of(locked)).decode()
    assert len(text.splitlines()) <= before + 2  # the other kind of 401, and when it was first
    assert "nothing" not in text


def test_refusals_keep_the_contract(locked: Flask):
    contract = Contract(read_contract())
    post(locked, X_API_Key=BOT)
    post(locked, X_API_Key=BOT)
    for path in WORK:
        for status, headers in ((401, {}), (401, {"X_API_Key": "wrong"}), (429, {"X_API_Key": BOT})):
            answer = post_unread(locked, path, **headers)
            assert answer.status_code == status
            contract.check("POST", path, status=status, headers=answer.headers, content=answer.json)


def test_each_key_is_compared_whichever_fits(monkeypatch: pytest.MonkeyPatch):
    compared: list[str] = []
    compare: Callable[[str, str], bool] = keys_module.compare_digest

    def compare_and_note(known: str, given: str) -> bool:
        compared.append(known)
        return compare(known, given)

    monkeypatch.setattr(keys_module, "compare_digest", compare_and_note)
    keys = Keys(KNOWN)
    assert [keys.name_of(given) for given in (FRIGATE, BOT, "neither")] == ["frigate", "bot", None]
    assert compared == [key.digest for key in KNOWN] * 3


def test_key_in_a_form_counts_where_the_header_has_none():
    keys = Keys(KNOWN)
    form = {"PATH_INFO": "/v1/vision/detection"}
    keys.admit(form)  # its route reads the form, and asks
    keys.admit_form(form, FRIGATE)
    assert form[CALLER] == "frigate"
    both = {"PATH_INFO": "/v1/vision/detection", "HTTP_X_API_KEY": BOT}
    keys.admit(both)
    keys.admit_form(both, "wrong")
    assert both[CALLER] == "bot"


@pytest.mark.parametrize(("given", "error"), [("", NoKey), ("wrong", WrongKey)])
def test_form_without_a_right_key_is_refused(given: str, error: type[Exception]):
    with pytest.raises(error):
        Keys(KNOWN).admit_form({"PATH_INFO": "/v1/vision/detection"}, given)


def test_page_needs_no_key_in_its_form():
    Keys(KNOWN).admit_form({"PATH_INFO": "/v1/vision/detection", "HTTP_ORIGIN": ALLOWED_ORIGIN}, "")


def test_key_has_bits_enough_for_a_plain_hash():
    made = {new_key() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"pagesight_[A-Za-z0-9_-]{32}", key) for key in made)  # 32 x 6 bits


@pytest.mark.parametrize("key", KNOWN)
def test_entry_of_the_settings_is_read_as_it_is_written(key: ApiKey):
    assert read_api_key(str(key)) == key
