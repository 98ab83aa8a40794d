"""What gunicorn runs: settings from the environment, the models loaded in this worker process (never before a fork)."""

import logging
import signal
from collections.abc import Callable
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING

from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from prometheus_client import CollectorRegistry, start_http_server

from api.app import create_app, metrics_of
from api.models.engines.cores import Cores
from api.models.load import model_loader
from api.server.memory import give_back_holes
from api.settings import Settings
from api.work.loaded_models import LoadedModels

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

logger = logging.getLogger(__name__)


def serve() -> "WSGIApplication":
    """Return the application of this process and begin to load its models."""
    settings = Settings.from_environment()
    logging.basicConfig(level=settings.logging_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Our log format shows no thread or process, so do not look them up (Python's logging HOWTO, "Optimization").
    logging.logThreads = logging.logMultiprocessing = False
    cores = Cores(settings.threads, settings.slots)
    models = LoadedModels(settings.served, model_loader(settings.weights_dir, settings.run_options, cores))
    models.start()
    Thread(target=give_back_holes, name="give-back-holes", daemon=True).start()
    app = create_app(settings, models, cores=cores, malformed_body=ParseException)
    _before_the_end(models.drain)
    if settings.metrics:
        _before_the_end(serve_metrics(metrics_of(app), settings.metrics))
    return app


def serve_metrics(registry: CollectorRegistry, address: tuple[str, int]) -> Callable[[], None]:
    """Serve the metrics on a thread; returns a function that stops it. A failure is only logged: images matter more.

    Metrics have a listener of their own, so that no proxy can lead visitors there by mistake.
    """
    host, port = address
    try:
        listener, _ = start_http_server(port, host, registry)
    except OSError as error:
        logger.error("Metrics cannot be served at %s:%d: %s", host, port, error.strerror)
        return lambda: None

    def stop() -> None:
        listener.shutdown()
        listener.server_close()  # after a SIGHUP the next worker needs the address

    return stop


def _before_the_end(act: Callable[[], None]) -> None:
    """Call `act` as soon as gunicorn asks this worker to end; running requests still finish."""
    finish = signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: FrameType | None) -> None:
        act()
        if callable(finish):
            finish(number, frame)

    signal.signal(signal.SIGTERM, end)
