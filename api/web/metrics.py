"""What Prometheus may read of a server: requests, refusals, stages, the queue, the models, the process.

Names and units follow <https://prometheus.io/docs/practices/naming/>. Labels are routes, statuses, kinds of problem,
models, stages, and the names that the owner gave to keys. No visitor can add one, and nothing identifies a visitor.
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from api.version import VERSION
from api.web.request_facts import CALLER, Environ, RequestFacts
from api.work.admission import Admission
from api.work.loaded_models import LoadedModels

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


def create_registry(models: LoadedModels, admission: Admission) -> CollectorRegistry:
    """Return the registry of a server: its process and its state. `Answers` adds what it answers."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(ServerState(models, admission))
    return registry


class ServerState(Collector):
    """The state at the moment of asking: readiness, queue and models."""

    def __init__(self, models: LoadedModels, admission: Admission) -> None:
        self._models = models
        self._admission = admission

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        """Give the metrics, as the registry asks for them."""
        queue = self._admission.state()
        yield GaugeMetricFamily("pagesight_ready", "1 when an image would be worked on", self._models.is_ready)
        yield GaugeMetricFamily("pagesight_queue_running", "Images that are worked on", queue.running)
        yield GaugeMetricFamily("pagesight_queue_waiting", "Images that wait for their turn", queue.waiting)
        yield GaugeMetricFamily("pagesight_queue_capacity", "How many images may wait", queue.capacity)
        yield InfoMetricFamily("pagesight_build", "The program", {"version": VERSION})
        yield self._models_info()

    def _models_info(self) -> InfoMetricFamily:
        family = InfoMetricFamily("pagesight_model", "A model that answers", labels=("name",))
        for known in self._models.states():
            if known.model:
                facts = {
                    "task": known.model.card.task,
                    "classes": str(len(known.model.card.labels)),
                    "precision": known.model.precision,
                }
                family.add_metric((known.name,), facts)
        return family


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
        self._keys = Counter(
            "pagesight_key_requests", "Answers given to requests with a key", ("key", "status"), registry=registry
        )
        self._stages = Histogram(
            "pagesight_stage_duration_seconds",
            "Parts of the work on an image",
            ("stage", "model"),
            buckets=SECONDS,
            registry=registry,
        )

    def count(self, environ: Environ, facts: RequestFacts) -> None:
        """Count a request that was answered."""
        # Never by the path itself, of which there are endlessly many.
        route = facts.route or ("page" if facts.status < 400 else "none")
        self._requests.labels(route, facts.status).inc()
        self._durations.labels(route).observe(facts.seconds)
        if CALLER in environ:
            self._keys.labels(environ[CALLER], facts.status).inc()
        if facts.problem:
            self._refusals.labels(facts.problem).inc()
        for stage, milliseconds in facts.timings_ms.items():
            self._stages.labels(stage, facts.model).observe(milliseconds / 1000)
