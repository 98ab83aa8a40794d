"""api/web/request_hooks.py: who may ask, request ids, headers, errors of every kind, and the log line."""

import io
import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.errors import Busy
from api.settings import Settings
from api.work.loaded_models import LoadedModels
from harness.gunicorn_server import ALLOWED_ORIGIN
from harness.pictures import encode, make_upright

REQUEST_ID = re.compile(r"[0-9a-f]{32}")
REFUSED_ORIGINS = [
    "https://evil.example",
    "http://you.example",
    "https://you.example:8443",
    "https://you.example.evil.example",
    "https://sub.you.example",
    "https://xyou.example",
    "null",
    "https://",
    "http://[::1",
    "://",
    "localhost",
    "",
]
FORM = "multipart/form-data"


def test_allowed_page_may_read(client: FlaskClient):
    answer = client.get("/status_check", headers={"Origin": ALLOWED_ORIGIN})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert set(exposed) == {"Retry-After", "X-Request-ID"}
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("origin", REFUSED_ORIGINS)
@pytest.mark.parametrize(("method", "path"), [("GET", "/status_check"), ("POST", "/"), ("OPTIONS", "/")])
def test_page_of_another_site_is_refused(client: FlaskClient, method: str, path: str, origin: str):
    answer = client.open(path, method=method, headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json["type"] == "urn:pagesight:problem:origin-not-allowed"
    assert "PAGESIGHT_ALLOWED_ORIGINS" in answer.json["detail"]
    # The page may read why, whoever it is, and nothing else; `*` never goes with cookies.
    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Methods" not in answer.headers


def test_foreign_page_is_refused_before_any_work(client: FlaskClient, models: LoadedModels):
    models.drain()  # where work began, the answer would be 503
    assert client.post("/", headers={"Origin": "https://evil.example"}).status_code == 403


def test_page_of_this_server_is_allowed(client: FlaskClient):
    for scheme in ("http", "https"):  # behind a proxy the server does not know which
        answer = client.get(
            "/status_check", headers={"Origin": f"{scheme}://demo.example:5000", "Host": "demo.example:5000"}
        )
        assert answer.status_code == 200


def test_every_page_is_allowed_where_the_owner_says_so(settings: Settings, models: LoadedModels):
    open_to_all = create_app(Settings(allowed_origins=("*",)), models).test_client()
    for origin in ("https://anyone.example", "null"):
        answer = open_to_all.get("/status_check", headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] in ("*", origin)


@pytest.mark.parametrize("origin", ["https://you.example", "http://[::1]:5000"])
def test_each_of_several_origins_may_read(models: LoadedModels, origin: str):
    client = create_app(Settings(allowed_origins=("https://you.example", "http://[::1]:5000")), models).test_client()
    answer = client.get("/status_check", headers={"Origin": origin})
    assert answer.headers.getlist("Access-Control-Allow-Origin") == [origin]
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in client.get("/status_check").headers


def test_no_other_site_may_read_where_none_is_named(models: LoadedModels):
    client = create_app(Settings(), models).test_client()
    answer = client.get("/status_check", headers={"Origin": ALLOWED_ORIGIN})
    assert answer.status_code == 403


def test_origin_null_is_not_that_of_a_server_without_a_name(client: FlaskClient):
    assert client.get("/status_check", headers={"Origin": "null", "Host": "not a name"}).status_code == 403
    assert client.get("/status_check", headers={"Origin": "://", "Host": "not a name"}).status_code == 403


def test_preflight_is_answered(client: FlaskClient):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-request-id"}
    answer = client.options("/", headers={"Origin": ALLOWED_ORIGIN, **asked})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"] == "x-request-id"
    assert int(answer.headers["Access-Control-Max-Age"]) >= 600


def broken(app: Flask, error: Exception) -> FlaskClient:
    """Return a client of an application with a route that fails."""

    def fail() -> None:
        raise error

    app.add_url_rule("/broken", view_func=fail)
    return app.test_client()


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nothing-here", 404, "not-found"),
        ("POST", "/v1//detect", 404, "not-found"),
        ("OPTIONS", "/nothing-here", 404, "not-found"),
        ("DELETE", "/", 405, "method-not-allowed"),
        ("PUT", "/status_check", 405, "method-not-allowed"),
        ("GET", "/v1/detect", 405, "method-not-allowed"),
        ("POST", "/", 400, "bad-request"),
        ("GET", "/broken", 500, "internal-error"),
    ],
)
def test_errors_are_problems_an_allowed_page_can_read(app: Flask, method: str, path: str, status: int, kind: str):
    client = broken(app, RuntimeError("in /srv/secret/place"))
    answer = client.open(path, method=method, headers={"Origin": ALLOWED_ORIGIN, "X-Request-ID": "id-1"})
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    assert set(answer.json) == {"type", "title", "status", "detail", "request_id"}
    assert answer.json["type"] == f"urn:pagesight:problem:{kind}"
    assert (answer.json["status"], answer.json["request_id"]) == (status, "id-1")
    assert not re.search(r"Traceback|RuntimeError|/srv|\.py|Werkzeug|Python", answer.text)


def test_wrong_method_says_which_are_right(client: FlaskClient):
    answer = client.delete("/")
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    assert "allowed: OPTIONS, POST" in answer.json["detail"]


def test_retry_after_is_told(app: Flask):
    answer = broken(app, Busy("Full.", retry_after_s=7)).get("/broken")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


def test_failure_is_logged_with_the_id_it_was_answered_with(app: Flask, caplog: pytest.LogCaptureFixture):
    answer = broken(app, RuntimeError("the cause")).get("/broken")
    (record,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert answer.json["request_id"] in record.getMessage()
    assert "the cause" in str(record.exc_info)


@pytest.mark.parametrize("given", ["a", "abc-DEF_1.2", "x" * 64])
def test_request_id_of_the_caller_comes_back(client: FlaskClient, given: str):
    assert client.get("/readyz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "<script>", "a/b", "é", "a%0d%0ab"])
def test_malformed_request_id_is_replaced(client: FlaskClient, given: str):
    assert REQUEST_ID.fullmatch(client.get("/readyz", headers={"X-Request-ID": given}).headers["X-Request-ID"])


def test_requests_without_an_id_get_one_each(client: FlaskClient):
    ids = {client.get("/readyz").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize("path", ["/status_check", "/readyz", "/openapi.json", "/nothing-here"])
def test_answers_are_not_stored_and_not_sniffed(client: FlaskClient, path: str):
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_log_line_names_no_file_and_no_address(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "api")
    picture = (io.BytesIO(encode(make_upright(), "PNG")), "holiday-in-rome.png")
    answer = client.post("/?secret=1", data={"file": picture}, content_type=FORM)
    client.get("/somebody/private")
    lines = [record.getMessage() for record in caplog.records if record.name == "api.web.access_log"]
    detected = (
        r"client=127.0.0.0 key=- method=POST route=/ status=200 ms=\d+ bytes_in=\d+ bytes_out=\d+ problem=-"
        r" model=yolov3-tiny"
    )
    assert re.fullmatch(f"id={answer.json['request_id']} {detected}", lines[0])
    refused = r"client=127.0.0.0 key=- method=GET route=- status=404 ms=\d+ bytes_in=- bytes_out=\d+ problem=not-found"
    assert re.fullmatch(f"id=[0-9a-f]{{32}} {refused} model=-", lines[1])
    assert not re.search(r"holiday|secret|private|127\.0\.0\.1", caplog.text)


def test_health_checks_that_go_well_are_not_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "api")
    client.get("/status_check")
    client.head("/status_check")
    assert not caplog.records
    client.get("/status_check", headers={"Origin": "https://evil.example"})
    assert "problem=origin-not-allowed" in caplog.text
