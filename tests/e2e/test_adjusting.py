"""Less sure, other kinds, more overlap: all without asking the server again, and all of it in the address."""

import re
import statistics
from pathlib import Path

from playwright.sync_api import Locator, Request, expect

from harness.gunicorn_server import GunicornServer
from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detection, make_detections
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen

# Moves the slider to and fro; gives the milliseconds of scripting of each move.
MOVE_SLIDER = """async () => {
    const slider = document.getElementById('confidence');
    const times = [];
    for (let move = 0; move < 60; move += 1) {
        slider.value = 5 + (move * 37) % 80;
        const began = performance.now();
        slider.dispatchEvent(new Event('input', {bubbles: true}));
        times.push(performance.now() - began);
        await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    }
    return times;
}"""
FRAME_MS = 16
FROZEN_MS = 1000  # far above what it takes: a loaded machine must not fail the test


def set_slider(screen: Screen, name: str, percent: int) -> None:
    screen.page.locator(f"#{name}").fill(str(percent))


def tell_defaults(screen: Screen, **defaults: float) -> None:
    """Let the server tell other defaults, from now on."""
    told = {"defaults": defaults}
    screen.page.route("**/status_check", lambda route: route.fulfill(json=route.fetch().json() | told))
    with screen.page.expect_response("**/status_check"):
        screen.come_back_to_tab()


def kind(screen: Screen, name: str) -> Locator:
    """What hides a kind and shows it: a chip, or where there are few kinds the eye of a row."""
    return screen.page.get_by_role("button", name=re.compile(rf"^({name} \d+|Show: {name})$"))


def test_slider_asks_nobody(screen: Screen, photographs: dict[str, Path]) -> None:
    asked: list[Request] = []
    screen.choose(photographs["kite"])
    screen.await_result()
    screen.page.on("request", lambda request: asked.append(request) if request.method == "POST" else None)
    set_slider(screen, "confidence", 10)
    fewer_sure = screen.found()
    set_slider(screen, "confidence", 60)
    very_sure = screen.found()
    assert min(percent for _, percent in very_sure) >= 60
    assert len(very_sure) < len(fewer_sure)
    assert fewer_sure[: len(very_sure)] == very_sure
    assert not asked, "the server was asked again"
    expect(screen.page.locator("#confidence-value")).to_have_text("60%")


def test_kinds_are_left_out_and_brought_back(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    labels = {label for label, _ in screen.await_result()}
    kind(screen, "dog").click()
    assert {label for label, _ in screen.found()} == labels - {"dog"}
    expect(kind(screen, "dog")).to_have_attribute("aria-pressed", "false")
    expect(screen.preview).not_to_have_attribute("alt", re.compile("dog"))
    kind(screen, "dog").click()
    assert {label for label, _ in screen.found()} == labels


def test_eye_of_a_row_keeps_the_row_and_the_focus(screen: Screen) -> None:
    found = [make_detection("dog", 16, 0.9, (10, 10, 60, 60)), make_detection("cat", 15, 0.8, (90, 10, 150, 60))]
    screen.answer_with(make_answer(detections=found, candidates=found))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    screen.await_result()
    expect(screen.page.locator("#classes")).to_be_hidden()
    eye = screen.page.get_by_role("button", name="Show: dog")
    eye.focus()
    screen.page.keyboard.press("Enter")
    expect(eye).to_have_attribute("aria-pressed", "false")
    expect(eye).to_be_focused()
    expect(screen.page.locator(".is-lit")).to_have_count(0)
    expect(screen.page.locator("#detections > li")).to_have_text(["dog90%", "cat80%"])
    expect(screen.page.locator("#marks .mark:not([hidden])")).to_have_count(1)
    expect(screen.page.locator("#summary-sentence")).to_have_text("cat · 1 hidden")
    screen.page.locator("#detections > li").nth(1).hover()
    expect(screen.page.locator("#marks .mark.is-lit")).to_have_attribute("aria-label", re.compile("^cat"))
    screen.page.get_by_role("button", name="Reset filters").click()
    expect(screen.items).to_have_count(2)


def test_overlap_brings_back_what_was_suppressed(screen: Screen) -> None:
    upper = make_detection("dog", 16, 0.9, (100, 100, 300, 300))
    lower = make_detection("dog", 16, 0.8, (100, 140, 300, 340))  # overlaps by 2/3
    screen.answer_with(make_answer(detections=[upper], candidates=[upper, lower]))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    assert screen.await_result() == [("dog", 90)]
    screen.page.locator("#more summary").click()
    set_slider(screen, "overlap", 80)
    expect(screen.items).to_have_count(2)
    set_slider(screen, "overlap", 50)
    expect(screen.items).to_have_count(1)


def test_link_opens_the_same_view(screen: Screen, open_screen: OpenScreen) -> None:
    screen.example("dog").click()
    screen.await_result()
    set_slider(screen, "confidence", 40)
    kind(screen, "car").click()
    shown = screen.found()
    assert "car" not in dict(shown)
    address = screen.page.url
    assert "#" in address
    other = open_screen(address)  # in another browser, which remembers nothing
    other.await_state("result")
    expect(other.items).to_have_count(len(shown))
    assert other.found() == shown
    expect(other.page.locator("#confidence")).to_have_value("40")


def test_choice_is_remembered(screen: Screen, server: GunicornServer, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    screen.await_result()
    set_slider(screen, "confidence", 56)
    shown = screen.found()
    screen.page.goto("about:blank")
    screen.page.goto(server.url)
    screen.choose(photographs["dog"])
    screen.await_state("result")
    assert screen.found() == shown
    expect(screen.page.locator("#summary-sentence")).to_contain_text(" hidden")
    screen.page.get_by_role("button", name="Reset filters").click()
    expect(screen.page.locator("#confidence")).to_have_value("25")
    assert "#" not in screen.page.url


def test_hand_written_address_breaks_nothing(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(f"{server.url}/#confidence=NaN&iou=-3&hide=<script>&example=../../etc/passwd&drawn=x")
    screen.await_light("online")
    screen.await_state("empty")


def test_all_filtered_out_says_so_and_keeps_the_controls(screen: Screen) -> None:
    faint = make_detection(confidence=0.3)
    screen.answer_with(make_answer(detections=[faint], candidates=[faint]))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    screen.await_result()
    set_slider(screen, "confidence", 90)
    expect(screen.page.get_by_role("heading", name="1 object found")).to_be_visible()
    expect(screen.page.get_by_text("All hidden by your filters")).to_be_visible()
    set_slider(screen, "confidence", 20)
    expect(screen.items).to_have_count(1)


def test_controls_appear_only_when_there_is_a_choice(screen: Screen) -> None:
    screen.answer_with(make_answer())
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    assert screen.await_result() == []
    for control in ("#confidence", "#classes", "#overlap", "#as-server"):
        expect(screen.page.locator(control)).to_be_hidden()


def test_redraws_300_candidates_within_a_frame(screen: Screen) -> None:
    many = make_detections(300)
    tell_defaults(screen, confidence=0.25, iou=0.45, max_detections=300)
    screen.answer_with(make_answer(detections=many[:100], candidates=many))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    screen.await_result()
    times = screen.page.evaluate(MOVE_SLIDER)
    median = statistics.median(times)
    print(f"300 candidates: median {median:.1f} ms of scripting, worst {max(times):.1f} ms; a frame is {FRAME_MS} ms")
    assert median < FROZEN_MS
    set_slider(screen, "confidence", 5)
    assert screen.items.count() > 250
