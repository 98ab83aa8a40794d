"""What Prometheus may read of a server: requests, refusals, stages, the queue, the model, the process.

Names and units follow <https://prometheus.io/docs/practices/naming/>. Labels are routes, statuses, kinds of problem and
stages, all of which this program itself names: no visitor can add one, and nothing tells visitors apart.
"""

import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from api.models.darknet.detector import Detector
from api.version import VERSION
from api.work.admission import Admission
from api.work.loaded_models import Serving

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
NO_STAGES: Mapping[str, float] = MappingProxyType({})


def install_metrics(app: Flask, serving: Serving, admission: Admission) -> "Answers":
    """Count what `app` answers; `metrics_of` gives the result. Before the edge: what is installed first ends last."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(ServerState(serving, admission))
    answers = Answers(registry)

    def count(response: Response) -> Response:
        answers.count(
            _route(response),
            response.status_code,
            time.monotonic() - g.started,
            problem=g.get("problem_kind"),
            stages_ms=g.get("timings_ms", {}),
        )
        return response

    app.after_request(count)
    app.extensions["pagesight_metrics"] = registry
    return answers


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


class Answers:
    """Counts and times what was answered."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter("pagesight_requests", "Answers given", ("route", "status"), registry=registry)
        self._durations = Histogram(
            "pagesight_request_duration_seconds",
            "From request to answer",
            ("route",),
            buckets=SECONDS,
            registry=registry,
        )
        self._refusals = Counter("pagesight_refusals", "Requests answered with a problem", ("kind",), registry=registry)
        self._stages = Histogram(
            "pagesight_stage_duration_seconds",
            "Parts of a detection",
            ("stage",),
            buckets=SECONDS,
            registry=registry,
        )

    def count(
        self,
        route: str,
        status: int,
        seconds: float,
        *,
        problem: str | None = None,
        stages_ms: Mapping[str, float] = NO_STAGES,
    ) -> None:
        """Count one answer: its kind of problem, and how long each stage took, where it has them."""
        self._requests.labels(route, status).inc()
        self._durations.labels(route).observe(seconds)
        if problem:
            self._refusals.labels(problem).inc()
        for stage, milliseconds in stages_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)


def _route(response: Response) -> str:
    """Name what was asked for, never by the path itself, of which there are endlessly many."""
    if request.url_rule:
        return request.url_rule.rule
    return "page" if response.status_code < 400 else "none"
