"""A browser whose camera shows a photograph, and the live camera in a page of its own for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser

from harness.clip import camera_flags, write_clip
from harness.gunicorn_server import GunicornServer
from tests.e2e.chromium import find_chromium, flags
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import DESKTOP, WAIT_MS
from tests.e2e.live_camera.live import KEEP_TRACKS, Live

OpenLive = Callable[..., Live]


class Clip(NamedTuple):
    path: Path
    frame: bytes  # the one that it shows


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory, photographs: dict[str, Path]) -> Clip:
    path = tmp_path_factory.mktemp("clip") / "dog.mjpeg"
    [frame] = write_clip(path, [photographs["dog"]])
    return Clip(path, frame)


@pytest.fixture(scope="session")
def camera_browser(browser: Browser, clip: Clip) -> Iterator[Browser]:
    args = flags(*camera_flags(clip.path))
    with browser.browser_type.launch(executable_path=find_chromium(), args=args) as other:
        yield other


@pytest.fixture
def open_live(camera_browser: Browser, complaints: Complaints) -> Iterator[OpenLive]:
    """Open the page of a server, and the live camera in it: `open_live(server, script, fragment="#model=faces")`."""
    # The frame that was under way when the window closed.
    complaints.expect(r"request: POST .* net::ERR_ABORTED")
    with ExitStack() as contexts:

        def open_(
            server: GunicornServer,
            *scripts: str,
            fragment: str = "",
            is_opened: bool = True,
            browser: Browser = camera_browser,
            **options: Any,
        ) -> Live:
            context = contexts.enter_context(
                browser.new_context(**{"viewport": DESKTOP, "permissions": ["camera"], **options})
            )
            context.set_default_timeout(WAIT_MS)
            page = context.new_page()
            complaints.watch(page)
            for script in (KEEP_TRACKS, *scripts):
                page.add_init_script(f"({script})()")
            live = Live(page, server.url)
            page.goto(server.url + fragment)
            live.screen.await_light("online")
            if is_opened:
                live.open()
            return live

        yield open_


@pytest.fixture
def live(open_live: OpenLive, server: GunicornServer) -> Live:
    """The window of the shared server's page, with the dog in sight."""
    live = open_live(server)
    live.await_marks("dog")
    return live
