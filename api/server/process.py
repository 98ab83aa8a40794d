"""What gunicorn runs: settings from the environment, the model loaded in this worker process (never before a fork)."""

import logging
import signal
import threading
from types import FrameType

from flask import Flask

from api.app import create_app
from api.models.darknet.detector import Detector
from api.server.metrics_listener import serve_metrics
from api.settings import Settings
from api.web.metrics import metrics_of
from api.work.allocator import give_back_at_once, keep_for_reuse, keep_tidy
from api.work.loaded_models import Serving


def serve() -> Flask:
    """Return the application of this process and begin to load its model."""
    settings = Settings.from_environment()
    logging.basicConfig(level=settings.logging_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # What no line of ours shows need not be found out for each (Python's logging HOWTO, "Optimization").
    logging.logThreads = logging.logMultiprocessing = False
    serving = Serving(lambda: _load_detector(settings))
    serving.start()
    _drain_on_terminate(serving)
    app = create_app(settings, serving)
    app.extensions["serving"] = serving
    if settings.metrics:
        serve_metrics(metrics_of(app), settings.metrics)
    return app


def _load_detector(settings: Settings) -> Detector:
    give_back_at_once()
    detector = Detector.load(settings.model, settings.weights_dir, settings.run_options)
    keep_for_reuse()
    threading.Thread(target=keep_tidy, name="tidy-memory", daemon=True).start()
    return detector


def _drain_on_terminate(serving: Serving) -> None:
    """Say `not ready` as soon as gunicorn is told to end, while it lets the running requests finish."""
    finish = signal.getsignal(signal.SIGTERM)

    def drain(number: int, frame: FrameType | None) -> None:
        serving.drain()
        if callable(finish):
            finish(number, frame)

    signal.signal(signal.SIGTERM, drain)
