"""How gunicorn serves: one worker process that holds the model once, and threads enough that health never waits.

No worker is recycled after so many requests: that would hide a leak, and `make soak` looks for one.
"""

import gc
import importlib
import resource
import sys

from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.workers.base import Worker  # type: ignore[import-untyped]

from api.models.errors import ModelError
from api.models.formats import require_model
from api.server.pace import pre_fork, wait_for_turn  # noqa: F401, a hook
from api.server.takeover import child_exit, note_takeover, nworkers_changed, post_worker_init  # noqa: F401, hooks
from api.settings import Settings, SettingsError
from api.work.allocator import use_one_arena

use_one_arena()
try:
    settings = Settings.from_environment()
    for name in settings.served:
        require_model(name, settings.weights_dir)
except (SettingsError, ModelError) as error:
    sys.exit(f"Pagesight does not start: {error}")

# After a crash the kernel would write the memory to disk, and with it what visitors have sent.
if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):  # systemd may have set it, and forbid to set limits
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

wsgi_app = "api.server.process:serve()"
worker_class = "api.server.worker.Worker"
workers = 1
# Each waiting or working request holds a thread; the rest are for health checks, the page and uploads on their way.
threads = settings.slots + settings.queue + 16
timeout = 30  # a native call that holds the interpreter stops the heartbeat, and the worker is replaced
graceful_timeout = 30
keepalive = 5
worker_tmp_dir = "/dev/shm" if sys.platform == "linux" else None  # noqa: S108, gunicorn's heartbeat, not user data
# gunicorn's own lines at DEBUG hold the address that was asked for, whatever a visitor has put there.
loglevel = "info" if settings.log_level == "DEBUG" else settings.log_level.lower()
control_socket_disable = True
# The libraries are imported before the fork, so that a worker that died is replaced as quickly as a model loads. To
# import them starts no thread but OpenBLAS's own, which nothing here needs; a process with threads should not fork.
raw_env = ["OPENBLAS_NUM_THREADS=1"]


def when_ready(_server: object) -> None:
    """Import what every worker needs. Workers are copies of this process: new code takes a restart, not a reload."""
    if sys.platform == "linux":  # macOS forbids some of its libraries after a fork
        importlib.import_module("api.server.process")
        gc.freeze()  # or each process looks through all of it for garbage when it ends, for a second or two


def post_fork(server: Arbiter, worker: Worker) -> None:
    """Begin a worker's life."""
    note_takeover(server, worker)
    wait_for_turn(worker)
