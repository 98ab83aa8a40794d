"""api/web/metrics.py and its listener: what Prometheus reads, and that no visitor can read it or make it grow."""

import io
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient
from prometheus_client import Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from api.app import metrics_of
from api.server.process import serve_metrics
from harness.gunicorn_server import GunicornServer, running_server
from harness.http_client import TIMEOUT_S
from harness.nginx_server import free_ports

Metrics = dict[str, Metric]


def parse(text: str) -> Metrics:
    return {family.name: family for family in text_string_to_metric_families(text)}


def read(client: FlaskClient) -> Metrics:
    return parse(generate_latest(metrics_of(client.application)).decode())


def value(metrics: Metrics, name: str, **labels: str) -> float:
    """Return the value of one sample; 0 where nothing was counted yet."""
    samples = [sample for family in metrics.values() for sample in family.samples]
    return next((sample.value for sample in samples if (sample.name, sample.labels) == (name, labels)), 0)


def post(client: FlaskClient, image: bytes, **fields: str) -> int:
    return client.post("/", data={"file": (io.BytesIO(image), "photo.jpg"), **fields}).status_code


@pytest.fixture(scope="module")
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def measured_server(port: int) -> Iterator[GunicornServer]:
    with running_server(PAGESIGHT_METRICS=f"127.0.0.1:{port}") as server:
        yield server


def scrape(port: int) -> Metrics:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=TIMEOUT_S) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        return parse(answer.read().decode())


def test_requests_are_counted_by_route_and_status(client: FlaskClient, dog: bytes):
    assert [post(client, dog), post(client, b"no image"), client.get("/readyz").status_code] == [200, 415, 200]
    metrics = read(client)
    for route, status in (("/", "200"), ("/", "415"), ("/readyz", "200")):
        assert value(metrics, "pagesight_requests_total", route=route, status=status) == 1
    assert value(metrics, "pagesight_request_duration_seconds_count", route="/") == 2


def test_refusals_are_counted_by_kind(client: FlaskClient, dog: bytes):
    post(client, b"no image")
    post(client, dog, confidence="high")
    client.get("/status_check", headers={"Origin": "https://evil.example"})
    metrics = read(client)
    for kind in ("unsupported-image", "bad-request", "origin-not-allowed"):
        assert value(metrics, "pagesight_refusals_total", kind=kind) == 1


def test_each_stage_of_a_detection_is_timed(client: FlaskClient, dog: bytes):
    post(client, dog)
    metrics = read(client)
    for stage in ("decode", "inference", "render", "queue"):
        assert value(metrics, "pagesight_stage_duration_seconds_count", stage=stage, model="yolov3-tiny") == 1
    seconds = value(metrics, "pagesight_stage_duration_seconds_sum", stage="inference", model="yolov3-tiny")
    assert 0.001 < seconds < 60


def test_page_is_counted_as_one_route(client: FlaskClient, settings):
    (settings.site_dir / "index.html").write_text("<p>page")
    client.get("/").close()
    client.get("/index.html").close()
    assert value(read(client), "pagesight_requests_total", route="page", status="200") == 2


def test_no_visitor_can_add_a_label(client: FlaskClient):
    client.get("/nothing")
    before = len(generate_latest(metrics_of(client.application)).splitlines())
    for number in range(20):
        client.get(f"/nothing-{number}", headers={"X-Request-ID": f"id-{number}", "User-Agent": f"agent-{number}"})
        client.open("/nothing", method=f"METHOD{number}")
    text = generate_latest(metrics_of(client.application)).decode()
    assert len(text.splitlines()) == before
    assert not any(word in text for word in ("nothing", "id-1", "agent", "METHOD", "127.0.0.1"))


def test_drained_server_is_not_ready(client: FlaskClient, models):
    assert value(read(client), "pagesight_ready") == 1
    models.drain()
    assert value(read(client), "pagesight_ready") == 0


def test_state_of_a_real_server(measured_server: GunicornServer, port: int, dog: bytes):
    assert measured_server.client.detect(dog).status == 200
    metrics = scrape(port)
    status = measured_server.client.get("/status_check").json
    assert value(metrics, "pagesight_ready") == 1
    for name in ("running", "waiting", "capacity"):
        assert value(metrics, f"pagesight_queue_{name}") == status["queue"][name]
    assert value(metrics, "pagesight_build_info", version=status["version"]) == 1
    (model,) = metrics["pagesight_model_info"].samples
    assert model.labels["name"] == "yolov3-tiny"
    assert model.labels["classes"] == "80"
    assert model.labels["precision"] in ("float32", "bfloat16", "float16")
    assert model.labels["task"] == "detection"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux alone tells of a process")
def test_process_is_measured(measured_server: GunicornServer, port: int):
    metrics = scrape(port)
    assert 50e6 < value(metrics, "process_resident_memory_bytes") < 10e9
    assert 3 < value(metrics, "process_open_fds") < value(metrics, "process_max_fds")


@pytest.mark.parametrize("headers", [{}, {"Host": "localhost"}, {"X-Forwarded-For": "127.0.0.1"}])
def test_visitors_have_no_metrics(measured_server: GunicornServer, headers: dict[str, str]):
    assert measured_server.client.get("/metrics", headers).status == 404


def test_worker_that_ends_leaves_the_address_to_the_next(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    (port,) = free_ports(1)
    for _ in range(2):
        stop = serve_metrics(metrics_of(client.application), ("127.0.0.1", port))
        assert value(scrape(port), "pagesight_ready") == 1
        stop()
    assert "cannot be served" not in caplog.text


def test_taken_address_is_told_and_harmless(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = taken.getsockname()
        serve_metrics(metrics_of(client.application), address)
    assert f"Metrics cannot be served at 127.0.0.1:{address[1]}" in caplog.text
