"""What Prometheus may read of a server: requests, refusals, stages, the queue, the model, the process.

Names and units follow <https://prometheus.io/docs/practices/naming/>. Labels are routes, statuses, kinds of problem and
stages, all of which this program itself names: no visitor can add one, and nothing tells visitors apart.
"""

import time
from collections.abc import Callable, Iterator

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from api.admission import Admission
from api.detection.detector import Detector
from api.serving import Serving
from api.version import VERSION

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


def install_metrics(app: Flask, serving: Serving, admission: Admission) -> None:
    """Count what `app` answers; `metrics_of` gives the result. Before the edge: what is installed first ends last."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(ServerState(serving, admission))
    app.after_request(_counting(registry))
    app.extensions["pagesight_metrics"] = registry


def metrics_of(app: Flask) -> CollectorRegistry:
    """Return what was counted so far, and how things stand."""
    registry: CollectorRegistry = app.extensions["pagesight_metrics"]
    return registry


class ServerState(Collector):
    """How things stand at the moment of asking: readiness, queue and model."""

    def __init__(self, serving: Serving, admission: Admission) -> None:
        self._serving = serving
        self._admission = admission

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        """Give the metrics, as the registry asks for them."""
        queue = self._admission.state()
        yield GaugeMetricFamily("pagesight_ready", "1 when an image would be worked on", self._serving.is_ready)
        yield GaugeMetricFamily("pagesight_queue_running", "Images that are worked on", queue.running)
        yield GaugeMetricFamily("pagesight_queue_waiting", "Images that wait for their turn", queue.waiting)
        yield GaugeMetricFamily("pagesight_queue_capacity", "How many images may wait", queue.capacity)
        yield InfoMetricFamily("pagesight_build", "The program", {"version": VERSION})
        if self._serving.is_ready:
            yield InfoMetricFamily("pagesight_model", "The model that answers", _describe(self._serving.detector()))


def _describe(detector: Detector) -> dict[str, str]:
    return {
        "name": detector.name,
        "classes": str(len(detector.labels)),
        "precision": detector.runtime.execution.precision,
        "threads": str(detector.options.threads),
    }


def _counting(registry: CollectorRegistry) -> Callable[[Response], Response]:
    """Return what counts each answer, from what the request left in `flask.g` on its way."""
    requests = Counter("pagesight_requests", "Answers given", ("route", "status"), registry=registry)
    durations = Histogram(
        "pagesight_request_duration_seconds", "From request to answer", ("route",), buckets=SECONDS, registry=registry
    )
    refusals = Counter("pagesight_refusals", "Requests answered with a problem", ("kind",), registry=registry)
    stages = Histogram(
        "pagesight_stage_duration_seconds", "Parts of a detection", ("stage",), buckets=SECONDS, registry=registry
    )

    def count(response: Response) -> Response:
        route = _route(response)
        requests.labels(route, response.status_code).inc()
        durations.labels(route).observe(time.monotonic() - g.started)
        if "problem_kind" in g:
            refusals.labels(g.problem_kind).inc()
        for stage, milliseconds in g.get("timings_ms", {}).items():
            stages.labels(stage).observe(milliseconds / 1000)
        return response

    return count


def _route(response: Response) -> str:
    """Name what was asked for, never by the path itself, of which there are endlessly many."""
    if request.url_rule:
        return request.url_rule.rule
    return "page" if response.status_code < 400 else "none"
