"""The live camera on the visitor's own device: while the server is away, and if nothing may leave the device."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from harness.device_page import build_page, write_model
from harness.gunicorn_server import GunicornServer, running_server
from harness.real_models import real_model
from tests.e2e.complaints import Complaints
from tests.e2e.live_camera.conftest import OpenLive
from tests.e2e.test_device import is_api

MODEL = "yolox-nano"
BY_SERVER = re.compile(f"^By the server, with {MODEL}")
ON_DEVICE = re.compile(f"^On this device, with {MODEL} · No frame leaves this device.$")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, photographs: dict[str, Path]) -> Iterator[GunicornServer]:
    """A server whose page has the same model for the device."""
    folder = tmp_path_factory.mktemp("device")
    dist = build_page(write_model(MODEL, [photographs["dog"]], folder / "model"), folder / "dist")
    models = {"PAGESIGHT_MODELS": MODEL, "PAGESIGHT_MODEL": "", "PAGESIGHT_WEIGHTS_DIR": str(real_model(MODEL))}
    with running_server(PAGESIGHT_SITE_DIR=str(dist), PAGESIGHT_PRECISION="fp32", **models) as server:
        yield server


def test_device_goes_on_while_the_server_is_away(
    open_live: OpenLive, both: GunicornServer, complaints: Complaints
) -> None:
    complaints.expect("ERR_CONNECTION_REFUSED")
    live = open_live(both)
    place = live.window.locator(".live-place")
    expect(place).to_have_text(BY_SERVER)
    live.page.route(is_api, lambda route: route.abort("connectionrefused"))
    expect(place).to_have_text(ON_DEVICE)
    live.await_marks("dog", "bicycle")
    live.page.unroute_all()
    live.screen.come_back_to_tab()
    expect(place).to_have_text(BY_SERVER)
    live.await_frames(2)


def test_nothing_is_sent_if_photographs_are_kept_here(open_live: OpenLive, both: GunicornServer) -> None:
    live = open_live(both, is_opened=False)
    live.page.get_by_label("Keep my photos on this device").check()
    live.open()
    expect(live.window.locator(".live-place")).to_have_text(ON_DEVICE)
    live.await_marks("dog", "bicycle")
    live.button("Take the photo").click()
    expect(live.window.locator(".live-saved")).to_have_text("Added to your photos.")
    live.button("Close").click()
    live.screen.await_state("result")
    assert live.sent == []
