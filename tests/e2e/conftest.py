"""A browser for the session, a server of three models, and a page of its own for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from harness.device_page import build_page, write_model
from harness.gunicorn_server import GunicornServer, running_server
from harness.real_models import link_models, real_model
from tests.e2e.chromium import running_chromium
from tests.e2e.complaints import Complaints
from tests.e2e.screen import Screen

WAIT_MS = 20_000
DESKTOP = {"width": 1280, "height": 900}
MODELS = ("faces", "mobilenet_v2", "deeplabv3")
DEVICE_MODEL = "yolox-nano"

OpenScreen = Callable[..., Screen]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=WAIT_MS)
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GunicornServer]:
    """A server of three models, each of another task."""
    weights = tmp_path_factory.mktemp("weights")
    link_models(weights, *MODELS)
    models = ",".join(MODELS)
    with running_server(PAGESIGHT_MODELS=models, PAGESIGHT_MODEL="", PAGESIGHT_WEIGHTS_DIR=str(weights)) as server:
        yield server


@pytest.fixture(scope="session")
def with_device(tmp_path_factory: pytest.TempPathFactory, photographs: dict[str, Path]) -> Iterator[GunicornServer]:
    """A server whose page can compute on the visitor's device, too, with the same model."""
    folder = tmp_path_factory.mktemp("device")
    dist = build_page(write_model(DEVICE_MODEL, photographs.values(), folder / "model"), folder / "dist")
    models = {"PAGESIGHT_MODELS": DEVICE_MODEL, "PAGESIGHT_MODEL": "", "PAGESIGHT_PRECISION": "fp32"}
    weights = str(real_model(DEVICE_MODEL))
    with running_server(PAGESIGHT_SITE_DIR=str(dist), PAGESIGHT_WEIGHTS_DIR=weights, **models) as server:
        yield server


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    complaints = Complaints()
    yield complaints
    assert complaints.unexpected() == []


@pytest.fixture
def open_screen(browser: Browser, complaints: Complaints) -> Iterator[OpenScreen]:
    """Open the page that a server serves, in a browser profile of its own: `open_screen(url, color_scheme="dark")`."""
    with ExitStack() as contexts:

        def open_(url: str, **options: Any) -> Screen:
            # A browser that keeps the page (test_offline.py) would answer what other tests answer in the host's place.
            settings = {"viewport": DESKTOP, "service_workers": "block", **options}
            context = contexts.enter_context(browser.new_context(**settings))
            context.set_default_timeout(WAIT_MS)
            page = context.new_page()
            complaints.watch(page)
            page.goto(url)
            return Screen(page, f"{url}/")

        yield open_


@pytest.fixture
def screen(server: GunicornServer, open_screen: OpenScreen) -> Screen:
    """The page of the shared server, which is online."""
    screen = open_screen(server.url)
    screen.await_light("online")
    return screen
