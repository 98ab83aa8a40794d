"""A key on its way through a real nginx to a real gunicorn: it gets there, no log has it, wrong ones cost little."""

import http.client
from collections.abc import Iterator

import pytest

from api.api_key import ApiKey, hash_key, new_key
from benchmarks.robustness.process import resident_mb
from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer, running_server
from harness.http_client import Client, encode_form
from harness.nginx_server import NginxServer, free_ports, running_nginx

KEY, WRONG = new_key(), new_key()
GROWTH_MB = 3.0
ROUNDS = 5  # the server's memory changes by itself while its second compiled network comes
WAYS = [lambda key: {"Authorization": f"Bearer {key}"}, lambda key: {"X-API-Key": key}]


@pytest.fixture(scope="module")
def metrics() -> Client:
    return Client(free_ports(1)[0])


@pytest.fixture(scope="module")
def locked(metrics: Client) -> Iterator[GunicornServer]:
    key = ApiKey("frigate", hash_key(KEY))
    with running_server(PAGESIGHT_API_KEYS=str(key), PAGESIGHT_METRICS=f"127.0.0.1:{metrics.port}") as server:
        yield server


@pytest.fixture(scope="module")
def front(locked: GunicornServer) -> Iterator[NginxServer]:
    with running_nginx(locked.host) as started:
        yield started


@pytest.mark.parametrize("way", WAYS)
def test_key_is_passed_on_and_so_is_the_refusal(front: NginxServer, dog: bytes, way):
    assert front.client.detect(dog, headers=way(KEY), annotate="false").status == 200
    refused = front.client.detect(dog, headers={**way(WRONG), "Origin": ALLOWED_ORIGIN})
    assert (refused.status, refused.content_type) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer ")
    assert refused.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    assert refused.json["type"] == "urn:pagesight:problem:wrong-key"


def test_page_that_the_server_serves_needs_none(locked: GunicornServer, dog: bytes):
    answer = locked.client.detect(dog, headers={"Origin": locked.url}, annotate="false")
    assert answer.status == 200


def test_no_log_has_a_key(locked: GunicornServer, front: NginxServer, dog: bytes):
    for number, key in enumerate((KEY, WRONG)):
        for client in (front.client, locked.client):
            for way in WAYS:
                client.detect(dog, headers={**way(key), "X-Request-ID": f"logged-{number}"})
    logs = front.log_line("id=logged-1 ") + front.log() + front.log("error.log") + locked.log()
    assert " key=frigate method=POST route=/ status=200 " in logs
    assert " key=- method=POST route=/ status=401 " in logs
    assert not [key for key in (KEY, WRONG, hash_key(KEY), hash_key(WRONG)) if key in logs]


def send_over_one_connection(port: int, image: bytes, keys: list[str]) -> list[tuple[int, bool]]:
    """Send a photograph with each key; return the statuses, and whether the connection was still the first one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    first, answers = connection.sock, []
    for key in keys:
        body, form = encode_form(image, annotate="false")
        connection.request("POST", "/", body, {**form, "X-API-Key": key})
        response = connection.getresponse()
        response.read()
        answers.append((response.status, connection.sock is first))
    connection.close()
    return answers


def test_connection_goes_on_after_a_refusal_that_left_the_body_unread(locked: GunicornServer, dog: bytes):
    answers = send_over_one_connection(locked.port, dog, [WRONG, KEY, WRONG, KEY])
    assert answers == [(401, True), (200, True), (401, True), (200, True)]


def test_a_thousand_wrong_keys_cost_no_inference_and_no_memory(locked: GunicornServer, metrics: Client, dog: bytes):
    def stages_of_work() -> list[str]:
        lines = metrics.get("/metrics").body.decode().splitlines()
        return [line for line in lines if line.startswith("pagesight_stage_duration_seconds_count")]

    (worker,) = locked.worker_pids
    before, growths_mb = stages_of_work(), [GROWTH_MB]
    while min(growths_mb) >= GROWTH_MB and len(growths_mb) < ROUNDS:  # a leak would be there in each round
        before_mb = resident_mb(worker)
        answers = send_over_one_connection(locked.port, dog, [new_key() for _ in range(1_000)])
        assert answers == [(401, True)] * 1_000
        growths_mb.append(resident_mb(worker) - before_mb)
    assert stages_of_work() == before
    assert min(growths_mb) < GROWTH_MB
