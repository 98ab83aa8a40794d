"""How gunicorn serves: one worker process that holds the model once, and threads enough that health never waits."""

import sys

from api.detection.errors import ModelError
from api.detection.model import ModelFiles
from api.settings import Settings, SettingsError

try:
    settings = Settings.from_environment()
    ModelFiles(settings.model, settings.weights_dir).require()
except (SettingsError, ModelError) as error:
    sys.exit(f"Pagesight does not start: {error}")

wsgi_app = "api.server:serve()"
worker_class = "gthread"
workers = 1
# Each waiting or working request holds a thread; the rest are for health checks, the page and uploads on their way.
threads = settings.slots + settings.queue + 16
timeout = 60
graceful_timeout = 30
keepalive = 5
worker_tmp_dir = "/dev/shm" if sys.platform == "linux" else None  # noqa: S108, gunicorn's heartbeat, not user data
loglevel = settings.log_level.lower()
control_socket_disable = True
