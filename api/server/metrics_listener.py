"""Where Prometheus reads the metrics: a listener of its own, so that no proxy can lead visitors there by mistake."""

import logging
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import Any

from prometheus_client import CollectorRegistry, MetricsHandler

logger = logging.getLogger(__name__)

PATIENCE_S = 10.0  # with a reader that stops in the middle


class MetricsListener(ThreadingTCPServer):
    """Answers every GET with the metrics."""

    daemon_threads = True
    allow_reuse_address = True
    allow_reuse_port = True  # while gunicorn reloads, the old worker and the new one both listen

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """Say little when a reader goes away; it will come again."""
        logger.debug("A reader of the metrics went away", exc_info=True)


def serve_metrics(registry: CollectorRegistry, address: tuple[str, int]) -> None:
    """Serve the metrics in the background as long as this process lives.

    Where that cannot be, a line of the log says so, and images are served all the same.
    """
    handler = type("Handler", (MetricsHandler,), {"registry": registry, "timeout": PATIENCE_S})
    try:
        listener = MetricsListener(address, handler)
    except OSError as error:
        logger.error("Metrics cannot be served at %s:%d: %s", *address, error.strerror)
        return
    Thread(target=listener.serve_forever, name="metrics", daemon=True).start()
