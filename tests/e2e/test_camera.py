"""A photograph straight from the camera. The browser plays one: a green picture with a clock."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.chromium import find_chromium, flags
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_layout import PHONE

PLAYED = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
COUNT_STOPS = """() => {
    window.stopped = 0;
    const stop = MediaStreamTrack.prototype.stop;
    MediaStreamTrack.prototype.stop = function () { window.stopped += 1; return stop.call(this); };
}"""

REFUSE = """() => {
    navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };
}"""


@pytest.fixture(scope="module")
def camera_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser of its own, which has a camera."""
    with browser.browser_type.launch(executable_path=find_chromium(), args=flags(*PLAYED)) as other:
        yield other.new_context(permissions=["camera"]).new_page()


@pytest.fixture
def camera(camera_page: Page, server: GunicornServer) -> Screen:
    camera_page.goto(server.url)
    camera_page.evaluate(COUNT_STOPS)
    screen = Screen(camera_page, f"{server.url}/")
    screen.await_light("online")
    screen.page.get_by_role("button", name="Use the camera").click()
    return screen


def test_photo_is_taken_and_looked_at(camera: Screen) -> None:
    shutter = camera.page.get_by_role("button", name="Take the photo")
    expect(shutter).to_be_enabled()
    shutter.click()
    camera.await_result()
    expect(camera.page.locator("#caption")).to_have_text(re.compile(r"^camera-[\d-]+\.jpg · "))
    red, green, blue = camera.picture().reshape(-1, 3).mean(axis=0)
    assert green > max(red, blue) + 50
    assert camera.page.evaluate("window.stopped") == 1


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_closing_stops_the_camera(camera: Screen, way: str) -> None:
    expect(camera.page.get_by_role("button", name="Take the photo")).to_be_enabled()
    if way == "button":
        camera.page.get_by_role("button", name="Close").click()
    else:
        camera.page.keyboard.press("Escape")
    expect(camera.page.locator("dialog")).to_have_count(0)
    assert camera.page.evaluate("window.stopped") == 1
    expect(camera.page.get_by_role("button", name="Use the camera")).to_be_focused()


def test_camera_that_may_not_be_used_is_explained(camera_page: Page, server: GunicornServer) -> None:
    camera_page.goto(server.url)
    camera_page.evaluate(REFUSE)
    camera_page.get_by_role("button", name="Use the camera").click()
    expect(camera_page.get_by_text("Camera access is blocked")).to_be_visible()
    camera_page.get_by_role("button", name="Close").click()


def test_phone_without_https_takes_a_photo_with_its_own_camera(
    server: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = open_screen("about:blank", **PHONE)
    screen.page.add_init_script("delete Navigator.prototype.mediaDevices")  # as without HTTPS
    screen.page.goto(server.url)
    screen.url = f"{server.url}/"
    screen.await_light("online")
    with screen.page.expect_file_chooser() as opened:
        screen.page.get_by_role("button", name="Use the camera").click()
    assert opened.value.element.get_attribute("capture") == "environment"
    opened.value.set_files(photographs["dog"])
    assert screen.await_result()


def test_page_without_a_camera_offers_none(screen: Screen) -> None:
    expect(screen.page.locator("#camera")).to_be_hidden()
