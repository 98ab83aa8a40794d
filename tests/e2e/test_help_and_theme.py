"""Help with the keys, and light or dark as the visitor wants it."""

import pytest
from playwright.sync_api import expect

from harness.gunicorn_server import GunicornServer
from harness.waiting import wait_until
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import NARROW, violations
from tests.e2e.test_layout import BACKGROUND, assert_fits

LIGHT, DARK = "rgb(246, 246, 243)", "rgb(19, 20, 22)"
THEME_COLOURS = """() => [...document.querySelectorAll('meta[name=theme-color]')]
    .filter(({media}) => matchMedia(media).matches).map(({content}) => content)"""


def background(screen: Screen) -> str:
    found: str = screen.page.evaluate(BACKGROUND)
    return found


def test_question_mark_tells_the_keys_and_escape_closes(screen: Screen) -> None:
    screen.page.keyboard.press("?")
    dialog = screen.page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("full screen")
    screen.page.keyboard.press("?")
    expect(screen.page.get_by_role("dialog")).to_have_count(1)
    screen.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_focus_comes_back_to_the_button(screen: Screen) -> None:
    button = screen.page.get_by_role("button", name="Keys (?)")
    button.click()
    screen.page.get_by_role("button", name="Close").click()
    expect(button).to_be_focused()


@pytest.mark.parametrize(("system", "chosen", "colour"), [("light", "dark", DARK), ("dark", "light", LIGHT)])
def test_theme_is_chosen_against_the_system_and_remembered(
    server: GunicornServer, open_screen: OpenScreen, system: str, chosen: str, colour: str
) -> None:
    screen = open_screen(server.url, color_scheme=system)
    before = background(screen)
    assert before != colour
    screen.page.locator("#theme").select_option(chosen)
    wait_until(lambda: background(screen) == colour)  # which loads the themes first
    assert len(screen.page.evaluate(THEME_COLOURS)) == 1
    screen.page.reload()
    expect(screen.page.locator("#theme")).to_have_value(chosen)
    wait_until(lambda: background(screen) == colour)
    screen.page.locator("#theme").select_option("")
    assert background(screen) == before
    screen.page.reload()
    expect(screen.page.locator("#theme")).to_have_value("")
    assert background(screen) == before


@pytest.mark.parametrize(("system", "chosen"), [("light", "dark"), ("dark", "light")])
def test_axe_finds_nothing(server: GunicornServer, open_screen: OpenScreen, system: str, chosen: str) -> None:
    screen = open_screen(server.url, color_scheme=system, reduced_motion="reduce", bypass_csp=True, **NARROW)
    screen.await_light("online")
    screen.page.locator("#theme").select_option(chosen)
    assert violations(screen) == []
    screen.page.get_by_role("button", name="Keys (?)").click()
    expect(screen.page.get_by_role("dialog")).to_be_visible()
    assert violations(screen) == []
    assert_fits(screen)
