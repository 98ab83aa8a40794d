"""How fast workers follow one another: where each dies at once (a model that crashes natively, say), not at full speed.

gunicorn's master would start seven a second. The new worker waits, not the master, which so goes on to hear signals.
"""

import signal
import time

from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.workers.base import Worker  # type: ignore[import-untyped]

BETWEEN_STARTS_S = 2.0


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """Note in the master when the worker may begin; gunicorn's hook."""
    worker.begins = max(time.monotonic(), getattr(server, "next_begins", 0.0))
    server.next_begins = worker.begins + BETWEEN_STARTS_S


def wait_for_turn(worker: Worker) -> None:
    """Wait in the new worker until then. A signal meanwhile ends it: the master's handlers would swallow that."""
    seconds = worker.begins - time.monotonic()
    if seconds <= 0:
        return
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    time.sleep(seconds)
