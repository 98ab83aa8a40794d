"""A chain of models on the page: what it says of each thing, where it stopped, what took long. Answers are made up."""

# ruff: noqa: RUF001, the page has typographic signs

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detection
from tests.e2e.conftest import OpenScreen
from tests.e2e.hostile_server import HostileServer, hostile_server
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import PHONE, violations
from tests.e2e.test_layout import assert_fits
from tests.e2e.test_models import save

REASON = "This does not look like a street."
STEPS = [("mobilenet_v2", 12.4, 1), ("yolov3", 68.0, 1), ("read", 90.6, 2)]
CORNERS = [[120, 120], [300, 120], [300, 160], [120, 160]]


def make_plate(text: str) -> dict[str, Any]:
    lines = [{"text": text, "confidence": 0.9, "polygon": CORNERS}]
    return {"task": "reading", "model": "read", "text": text, "lines": lines}


FOUND = [
    make_detection("car", 2, 0.9) | {"attributes": {"plate": make_plate("B-MA 1234")}},
    make_detection("car", 2, 0.8, (500, 100, 800, 400)) | {"attributes": {"plate": make_plate("HH-X 77")}},
    make_detection("stop sign", 11, 0.7, (900, 100, 1200, 400)) | {"attributes": {"plate": make_plate("")}},
]
TIMINGS = {
    "decode": 5.0,
    "inference": 171.0,
    "steps": [{"model": model, "ms": ms, "runs": runs} for model, ms, runs in STEPS],
}


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    """A server whose answers are the tests' own."""
    with hostile_server(503, b"{}") as running:
        yield running


def ask(server: HostileServer, open_screen: OpenScreen, answer: dict[str, Any], **options: Any) -> Screen:
    screen = Screen(open_screen("about:blank", **options).page, f"{server.url}/")
    chain = [{"model": model, "task": "detection"} for model, _, _ in STEPS]
    models = [{"name": "street", "task": "detection", "chain": chain}, {"name": "read", "task": "reading"}]
    screen.page.route("**/v1/models", lambda route: route.fulfill(json={"models": models}))
    screen.page.goto(screen.url)
    screen.await_light("online")
    screen.answer_with(answer)
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"), "street.jpg", "image/jpeg")
    screen.await_state("result")
    expect(screen.page.locator("#place")).to_have_text("By the server, with street")
    return screen


def street(**changes: Any) -> dict[str, Any]:
    return make_answer(model="street", detections=FOUND, candidates=FOUND, timings_ms=TIMINGS) | changes


def test_what_was_read_in_a_thing_is_seen_searched_and_kept(server: HostileServer, open_screen: OpenScreen) -> None:
    screen = ask(server, open_screen, street())
    notes = screen.page.locator(".detection-note")
    expect(notes).to_have_text(["plate: B-MA 1234", "plate: HH-X 77", ""])
    screen.items.nth(0).hover()
    expect(screen.page.locator("#marks .mark-label.is-lit text")).to_have_text("car 90% · B-MA 1234")
    expect(screen.page.locator("#marks .mark.is-lit polygon.mark-colour")).to_have_attribute("fill-opacity", "0")
    screen.page.get_by_role("searchbox").fill("b-ma")
    expect(screen.items).to_have_count(1)
    expect(screen.page.locator("#summary-title")).to_have_text("3 objects found")
    expect(screen.page.locator("#summary-sentence")).to_have_text("car · 2 hidden")
    (kept,) = json.loads(save(screen, "COCO"))["annotations"]
    assert kept["attributes"] == {"plate": "B-MA 1234"}
    (kept,) = json.loads(save(screen, "JSON"))["detections"]
    assert kept["attributes"] == FOUND[0]["attributes"]
    assert save(screen, "CSV").decode().splitlines() == [
        "label,confidence,x1,y1,x2,y2,plate",
        "car,0.9,100,100,400,400,B-MA 1234",
    ]
    assert "car 90% · plate: B-MA 1234" in save(screen, "Web page").decode()


def test_what_is_blurred_is_not_read_out(server: HostileServer, open_screen: OpenScreen) -> None:
    screen = ask(server, open_screen, street())
    screen.page.get_by_role("checkbox", name="car").check()
    expect(screen.page.locator(".detection-note")).to_have_text(["", "", ""])
    assert "B-MA" not in save(screen, "Web page").decode()


def test_model_shows_its_steps_and_each_has_its_time(server: HostileServer, open_screen: OpenScreen) -> None:
    screen = ask(server, open_screen, street())
    options = screen.page.locator("#model option")
    expect(options).to_have_text(["street · objects (mobilenet_v2 → yolov3 → read)", "read · text"])
    screen.page.locator("#more summary").click()
    stages = screen.page.locator("#timings dt").all_inner_texts()
    times = screen.page.locator("#timings dd").all_inner_texts()
    at = stages.index("Finding objects")
    assert stages[at + 1 : at + 4] == ["mobilenet_v2", "yolov3", "read × 2"]
    assert times[at : at + 4] == ["171 ms", "12 ms", "68 ms", "91 ms"]


def test_gates_no_is_said_in_its_own_words(server: HostileServer, open_screen: OpenScreen) -> None:
    stopped = {"by": "mobilenet_v2", "reason": REASON}
    screen = ask(server, open_screen, street(detections=[], candidates=[], stopped=stopped), bypass_csp=True)
    expect(screen.page.locator("#summary-title")).to_have_text(REASON)
    expect(screen.page.locator("#summary-sentence")).to_contain_text("mobilenet_v2 looked first")
    expect(screen.page.locator("#announcer")).to_contain_text(REASON)
    assert REASON in (screen.preview.get_attribute("alt") or "")
    assert violations(screen) == []


def test_axe_finds_nothing(server: HostileServer, open_screen: OpenScreen) -> None:
    options = {"reduced_motion": "reduce", "bypass_csp": True, "color_scheme": "dark"}
    screen = ask(server, open_screen, street(), **options, **PHONE)
    screen.page.locator("#more summary").click()
    assert violations(screen) == []
    screen.page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(screen)
