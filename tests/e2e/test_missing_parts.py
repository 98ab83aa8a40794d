"""What is loaded when it is asked for may not come, after a new version was put in its place: that is said."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen

SCRIPTS = re.compile(r"/assets/[\w.-]+\.(js|css)$")
MISSING = "A part of this page could not be loaded"
END_ANIMATIONS = "document.getAnimations().forEach(animation => animation.finish())"


def is_gone(route: Route) -> None:
    route.fulfill(status=404)


@pytest.fixture
def result(screen: Screen, complaints: Complaints, photographs: dict[str, Path]) -> Screen:
    """A page with a result, whose further parts are gone."""
    complaints.expect("status of 404")
    screen.page.wait_for_load_state("networkidle")
    screen.choose(photographs["dog"])
    screen.await_result()
    expect(screen.page.locator("#tools")).to_be_visible()
    screen.page.wait_for_load_state("networkidle")
    screen.page.route(SCRIPTS, is_gone)
    return screen


def test_part_that_does_not_come_says_so_and_offers_the_page_anew(result: Screen) -> None:
    toast = result.page.locator("#toast")
    for way in ("Edit", "Save", "Use the API", "Keys (?)", "Deutsch"):
        result.page.get_by_role("button", name=way, exact=True).click()
        expect(toast).to_contain_text(MISSING)
        expect(result.page.locator("#announcer")).to_contain_text(MISSING)
        toast.evaluate("toast => { toast.hidden = true; }")
    expect(result.items).not_to_have_count(0)
    result.page.get_by_role("button", name="Keys (?)").click()
    result.page.unroute_all()
    result.page.get_by_role("button", name="Reload").click()
    result.await_state("empty")
    result.await_light("online")


def test_form_that_does_not_come_says_so(result: Screen) -> None:
    result.page.unroute_all()
    result.page.locator("#save").click()
    form = result.page.locator("#save-menu button", has=result.page.get_by_text("COCO", exact=True))
    expect(form).to_be_visible()
    result.page.route(SCRIPTS, is_gone)
    form.click()
    expect(result.page.locator("#toast")).to_contain_text(MISSING)


def test_answer_that_nothing_can_read_says_so_and_can_be_tried_again(
    screen: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect("status of 404")
    screen.page.wait_for_load_state("networkidle")
    screen.page.route(re.compile(r"/assets/task-[\w-]+\.js$"), is_gone)
    screen.choose(photographs["dog"])
    screen.await_error(MISSING)
    screen.page.unroute_all()
    screen.retry.click()
    screen.await_result()


def test_page_that_cannot_start_says_so(
    server: GunicornServer, open_screen: OpenScreen, complaints: Complaints
) -> None:
    complaints.expect("status of 404")
    screen = open_screen("about:blank")
    screen.page.route(re.compile(r"/assets/shared-[\w-]+\.js$"), is_gone)
    screen.page.goto(server.url, wait_until="load")
    link = screen.page.get_by_role("link", name="This page has not started. Reload it.")
    expect(link).to_be_hidden()
    screen.page.evaluate(END_ANIMATIONS)
    expect(link).to_be_visible()
    screen.page.unroute_all()
    link.click()
    screen.await_light("online")
    expect(link).to_have_count(0)
