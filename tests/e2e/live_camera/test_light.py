"""The camera is on only while somebody looks; if there is none, it is said why."""

import pytest
from playwright.sync_api import Browser, expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.chromium import find_chromium, flags
from tests.e2e.live_camera.conftest import OpenLive
from tests.e2e.live_camera.live import STILL_MS, Live
from tests.e2e.test_layout import PHONE

HIDE = """isHidden => {
    Object.defineProperty(document, 'visibilityState', {value: isHidden ? 'hidden' : 'visible', configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""
REFUSE = """name => {
    window.open_ = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); };
}"""
WITHOUT_HTTPS = "() => { delete Navigator.prototype.mediaDevices; }"


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_closing_ends_the_camera_and_the_frames(live: Live, way: str) -> None:
    assert live.tracks() == ["live"]
    if way == "button":
        live.button("Close").click()
    else:
        live.page.keyboard.press("Escape")
    expect(live.window).to_have_count(0)
    assert live.tracks() == ["ended"]
    live.expect_no_more_frames()
    expect(live.page.get_by_role("button", name="Live camera")).to_be_focused()


def test_camera_is_off_while_the_page_is_hidden(live: Live) -> None:
    live.page.evaluate(HIDE, True)
    assert live.tracks() == ["ended"]
    live.expect_no_more_frames()
    live.page.evaluate(HIDE, False)
    live.await_frames(2)
    assert live.tracks() == ["ended", "live"]


def test_leaving_the_page_ends_the_camera(live: Live) -> None:
    live.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert live.tracks() == ["ended"]


def test_frozen_picture_opens_no_camera_when_the_page_is_seen_again(live: Live) -> None:
    live.button("Pause").click()
    live.page.evaluate(HIDE, True)
    live.page.evaluate(HIDE, False)
    live.page.wait_for_timeout(STILL_MS)
    assert live.tracks() == ["ended"]
    live.button("Go on").click()
    live.await_frames(2)
    assert live.tracks() == ["ended", "live"]


def test_camera_that_is_taken_away_is_told(live: Live) -> None:
    live.page.evaluate("window.tracks[0].dispatchEvent(new Event('ended'))")
    expect(live.note).to_contain_text("The camera has gone off.")
    live.button("Try again").click()
    live.await_marks("dog")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("NotAllowedError", "Camera access is blocked."),
        ("NotFoundError", "There is no camera."),
        ("NotReadableError", "Another program has the camera."),
    ],
)
def test_reason_why_there_is_no_picture_is_told(
    open_live: OpenLive, server: GunicornServer, name: str, told: str
) -> None:
    live = open_live(server, is_opened=False)
    live.page.evaluate(REFUSE, name)
    live.open()
    expect(live.note).to_contain_text(told)
    expect(live.button("Pause")).to_be_disabled()
    live.page.evaluate("() => { navigator.mediaDevices.getUserMedia = window.open_; }")
    live.button("Try again").click()
    live.await_marks("dog")


def test_page_without_https_says_what_a_live_camera_needs(open_live: OpenLive, server: GunicornServer) -> None:
    live = open_live(server, WITHOUT_HTTPS, **PHONE)
    expect(live.note).to_contain_text("A live camera needs a page that came by HTTPS.")


def test_other_camera_takes_its_turn(browser: Browser, open_live: OpenLive, server: GunicornServer) -> None:
    args = flags("--use-fake-device-for-media-stream=device-count=2", "--use-fake-ui-for-media-stream")
    with browser.browser_type.launch(executable_path=find_chromium(), args=args) as other:
        live = open_live(server, browser=other)
        live.await_frames(1)
        live.button("Other camera").click()
        live.await_frames(2)
        assert live.tracks() == ["ended", "live"]
        first, second = live.page.evaluate("window.tracks.map(track => track.getSettings().deviceId)")
        assert first != second
        live.page.close()
