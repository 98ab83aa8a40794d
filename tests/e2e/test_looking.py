"""Looking at a result: nearer, full screen, without marks; by wheel, fingers, keys and buttons."""

import re

import pytest
from playwright.sync_api import Locator, expect

from harness.gunicorn_server import GunicornServer
from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detections
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import NARROW, PHONE, violations
from tests.e2e.test_layout import assert_fits

SCALE = "frame => Number(frame.style.getPropertyValue('--near') || 1)"


def show_boxes(screen: Screen, count: int = 3) -> None:
    found = make_detections(count)
    screen.answer_with(make_answer(detections=found, candidates=found))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    screen.await_result()
    expect(screen.page.locator("#tools")).to_be_visible()


def tool(screen: Screen, name: str) -> Locator:
    return screen.page.get_by_role("button", name=name)


def scale(screen: Screen) -> float:
    found: float = screen.frame.evaluate(SCALE)
    return found


def middle(screen: Screen) -> tuple[float, float]:
    box = screen.frame.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def phone(server: GunicornServer, open_screen: OpenScreen) -> Screen:
    screen = open_screen(server.url, **PHONE)
    screen.await_light("online")
    return screen


def test_tools_come_with_a_result_and_go_with_it(screen: Screen) -> None:
    expect(screen.page.locator("#tools")).to_be_hidden()
    show_boxes(screen)
    screen.reset.click()
    expect(screen.page.locator("#tools")).to_be_hidden()


def test_keys_and_buttons_come_nearer_and_go_back(screen: Screen) -> None:
    show_boxes(screen)
    expect(tool(screen, "Farther")).to_be_disabled()
    screen.page.keyboard.press("+")
    assert scale(screen) == pytest.approx(1.5)
    tool(screen, "Nearer").click()
    assert scale(screen) == pytest.approx(2.25)
    tool(screen, "Farther").click()
    screen.page.keyboard.press("-")
    assert scale(screen) == 1
    screen.page.keyboard.press("+")
    screen.page.keyboard.press("0")
    assert scale(screen) == 1


def test_keys_stay_letters_where_one_types(screen: Screen) -> None:
    show_boxes(screen)
    screen.page.locator("#edit").click()
    field = screen.page.locator("#edit-tools input").first
    field.focus()
    screen.page.keyboard.press("+")
    assert scale(screen) == 1


def test_wheel_scrolls_the_page_until_the_picture_is_near(screen: Screen) -> None:
    show_boxes(screen, 30)
    screen.page.mouse.move(*middle(screen))
    screen.page.mouse.wheel(0, 200)
    screen.wait_until(lambda: bool(screen.page.evaluate("scrollY > 0")), "the page has not scrolled")
    assert scale(screen) == 1
    screen.page.keyboard.down("Control")
    screen.page.mouse.wheel(0, -100)
    screen.page.keyboard.up("Control")
    screen.wait_until(lambda: scale(screen) > 1, "the picture has not come nearer")
    screen.page.mouse.wheel(0, 5000)
    screen.wait_until(lambda: scale(screen) == 1, "the picture has not gone back")


def test_mark_is_found_under_the_pointer_however_near(screen: Screen) -> None:
    show_boxes(screen)
    box = screen.page.locator("#marks .mark").last.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    screen.page.mouse.move(x, y)
    lit = screen.page.locator("#marks .mark.is-lit")
    expect(lit).to_have_count(1)
    name = lit.get_attribute("aria-label") or ""
    screen.page.keyboard.down("Control")
    screen.page.mouse.wheel(0, -150)
    screen.page.keyboard.up("Control")
    screen.wait_until(lambda: scale(screen) > 1, "the picture has not come nearer")
    screen.page.mouse.move(x + 2, y + 2)
    expect(lit).to_have_attribute("aria-label", name)


def test_near_picture_is_dragged_and_the_drag_pins_nothing(screen: Screen) -> None:
    show_boxes(screen)
    screen.page.keyboard.press("+")
    x, y = middle(screen)
    before = screen.preview.bounding_box()
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    screen.page.mouse.move(x + 40, y + 25, steps=4)
    screen.page.mouse.up()
    after = screen.preview.bounding_box()
    assert before is not None
    assert after is not None
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((40, 25), abs=1)
    screen.page.mouse.move(2, 2)
    expect(screen.page.locator("#marks .mark.is-lit")).to_have_count(0)


def test_focused_mark_comes_into_view(screen: Screen) -> None:
    show_boxes(screen, 12)
    for _ in range(6):
        screen.page.keyboard.press("+")
    screen.page.locator("#marks .mark[tabindex='0']").focus()
    for _ in range(12):
        screen.page.keyboard.press("ArrowDown")
        held = screen.page.locator("#marks .mark:focus").bounding_box()
        frame = screen.frame.bounding_box()
        assert held is not None
        assert frame is not None
        x, y = held["x"] + held["width"] / 2 - frame["x"], held["y"] + held["height"] / 2 - frame["y"]
        assert -1 <= x <= frame["width"] + 1
        assert -1 <= y <= frame["height"] + 1


def test_two_fingers_come_nearer(phone: Screen) -> None:
    show_boxes(phone)
    phone.frame.scroll_into_view_if_needed()
    x, y = middle(phone)
    devtools = phone.page.context.new_cdp_session(phone.page)

    def touch(kind: str, apart: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 20)
    for apart in range(24, 64, 4):
        touch("touchMove", apart)
    touch("touchEnd", 0)
    phone.wait_until(lambda: scale(phone) > 2, "two fingers have not brought the picture nearer")
    assert phone.page.evaluate("visualViewport.scale") == 1
    expect(tool(phone, "Nearer")).to_be_hidden()


def test_two_taps_come_nearer_and_two_more_go_back(phone: Screen) -> None:
    show_boxes(phone)
    for expected in (2.5, 1):
        for _ in range(2):
            phone.page.touchscreen.tap(*middle(phone))
        phone.wait_until(lambda wanted=expected: scale(phone) == wanted, f"two taps have not led to {expected}")  # type: ignore[misc]
        phone.page.wait_for_timeout(350)  # two taps more are not the third and fourth of one gesture


def test_marks_are_hidden_and_shown(screen: Screen) -> None:
    show_boxes(screen)
    eye = tool(screen, "Show marks")
    expect(eye).to_have_attribute("aria-pressed", "true")
    eye.click()
    expect(eye).to_have_attribute("aria-pressed", "false")
    expect(screen.page.locator("#marks")).to_be_hidden()
    expect(screen.preview).to_have_attribute("src", re.compile("^blob:"))
    expect(screen.page.locator("#announcer")).to_have_text("Marks hidden")
    screen.page.keyboard.press("h")
    expect(screen.page.locator("#marks")).to_be_visible()
    expect(screen.page.locator("#marks")).not_to_have_class(re.compile("is-ghost"))


def test_full_screen_shows_the_picture_alone(screen: Screen) -> None:
    show_boxes(screen)
    tool(screen, "Full screen").click()
    screen.wait_until(
        lambda: bool(screen.page.evaluate("document.fullscreenElement?.id === 'frame'")), "no full screen"
    )
    expect(screen.page.locator("#marks .mark").first).to_be_visible()
    screen.page.keyboard.press("f")
    screen.wait_until(lambda: bool(screen.page.evaluate("document.fullscreenElement === null")), "still full screen")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(server: GunicornServer, open_screen: OpenScreen, scheme: str) -> None:
    screen = open_screen(server.url, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    screen.await_light("online")
    show_boxes(screen)
    screen.page.keyboard.press("+")
    tool(screen, "Show marks").click()
    assert violations(screen) == []


def test_tools_fit_320_pixels(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(server.url, **NARROW)
    screen.await_light("online")
    show_boxes(screen)
    assert_fits(screen)
