"""An API that wishes the visitor ill: no script runs, nothing else is asked, nothing freezes."""

# ruff: noqa: RUF001, the page has typographic signs

import json
import time
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detection
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.hostile_server import hostile_server
from tests.e2e.screen import Screen

MARKUP = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>"onload="window.harmed=1'
NO_SENSE = "The server’s answer makes no sense"
POLICY_REFUSALS = (r"Content Security Policy", r"net::ERR_(FAILED|BLOCKED_BY_CSP|ABORTED)", r" csp$")
NOT_FROZEN_MS = 5_000
FRAME_MS = "new Promise(done => { const began = performance.now(); requestAnimationFrame(now => done(now - began)); })"
# A detection in the middle, and what is wrong with it: written by hand, for JSON has no NaN.
WRONG_BOXES = {
    "NaN": '{"x1": NaN, "y1": 0, "x2": 9, "y2": 9}',
    "infinite": '{"x1": -1e999, "y1": 0, "x2": 1e999, "y2": 9}',
    "null": '{"x1": null, "y1": 0, "x2": 9, "y2": 9}',
    "huge": '{"x1": 0, "y1": 0, "x2": 1e308, "y2": 9}',
    "inside out": '{"x1": 9, "y1": 9, "x2": 1, "y2": 1}',
    "a list": "[0, 0, 9, 9]",
    "a prototype": '{"__proto__": {"x1": 1, "y1": 1, "x2": 2, "y2": 2}}',
}
WRONG_IMAGES = {
    "script": "javascript:window.harmed=1",
    "page": "data:text/html;base64,PHNjcmlwdD53aW5kb3cuaGFybWVkPTE8L3NjcmlwdD4=",
    "drawing": "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9IndpbmRvdy5oYXJtZWQ9MSIvPg==",
    "elsewhere": "https://elsewhere.example/spy.jpg",
    "no text": 7,
}


@pytest.fixture
def requests(screen: Screen) -> list[str]:
    """The addresses that the page asks, from now on."""
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    return asked


def send(screen: Screen, body: str, status: int = 200, **headers: str) -> None:
    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, body=body, content_type="application/json", headers=headers or None)
        else:
            route.continue_()

    screen.page.route(screen.url, answer)
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))


def assert_unharmed(screen: Screen, requests: list[str]) -> None:
    assert screen.page.evaluate("window.harmed") is None
    foreign = [url for url in requests if not url.startswith((screen.url, "blob:", "data:image/"))]
    assert foreign == []


def test_markup_is_text_everywhere(screen: Screen, requests: list[str], complaints: Complaints) -> None:
    complaints.expect(r"404 .*/v1/labels")  # the real server has no model of this name
    found = [make_detection(MARKUP, 0), make_detection(MARKUP + "2", 1, 0.8, (500, 500, 700, 700))]
    answer = make_answer(name=MARKUP, model=MARKUP, detections=found, candidates=found)
    answer["timings_ms"] = {MARKUP: 1.0, "inference": 5.0}
    send(screen, json.dumps(answer))
    assert screen.await_result()[0][0] == MARKUP
    screen.items.nth(0).hover()
    screen.page.locator("#more summary").click()
    screen.page.locator("#edit").click()
    expect(screen.page.get_by_label("Kind of object")).to_have_value(MARKUP)
    screen.page.locator("#edit").click()
    for form in ("Web page", "Pascal VOC"):
        screen.page.locator("#save").click()
        with screen.page.expect_download() as download:
            screen.page.locator(".menu-item", has_text=form).click()
        assert "<script>window" not in download.value.path().read_text()
    assert screen.page.locator("body script, main img[src=x]").count() == 0
    assert_unharmed(screen, requests)


@pytest.mark.parametrize("wrong", WRONG_BOXES)
def test_box_that_is_none_is_refused(screen: Screen, requests: list[str], wrong: str) -> None:
    answer: dict[str, Any] = make_answer(candidates=[make_detection() | {"box": "HERE"}])
    send(screen, json.dumps(answer).replace('"HERE"', WRONG_BOXES[wrong]))
    screen.await_error(NO_SENSE)
    expect(screen.items).to_have_count(0)
    assert_unharmed(screen, requests)


@pytest.mark.parametrize("wrong", WRONG_IMAGES)
def test_picture_that_is_none_is_refused(screen: Screen, requests: list[str], wrong: str) -> None:
    send(screen, json.dumps(make_answer(image=WRONG_IMAGES[wrong])))
    screen.await_error(NO_SENSE)
    assert_unharmed(screen, requests)


@pytest.mark.parametrize("field", ["detections", "candidates"])
def test_million_detections_do_not_freeze_the_page(open_screen: OpenScreen, complaints: Complaints, field: str) -> None:
    complaints.expect(r"POST .* net::ERR_ABORTED")  # the page has hung up
    one = json.dumps(make_detection(box=(1, 1, 2, 2)))
    body = json.dumps(make_answer() | {field: "HERE"}).replace('"HERE"', f"[{','.join([one] * 1_000_000)}]")
    with hostile_server(200, body.encode()) as server:
        screen = open_screen(server.url)
        screen.await_light("online")
        began = time.monotonic()
        screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
        screen.await_error(NO_SENSE)
        print(f"a million {field} ({len(body) / 1e6:.0f} MB): refused after {time.monotonic() - began:.1f} s")
        expect(screen.items).to_have_count(0)
        assert screen.page.evaluate(FRAME_MS) < NOT_FROZEN_MS


@pytest.mark.parametrize("status", [302, 307, 308])
def test_photo_is_not_sent_on_to_another_server(open_screen: OpenScreen, complaints: Complaints, status: int) -> None:
    complaints.expect(*POLICY_REFUSALS)
    with hostile_server(200, b"{}") as elsewhere, hostile_server(status, b"", Location=f"{elsewhere.url}/") as server:
        screen = open_screen(server.url)
        screen.await_light("online")
        screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
        screen.await_error("The server can’t be reached")
        assert server.asked.count("POST /") == 1
        assert elsewhere.asked == []


def test_answer_from_another_address_of_the_server_is_none(open_screen: OpenScreen) -> None:
    with hostile_server(303, b"", Location="/status_check") as server:
        screen = open_screen(server.url)
        screen.await_light("online")
        screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
        screen.await_error(NO_SENSE)


def test_page_cannot_be_made_to_ask_elsewhere(screen: Screen, complaints: Complaints) -> None:
    complaints.expect(*POLICY_REFUSALS)
    refused = screen.page.evaluate(
        """() => fetch('https://elsewhere.example/').then(() => 'answered', () => 'refused')"""
    )
    assert refused == "refused"


@pytest.mark.parametrize(
    "attempt",
    [
        "document.body.innerHTML = '<b>x</b>'",
        "document.head.append(Object.assign(document.createElement('script'), {src: 'https://elsewhere.example/x.js'}))",
        "new Worker('https://elsewhere.example/x.js')",
        "setTimeout('window.harmed = 1')",
    ],
)
def test_script_made_of_a_string_is_refused(screen: Screen, complaints: Complaints, attempt: str) -> None:
    complaints.expect(*POLICY_REFUSALS, r"Trusted", r"TypeError", r"violates")
    thrown = screen.page.evaluate(f"() => {{ try {{ {attempt}; return ''; }} catch (error) {{ return error.name; }} }}")
    assert thrown == "TypeError"
    assert screen.page.evaluate("window.harmed") is None
