"""How gunicorn serves: one worker process that holds each model once, with enough threads that health never waits.

Workers are not recycled after a number of requests: that would hide the leaks that `make soak` looks for. The master
imports neither torch nor NumPy, so that it has no thread when it forks.
"""

import resource
import secrets
import sys
import time
from contextlib import suppress
from typing import Any

from gunicorn.http.errors import InvalidHeader, InvalidHTTPVersion, ParseException  # type: ignore[import-untyped]

from api.models.errors import ModelError
from api.models.formats import require_model
from api.settings import Settings, SettingsError
from api.web.job_events import MOST_STREAMS

PAUSE_S = 1.0  # before a worker that follows another
DRAIN_S = 10.0
DRAIN_SILENCE_S = 2.0
DRAIN_BYTES = 65_536  # at a time

try:
    settings = Settings.from_environment()
    for name in settings.served:
        require_model(name, settings.weights_dir)
except (SettingsError, ModelError) as error:
    sys.exit(f"Pagesight does not start: {error}")

# After a crash the kernel would write the memory to disk, and with it what visitors have sent.
if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):  # systemd may have set it, and may forbid setting it
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

wsgi_app = "api.server.process:serve()"
worker_class = "api.server.worker.Worker"
workers = 1
# Each waiting or working request holds a thread; the rest are for health checks, the page and uploads on their way.
threads = settings.slots + settings.queue + 16
if settings.job_settings:
    threads += MOST_STREAMS  # who follows a job holds one, too
timeout = 30  # a native call that holds the interpreter stops the heartbeat, and the worker is replaced
graceful_timeout = 30
keepalive = 5
worker_tmp_dir = "/dev/shm" if sys.platform == "linux" else None  # noqa: S108, gunicorn's heartbeat, not user data
# gunicorn's own lines at DEBUG hold the address as the visitor wrote it, with anything in it.
loglevel = "info" if settings.log_level == "DEBUG" else settings.log_level.lower()
control_socket_disable = True
raw_env = [
    "OPENBLAS_NUM_THREADS=1",  # nothing here needs OpenBLAS's threads
    # Made here for all workers, so that each takes what another has asked for.
    f"PAGESIGHT_CHALLENGE_KEY={settings.challenge_key or secrets.token_hex()}",
]


def pre_fork(_server: object, worker: Any) -> None:
    """Pause before each worker but the first, so that a crashing model does not cause a fork loop."""
    if worker.age > 1:
        time.sleep(PAUSE_S)


def pre_request(_worker: object, request: Any) -> None:
    """Refuse what gunicorn would answer: HTTP/1.1 without a Host (RFC 9112 section 3.2), and a version of its own."""
    if request.version >= (1, 1) and not any(name == "HOST" for name, _ in request.headers):
        raise InvalidHeader("HOST", req=request)
    if request.version > (1, 1):
        raise InvalidHTTPVersion(request.version)  # gunicorn would otherwise claim to support it


def post_request(_worker: object, request: Any, environ: dict[str, Any], _response: object) -> None:
    """Read the rest of the body after the answer: nginx, still sending it, would take a close for a failure (502).

    If that rest is malformed, the connection ends here, without a second answer.
    """
    connection = environ.get("gunicorn.socket")
    if connection is None:  # refused by `pre_request`
        return
    deadline = time.monotonic() + DRAIN_S
    connection.settimeout(DRAIN_SILENCE_S)
    with suppress(OSError, ParseException):
        while request.body.read(DRAIN_BYTES) and time.monotonic() < deadline:
            pass
    connection.settimeout(None)
