"""Nothing jumps, nothing is cut off, everything can be touched: on a phone, on a desktop, by day and by night."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Route, expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import DESKTOP, OpenScreen
from tests.e2e.screen import Screen

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
TARGET_PX = 44
HALF_A_PIXEL = 0.5
LONG_NAME = "a-" + "very-" * 30 + "long-name.jpg"

# What can be touched, as far as it is shown; of the examples the picture counts, their name is part of the button.
TARGETS = """() => [...document.querySelectorAll('button, input, a, label')]
    .filter(item => item.checkVisibility())
    .map(item => [item.id || item.innerText, item.getBoundingClientRect()])
    .map(([name, {width, height, left, right}]) => ({name, width, height, left, right}))"""
SIDEWAYS = "() => [document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]"
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def phone(server: GunicornServer, open_screen: OpenScreen) -> Screen:
    screen = open_screen(server.url, **PHONE)
    screen.await_light("online")
    return screen


def assert_fits(screen: Screen) -> None:
    """Nothing sticks out at the side, and fingers find what there is to touch."""
    *widths, visible = screen.page.evaluate(SIDEWAYS)
    assert max(widths) <= visible
    targets = screen.page.evaluate(TARGETS)
    assert targets
    for target in targets:
        assert min(target["width"], target["height"]) >= TARGET_PX, target
        assert target["left"] >= 0, target
        assert target["right"] <= visible, target


def frame_box(screen: Screen) -> FloatRect:
    box = screen.frame.bounding_box()
    assert box is not None
    return box


def assert_same_place(before: FloatRect, after: FloatRect) -> None:
    assert after == pytest.approx(before, abs=HALF_A_PIXEL)


def test_empty_page_fits_a_phone(phone: Screen) -> None:
    assert phone.page.viewport_size == PHONE["viewport"]
    assert_fits(phone)
    expect(phone.page.get_by_text("Start with a photo")).to_be_visible()
    expect(phone.page.get_by_text("Drop a photo here")).to_be_hidden()


def test_work_and_result_fit_a_phone(phone: Screen, dog: bytes) -> None:
    held = phone.hold_detections()
    phone.choose(dog, name=LONG_NAME)
    sent = phone.await_held(held)
    assert_fits(phone)
    expect(phone.cancel).to_be_in_viewport()
    sent.continue_()
    phone.await_result()
    assert_fits(phone)


def test_errors_fit_a_phone(phone: Screen, complaints: Complaints, dog: bytes) -> None:
    complaints.expect(r"status of 422")
    phone.choose(b"Dear diary", name=LONG_NAME, media_type="text/plain")
    phone.await_error("This is not a photo that can be read")
    assert_fits(phone)
    phone.choose(dog[:20_000], name=LONG_NAME)
    phone.await_error("This photo can")
    assert_fits(phone)


def test_offline_page_fits_a_phone(phone: Screen, complaints: Complaints, dog: bytes) -> None:
    complaints.expect(r"net::ERR_INTERNET_DISCONNECTED")
    phone.page.context.set_offline(True)
    phone.await_light("offline")
    assert_fits(phone)
    phone.choose(dog)
    phone.await_error("You are offline")
    assert_fits(phone)
    box, button = frame_box(phone), phone.retry.bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= box["y"] + box["height"]


def test_300_detections_fit_a_phone(phone: Screen, server: GunicornServer, dog: bytes) -> None:
    answer = server.client.detect(dog).json
    answer["detections"] = [dict(answer["detections"][0], label=f"a thing with a long name {n}") for n in range(300)]
    phone.answer_with(answer)
    phone.choose(dog)
    assert len(phone.await_result()) == 300
    assert_fits(phone)


@pytest.mark.parametrize("options", [PHONE, {"viewport": DESKTOP}, WIDE], ids=["phone", "desktop", "wide"])
@pytest.mark.parametrize("name", ["dog", "giraffe", "kite"])
def test_frame_stays_where_it_is_when_the_answer_arrives(
    server: GunicornServer,
    open_screen: OpenScreen,
    photographs: dict[str, Path],
    options: dict[str, Any],
    name: str,
) -> None:
    screen = open_screen(server.url, **options)
    screen.await_light("online")
    held = screen.hold_detections()
    screen.choose(photographs[name])
    sent = screen.await_held(held)
    screen.picture()
    before = frame_box(screen)
    sent.continue_()
    screen.await_result()
    screen.picture()
    assert_same_place(before, frame_box(screen))


def test_frame_stays_where_it_is_when_the_answer_is_an_error(
    screen: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(r"net::ERR_FAILED")
    held = screen.hold_detections()
    screen.choose(photographs["dog"])
    sent = screen.await_held(held)
    before = frame_box(screen)
    sent.abort()
    screen.await_error("The server can")
    assert_same_place(before, frame_box(screen))


def test_light_does_not_move_the_page(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen("about:blank")
    asked: list[Route] = []
    screen.page.route("**/status_check", lambda route: asked.append(route))
    screen.page.goto(server.url)
    sent = screen.await_held(asked)
    before = frame_box(screen), screen.status.bounding_box()
    sent.continue_()
    screen.await_light("online")
    assert_same_place(before[0], frame_box(screen))
    after = screen.status.bounding_box()
    assert before[1] is not None
    assert after is not None
    assert (before[1]["y"], before[1]["height"]) == (after["y"], after["height"])


def test_page_is_light_by_day_and_dark_by_night(server: GunicornServer, open_screen: OpenScreen) -> None:
    brightness = {}
    for scheme in ("light", "dark"):
        screen = open_screen(server.url, color_scheme=scheme)
        brightness[scheme] = brightness_of(screen.page.evaluate, BACKGROUND)
    assert brightness["light"] > 230
    assert brightness["dark"] < 40


def brightness_of(evaluate: Callable[[str], str], colour: str) -> float:
    numbers = evaluate(colour).removeprefix("rgb(").removesuffix(")").split(",")
    return sum(map(float, numbers)) / 3


def test_motion_is_left_out_for_those_who_ask(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(server.url, reduced_motion="reduce")
    expect(screen.preview).to_have_css("transition-duration", "0s")
