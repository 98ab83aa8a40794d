"""A batch gets all its answers, whatever the server does meanwhile, and nobody has to touch anything."""

import os
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from harness.pictures import encode
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.flaky_server import FlakyServer, flaky_server
from tests.e2e.screen import Screen

pytestmark = pytest.mark.long

MANY = 50
GONE_S = float(os.environ.get("GONE_S", "3"))  # 20 by hand
RETRY_AFTER_S = int(os.environ.get("RETRY_AFTER_S", "0"))
LIMIT_MS = 90_000 + GONE_S * 3_000


@pytest.fixture
def names() -> list[str]:
    return [f"photo-{place:02}.jpg" for place in range(1, MANY + 1)]


def choose_many(screen: Screen, names: list[str]) -> None:
    photo = encode(np.full((48, 64, 3), 128, np.uint8), "JPEG")
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": photo} for name in names]
    screen.page.set_input_files("#file-input", files=files)  # type: ignore[arg-type]


def results(screen: Screen) -> int:
    return screen.page.locator("#strip > li[data-state=result]").count()


def go_away(screen: Screen, server: FlakyServer) -> None:
    server.stop()
    expect(screen.page.locator("#strip > li[data-state=held]")).to_have_count(1)
    expect(screen.page.locator("#batch-text")).to_have_text(
        "Goes on by itself when the server is back.", timeout=GONE_S * 1000 + 5_000
    )
    time.sleep(GONE_S)
    server.start()


def test_fifty_photos_get_their_answers_in_order_from_a_server_that_refuses_and_goes(
    open_screen: OpenScreen, complaints: Complaints, names: list[str]
) -> None:
    complaints.expect(r"status of 503", r"net::ERR_")
    with flaky_server(RETRY_AFTER_S) as server, open_screen(server.url) as screen:
        screen.await_light("online")
        choose_many(screen, names)
        screen.wait_until(lambda: results(screen) >= MANY // 3, "the first do not get through")
        screen.page.locator("#strip .tile-select").first.click()  # another than the one that will wait
        go_away(screen, server)
        expect(screen.page.locator("#strip > li[data-state=result]")).to_have_count(MANY, timeout=LIMIT_MS)
        assert list(dict.fromkeys(server.answered)) == names
        assert server.refused > MANY // 4
        expect(screen.page.locator("#batch")).to_be_hidden()


def test_what_waits_is_told_and_can_go_on_at_once(
    open_screen: OpenScreen, complaints: Complaints, names: list[str]
) -> None:
    complaints.expect(r"status of 503")
    with flaky_server(retry_after_s=600) as server, open_screen(server.url) as screen:
        server.asked = 1  # the second of these is turned away
        screen.await_light("online")
        choose_many(screen, names[:3])
        held = screen.page.get_by_role("button", name="photo-02.jpg: waiting for the server")
        expect(held).to_be_visible()
        expect(screen.page.locator("#batch-text")).to_have_text("Goes on by itself in 10 minutes.")
        assert server.answered == names[:1]
        held.click()
        screen.await_error("The server is busy")
        expect(screen.page.locator("#again")).to_have_text("Goes on by itself in 10 minutes.")
        expect(screen.page.locator("#batch")).to_be_hidden()
        screen.page.locator("#strip .tile-select").first.click()
        screen.page.get_by_role("button", name="Go on now").press("Enter")
        expect(screen.page.locator("#strip > li[data-state=result]")).to_have_count(3)
        assert server.answered == names[:3]


def test_all_that_failed_are_tried_again_together(screen: Screen, complaints: Complaints, names: list[str]) -> None:
    complaints.expect(r"status of 500")
    screen.answer_detections(500, "")
    choose_many(screen, names[:3])
    expect(screen.page.locator("#strip > li[data-state=error]")).to_have_count(3)
    expect(screen.page.locator("#batch-text")).to_have_text("3 photos failed.")
    screen.page.unroute_all()
    screen.page.get_by_role("button", name="Try all again").press("Enter")
    expect(screen.page.locator("#strip > li[data-state=result]")).to_have_count(3)
