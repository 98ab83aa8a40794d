"""axe (https://github.com/dequelabs/axe-core) finds nothing to say against any state of the page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from harness.gunicorn_server import PROJECT, GunicornServer
from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detection, make_detections
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import DESKTOP, OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_layout import assert_fits

pytestmark = pytest.mark.long

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async rules => {
    const {violations} = await axe.run(document, {runOnly: {type: 'tag', values: rules}, preload: false});
    return violations.map(({id, help, nodes}) => `${id}: ${help}: ${nodes.map(node => node.html).join(' | ')}`);
}"""
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
ZOOMED: dict[str, Any] = {"viewport": {"width": 640, "height": 450}}  # 1280 x 900 at 200 %


def show_empty(screen: Screen) -> None:
    screen.await_state("empty")


def show_working(screen: Screen) -> None:
    held = screen.hold_detections()
    choose_plain(screen)
    screen.await_held(held)


def show_result(screen: Screen) -> None:
    show_boxes(screen, 3)


def show_hidden(screen: Screen) -> None:
    """One of two kinds, hidden by its row."""
    found = [make_detection("dog", 16, 0.9), make_detection("cat", 15, 0.8, (500, 100, 800, 400))]
    screen.answer_with(make_answer(detections=found, candidates=found))
    choose_plain(screen)
    screen.await_result()
    screen.page.get_by_role("button", name="Show: dog").click()
    expect(screen.items).to_have_count(1)
    screen.page.mouse.move(1, 1)


def show_many(screen: Screen) -> None:
    show_boxes(screen, 300)
    screen.page.locator("#more summary").click()


def show_nothing_found(screen: Screen) -> None:
    show_boxes(screen, 0)


def show_editing(screen: Screen) -> None:
    show_boxes(screen, 3)
    screen.page.locator("#edit").click()
    expect(screen.page.locator("#edit-tools")).to_be_visible()


def show_menu(screen: Screen) -> None:
    show_boxes(screen, 3)
    screen.page.locator("#save").click()


def show_strip(screen: Screen) -> None:
    screen.answer_with(make_answer(detections=make_detections(2)))
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": encode(make_upright(HEIGHT, WIDTH), "JPEG")}
    screen.page.set_input_files("#file-input", files=[photo] * 3)  # type: ignore[list-item]
    expect(screen.page.locator("#strip > li[data-state=result]")).to_have_count(3)


def show_failed(screen: Screen) -> None:
    screen.answer_detections(504, "")
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": encode(make_upright(HEIGHT, WIDTH), "JPEG")}
    screen.page.set_input_files("#file-input", files=[photo] * 3)  # type: ignore[list-item]
    expect(screen.page.get_by_role("button", name="Try all again")).to_be_visible()


def show_cleared(screen: Screen) -> None:
    show_strip(screen)
    screen.page.get_by_role("button", name="Clear").click()
    expect(screen.page.get_by_role("button", name="Undo")).to_be_visible()


def show_kinds(screen: Screen) -> None:
    screen.page.locator("#kinds summary").click()


def show_error(screen: Screen) -> None:
    screen.choose(b"Dear diary", name="diary.txt", media_type="text/plain")
    screen.await_error("This is not a photo that can be read")


def show_offline(screen: Screen) -> None:
    screen.page.wait_for_load_state("networkidle")
    screen.page.context.set_offline(True)
    screen.await_light("offline")
    choose_plain(screen)
    screen.await_error("You are offline")


def choose_plain(screen: Screen) -> None:
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))


def show_boxes(screen: Screen, count: int) -> None:
    found = make_detections(count)
    screen.answer_with(make_answer(detections=found, candidates=found))
    choose_plain(screen)
    screen.await_result()
    if count:
        screen.items.nth(0).hover()
        expect(screen.page.locator("#marks")).not_to_have_class(re.compile("is-ghost"))
        screen.page.mouse.move(1, 1)


STATES: dict[str, Callable[[Screen], None]] = {
    "empty": show_empty,
    "working": show_working,
    "result": show_result,
    "one kind hidden": show_hidden,
    "many results": show_many,
    "nothing found": show_nothing_found,
    "editing": show_editing,
    "menu": show_menu,
    "strip": show_strip,
    "failed": show_failed,
    "cleared": show_cleared,
    "kinds": show_kinds,
    "error": show_error,
    "offline": show_offline,
}


@pytest.fixture
def open_state(server: GunicornServer, open_screen: OpenScreen, complaints: Complaints) -> Callable[..., Screen]:
    def open_(state: str, **options: Any) -> Screen:
        complaints.expect(r"net::ERR_INTERNET_DISCONNECTED", r"status of 504")
        screen = open_screen(server.url, **options)
        screen.await_light("online")
        STATES[state](screen)
        return screen

    return open_


def violations(screen: Screen) -> list[str]:
    screen.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = screen.page.evaluate(RUN_AXE, RULES)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(open_state: Callable[..., Screen], state: str, scheme: str) -> None:
    # Without the page's policy, under which axe could not look at it with a style of its own.
    screen = open_state(state, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    assert violations(screen) == []


@pytest.mark.parametrize("state", ["empty", "many results", "editing", "strip"])
def test_axe_finds_nothing_on_a_phone(open_state: Callable[..., Screen], state: str) -> None:
    assert violations(open_state(state, bypass_csp=True, reduced_motion="reduce", **PHONE)) == []


def test_axe_finds_nothing_in_german(open_state: Callable[..., Screen]) -> None:
    assert violations(open_state("result", bypass_csp=True, reduced_motion="reduce", locale="de-DE")) == []


def test_axe_would_find_something(open_state: Callable[..., Screen]) -> None:
    screen = open_state("result", bypass_csp=True)
    screen.page.evaluate("document.getElementById('preview').removeAttribute('alt')")
    assert any(line.startswith("image-alt") for line in violations(screen))


@pytest.mark.parametrize("state", STATES)
def test_state_fits_320_pixels(open_state: Callable[..., Screen], state: str) -> None:
    assert_fits(open_state(state, **NARROW))


@pytest.mark.parametrize("state", ["empty", "result", "editing"])
def test_state_fits_at_200_percent(open_state: Callable[..., Screen], state: str) -> None:
    assert_fits(open_state(state, **ZOOMED))


@pytest.mark.parametrize("state", ["result", "editing", "menu"])
def test_controls_are_seen_in_forced_colours(open_state: Callable[..., Screen], state: str) -> None:
    screen = open_state(state, forced_colors="active", viewport=DESKTOP)
    for control in screen.page.get_by_role("button").all():
        if control.is_visible() and control.evaluate("control => control.matches('.button')"):
            expect(control).not_to_have_css("border-top-style", "none")
