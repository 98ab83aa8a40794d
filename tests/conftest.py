"""What all Python tests share: photographs, the real detector, the real application, a real server."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.settings import Settings
from api.work.loaded_models import LoadedModels
from harness.applications import ready_models
from harness.gunicorn_server import ALLOWED_ORIGIN, PROJECT, GunicornServer, logs_of_running, running_server
from harness.nginx_server import NginxServer, nginx_logs_of_running, running_nginx

EXAMPLES = PROJECT / "site" / "examples"
PHOTOGRAPHS = ("dog", "eagle", "giraffe", "horses", "kite", "person")

StartServer = Callable[..., GunicornServer]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left with it when the other has nothing to do any more."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if report.failed:
        report.sections.extend([*logs_of_running(), *nginx_logs_of_running()])
    return report


@pytest.fixture(scope="session")
def photographs() -> dict[str, Path]:
    """The example photographs by name; scripts/download_examples.sh fetches them."""
    found = {name: EXAMPLES / f"{name}.jpg" for name in PHOTOGRAPHS}
    missing = [path.name for path in found.values() if not path.is_file()]
    assert not missing, f"run scripts/download_examples.sh first; missing: {', '.join(missing)}"
    return found


@pytest.fixture(scope="session")
def dog(photographs: dict[str, Path]) -> bytes:
    return photographs["dog"].read_bytes()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of `app`. Its page is a folder of the test's own, empty at first."""
    return Settings(model="yolov3-tiny", threads=2, allowed_origins=(ALLOWED_ORIGIN,), site_dir=tmp_path)


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model("yolov3-tiny", PROJECT / "weights", cores=Cores(2))


@pytest.fixture
def models(model: Model) -> LoadedModels:
    """The real model, ready."""
    return ready_models(model)


@pytest.fixture
def app(settings: Settings, models: LoadedModels) -> Flask:
    return create_app(settings, models)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def server() -> Iterator[GunicornServer]:
    """A real gunicorn that serves yolov3-tiny, for all tests that leave it as it is."""
    with running_server() as started:
        yield started


@pytest.fixture(scope="session")
def nginx(server: GunicornServer) -> Iterator[NginxServer]:
    """A real nginx by plain HTTP in front of `server`, for all tests that leave it as it is."""
    with running_nginx(server.host) as started:
        yield started


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    """Start further servers: `start_server(PAGESIGHT_QUEUE="1")`. They end with the test."""
    with ExitStack() as servers:

        def start(*, port: int = 0, **environment: str) -> GunicornServer:
            server: AbstractContextManager[GunicornServer] = running_server(port=port, **environment)
            return servers.enter_context(server)

        yield start
