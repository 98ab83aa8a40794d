"""What gunicorn runs: settings from the environment, the models loaded in this worker process (never before a fork)."""

import logging
import signal
from types import FrameType

from flask import Flask
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]

from api.app import create_app, metrics_of
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.server.metrics_listener import serve_metrics
from api.settings import Settings
from api.work.loaded_models import LoadedModels


def serve() -> Flask:
    """Return the application of this process and begin to load its models."""
    settings = Settings.from_environment()
    logging.basicConfig(level=settings.logging_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Our log format shows no thread or process, so do not look them up (Python's logging HOWTO, "Optimization").
    logging.logThreads = logging.logMultiprocessing = False
    cores = Cores(settings.threads)
    models = LoadedModels(
        settings.served, lambda name: load_model(name, settings.weights_dir, settings.run_options, cores)
    )
    models.start()
    _drain_on_terminate(models)
    app = create_app(settings, models, cores=cores, body_errors=(ParseException,))
    if settings.metrics:
        serve_metrics(metrics_of(app), settings.metrics)
    return app


def _drain_on_terminate(models: LoadedModels) -> None:
    """Say `not ready` as soon as gunicorn is told to end, while it lets the running requests finish."""
    finish = signal.getsignal(signal.SIGTERM)

    def drain(number: int, frame: FrameType | None) -> None:
        models.drain()
        if callable(finish):
            finish(number, frame)

    signal.signal(signal.SIGTERM, drain)
