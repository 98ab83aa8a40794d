"""A key on its way through a real nginx to a real gunicorn: it gets there, no log has it, wrong ones cost little."""

import http.client
from collections.abc import Iterator

import pytest

from api.api_key import ApiKey, hash_key, new_key
from benchmarks.robustness.refusals import MOST_GROWTH_MB, Measured, make_request, measured_server, with_header
from harness.gunicorn_server import ALLOWED_ORIGIN
from harness.http_client import encode_form
from harness.nginx_server import NginxServer, running_nginx

KEY, WRONG = new_key(), new_key()
WAYS = [lambda key: {"Authorization": f"Bearer {key}"}, lambda key: {"X-API-Key": key}]


@pytest.fixture(scope="module")
def locked() -> Iterator[Measured]:
    with measured_server(PAGESIGHT_API_KEYS=str(ApiKey("frigate", hash_key(KEY)))) as server:
        yield server


@pytest.fixture(scope="module")
def front(locked: Measured) -> Iterator[NginxServer]:
    with running_nginx(locked.server.host) as started:
        yield started


@pytest.mark.parametrize("way", WAYS)
def test_key_is_passed_on_and_so_is_the_refusal(front: NginxServer, dog: bytes, way):
    assert front.client.detect(dog, headers=way(KEY), annotate="false").status == 200
    refused = front.client.detect(dog, headers={**way(WRONG), "Origin": ALLOWED_ORIGIN})
    assert (refused.status, refused.content_type) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer ")
    assert refused.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    assert refused.json["type"] == "urn:pagesight:problem:wrong-key"


def test_page_that_the_server_serves_needs_none(locked: Measured, dog: bytes):
    answer = locked.server.client.detect(dog, headers={"Origin": locked.server.url}, annotate="false")
    assert answer.status == 200


def test_no_log_has_a_key(locked: Measured, front: NginxServer, dog: bytes):
    for number, key in enumerate((KEY, WRONG)):
        for client in (front.client, locked.server.client):
            for way in WAYS:
                client.detect(dog, headers={**way(key), "X-Request-ID": f"logged-{number}"})
    logs = front.log_line("id=logged-1 ") + front.log() + front.log("error.log") + locked.server.log()
    assert " key=frigate method=POST route=/ status=200 " in logs
    assert " key=- method=POST route=/ status=401 " in logs
    assert not [key for key in (KEY, WRONG, hash_key(KEY), hash_key(WRONG)) if key in logs]


def test_connection_goes_on_after_a_refusal_that_left_the_body_unread(locked: Measured, dog: bytes):
    connection = http.client.HTTPConnection("127.0.0.1", locked.server.port, timeout=60)
    body, form = encode_form(dog, annotate="false")
    statuses = []
    for key in (WRONG, KEY, WRONG, KEY):
        connection.request("POST", "/", body, {**form, "X-API-Key": key})
        first = connection.sock
        response = connection.getresponse()
        response.read()
        statuses.append((response.status, connection.sock is first))
    connection.close()
    assert statuses == [(401, True), (200, True), (401, True), (200, True)]


def test_a_thousand_wrong_keys_cost_no_inference_and_no_memory(locked: Measured):
    request = with_header(make_request(), f"X-API-Key: {WRONG}")
    cost = locked.cost(request, 401, 1_000, is_kept_open=True)
    assert (cost.wrong, cost.inferences) == (0, 0)
    assert cost.growth_mb <= MOST_GROWTH_MB
