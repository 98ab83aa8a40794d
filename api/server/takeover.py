"""Reload without a pause: a new worker loads the model beside the old one and takes over, or gives up.

At SIGTTIN, which `systemctl reload` sends, gunicorn's master starts one more worker. The new worker takes no request
before its model is loaded. Then it sends the master SIGTTOU, and the master ends the oldest worker, which finishes what
it has. Where the new model cannot be used, the new worker ends and the old one goes on. All here are gunicorn's
hooks, or called by one.
"""

import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.workers.base import Worker  # type: ignore[import-untyped]

if TYPE_CHECKING:  # it needs torch, and gunicorn reads its configuration without
    from api.work.loaded_models import Serving

logger = logging.getLogger(__name__)

HEARTBEAT_S = 1.0


def note_takeover(server: Arbiter, worker: Worker) -> None:
    """Note whether another worker serves already."""
    worker.takes_over = bool(server.WORKERS)


def post_worker_init(worker: Worker) -> None:
    """Load the model before the first request, where another worker serves meanwhile; then have that one ended."""
    if not worker.takes_over:
        return
    serving: Serving = worker.wsgi.extensions["serving"]
    while worker.alive and not serving.wait_until_settled(HEARTBEAT_S):
        worker.notify()
    if not worker.alive:
        return
    if not serving.is_ready:
        logger.error("This worker gives up; the one before it goes on with the model that it has")
        sys.exit(1)
    os.kill(worker.ppid, signal.SIGTTOU)


def nworkers_changed(server: Arbiter, wanted: int, _before: int | None) -> None:
    """Note which workers gunicorn ends now: the oldest, when there are more than it wants."""
    oldest_first = sorted(server.WORKERS.values(), key=lambda worker: worker.age)
    for worker in oldest_first[: max(0, len(oldest_first) - wanted)]:
        worker.retired = True


def child_exit(server: Arbiter, worker: Worker) -> None:
    """Want one worker less while there are to be two, where one has ended by itself: the other one goes on alone."""
    retired = getattr(worker, "retired", False)
    if not retired and server.num_workers > server.cfg.workers:
        server.num_workers -= 1
