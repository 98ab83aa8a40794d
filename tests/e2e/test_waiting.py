"""While a photograph is on its way the page says what is true: the place in the queue, why the light is on."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Route, expect

from harness.gunicorn_server import GunicornServer
from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.hostile_server import hostile_server
from tests.e2e.screen import Screen


def tell_queue(screen: Screen, **queue: int) -> None:
    """Let the server say how many are there, from now on."""

    def answer(route: Route) -> None:
        status: dict[str, Any] = route.fetch().json()
        route.fulfill(json=status | {"queue": {"running": 1, "waiting": 0, "capacity": 8} | queue})

    screen.page.unroute("**/status_check")
    screen.page.route("**/status_check", answer)


def test_place_in_the_queue_and_the_expected_wait_are_told(open_screen: OpenScreen) -> None:
    photo = encode(make_upright(HEIGHT, WIDTH), "JPEG")
    with hostile_server(200, json.dumps(make_answer()).encode()) as server, open_screen(server.url) as screen:
        screen.choose(photo)  # from which the page knows how long a photograph takes
        screen.await_result()
        screen.reset.click()
        server.gate.clear()
        server.queue |= {"running": 1, "waiting": 3}
        screen.choose(photo)
        text = screen.page.locator("#progress-text")
        expect(text).to_have_text(re.compile(r"^Place 3 in the queue, about \d+ seconds?$"))
        server.queue["waiting"] = 1
        expect(text).to_have_text(re.compile(r"^Place 1 in the queue"))
        server.queue["waiting"] = 7  # those came later
        screen.page.wait_for_timeout(2500)
        expect(text).to_have_text(re.compile(r"^Place 1 in the queue"))
        server.queue["waiting"] = 0
        expect(text).to_have_text(re.compile(r"^Finding objects… \d+ s$"))
        server.gate.set()
        screen.await_result()


def test_light_has_a_reason_and_says_when_it_was_checked(screen: Screen) -> None:
    detail = screen.page.locator("#status-detail")
    expect(detail).to_have_text(re.compile("^ready for photos, checked "))
    tell_queue(screen, running=2, waiting=3)
    screen.come_back_to_tab()
    expect(detail).to_have_text(re.compile("^2 running, 3 waiting, checked "))


def test_dark_light_has_a_reason_too(server: GunicornServer, open_screen: OpenScreen, complaints: Complaints) -> None:
    complaints.expect(r"net::ERR_", r"status of 200")
    screen = open_screen(server.url)
    screen.await_light("online")
    screen.page.route("**/status_check", lambda route: route.fulfill(body="<h1>A router</h1>"))
    screen.come_back_to_tab()
    screen.await_light("offline")
    expect(screen.page.locator("#status-detail")).to_contain_text("another server answers at this address")
    screen.page.unroute("**/status_check")
    screen.page.route("**/status_check", lambda route: route.abort())
    screen.come_back_to_tab()
    expect(screen.page.locator("#status-detail")).to_contain_text("no answer from the server")


def test_model_and_the_time_of_each_stage_are_told(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    screen.await_result()
    screen.page.locator("#more summary").click()
    expect(screen.page.get_by_text("By the server, with yolov3-tiny")).to_be_visible()
    timings = screen.page.locator("#timings")
    for stage in ("Making it smaller", "Sending", "Reading the photo", "Finding objects", "Drawing"):
        expect(timings).to_contain_text(re.compile(rf"{stage}[\d.]+ m?s"))
