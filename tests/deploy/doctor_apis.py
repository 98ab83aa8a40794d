"""APIs with a fault that no configuration of nginx makes: the real application in this process, over real HTTP."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import get_input_stream

from api.api_key import ApiKey, hash_key, new_key
from api.app import create_app
from api.models.load import load_model
from api.models.model import Model
from api.settings import Settings
from api.work.loaded_models import LoadedModels
from harness.gunicorn_server import ALLOWED_ORIGIN, PROJECT

HOUR_S = 3600
Application = Callable[..., Iterable[bytes]]


@contextmanager
def faulty_apis(folder: Path, model: Model) -> Iterator[dict[str, str]]:
    """Give HOST:PORT of each, by name."""
    empty, broken = folder / "no-weights", folder / "broken-weights"
    for weights in (empty, broken):
        weights.mkdir()
        shutil.copy(PROJECT / "weights" / "yolov3-tiny.cfg", weights)
        shutil.copy(PROJECT / "weights" / "coco.names", weights)
    (broken / "yolov3-tiny.weights").write_bytes(bytes(1_000))
    applications = {
        "model missing": _application(lambda: load_model("yolov3-tiny", empty), folder),
        "model broken": _application(lambda: load_model("yolov3-tiny", broken), folder),
        "clock ahead": _application(lambda: model, folder),
        "keys": _application(lambda: model, folder, api_keys=(ApiKey("frigate", hash_key(new_key())),)),
        "challenge": _application(lambda: model, folder, challenge=0),
    }
    handlers = {"clock ahead": ClockAhead}
    with ExitStack() as servers:
        addresses = {
            name: servers.enter_context(_serving(one, handlers.get(name))) for name, one in applications.items()
        }
        addresses["nobody"] = servers.enter_context(_closed_port())
        yield addresses


def _application(load: Callable[[], Model], folder: Path, **more: Any) -> Application:
    settings = Settings(model="yolov3-tiny", allowed_origins=(ALLOWED_ORIGIN,), site_dir=folder, **more)
    models = LoadedModels(settings.served, lambda _name: load())
    models.start().join()
    return create_app(settings, models)


class ClockAhead(WSGIRequestHandler):
    """Dates its answers an hour ahead."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string((timestamp or time.time()) + HOUR_S)


def _with_body_that_ends(application: Application) -> Application:
    """Let reading end where the body does, as gunicorn does."""

    def limited(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return application({**environ, "wsgi.input": get_input_stream(environ)}, start_response)

    return limited


@contextmanager
def _serving(application: Application, handler: type[WSGIRequestHandler] | None) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, _with_body_that_ends(application), threaded=True, request_handler=handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _closed_port() -> Iterator[str]:
    """Keep a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"
