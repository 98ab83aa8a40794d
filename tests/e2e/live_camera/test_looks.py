"""Everybody can use the live camera: on a phone, with a keyboard, with assistive technology, in German."""

from typing import Any

import pytest
from playwright.sync_api import expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.live_camera.conftest import OpenLive
from tests.e2e.live_camera.live import Live
from tests.e2e.test_accessibility import violations
from tests.e2e.test_layout import PHONE, assert_fits

REFUSE = """() => {
    navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };
}"""


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(open_live: OpenLive, server: GunicornServer, options: dict[str, Any]) -> None:
    live = open_live(server, bypass_csp=True, reduced_motion="reduce", locale="de-DE", **options)
    live.await_marks("Hund")
    assert violations(live.screen) == []
    if options:
        assert_fits(live.screen)


def test_axe_finds_nothing_without_a_camera(open_live: OpenLive, server: GunicornServer) -> None:
    live = open_live(server, REFUSE, bypass_csp=True, reduced_motion="reduce")
    expect(live.note).to_contain_text("Camera access is blocked.")
    assert violations(live.screen) == []


def test_keys_reach_everything_and_nothing_behind(live: Live) -> None:
    for name in ("Where the time went", "Pause", "Take the photo", "Close", "Mirror"):
        live.page.keyboard.press("Tab")
        focused = live.page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")
        assert focused == name
    live.page.keyboard.press("Space")
    expect(live.button("Mirror")).to_have_attribute("aria-pressed", "true")
