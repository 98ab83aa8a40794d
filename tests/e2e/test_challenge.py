"""A server that wants a proof of work gets it from the page: without a click, in words, and only while it is wanted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Request, expect

from harness.gunicorn_server import GunicornServer, running_server
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen

REFUSED = r"status of 429"
WORDS = "The server is busy; proving that you are no robot…"
IN_GERMAN = "Der Server ist ausgelastet; es wird nachgewiesen, dass Sie kein Roboter sind …"
SOON_S, LONG_S = "0.2", "60"


@pytest.fixture(scope="module")
def quick() -> Iterator[GunicornServer]:
    """A server of which nothing is free, for little work."""
    with running_server(PAGESIGHT_CHALLENGE="0", PAGESIGHT_CHALLENGE_SECONDS=SOON_S) as server:
        yield server


@pytest.fixture(scope="module")
def slow() -> Iterator[GunicornServer]:
    """A server of which nothing is free, for more work than a test waits for."""
    with running_server(PAGESIGHT_CHALLENGE="0", PAGESIGHT_CHALLENGE_SECONDS=LONG_S) as server:
        yield server


def test_page_goes_on_without_a_click(
    quick: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(REFUSED)
    screen = open_screen(quick.url)
    posts: list[Request] = []
    screen.page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    for number, (name, label) in enumerate((("dog", "dog"), ("person", "person")), 1):
        screen.choose(photographs[name])
        assert label in {found for found, _ in screen.await_result()}
        assert ["x-altcha" in post.headers for post in posts] == [False, True] * number
        screen.reset.click()


def test_strip_of_photographs_goes_on_without_a_click(
    quick: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(REFUSED)
    screen = open_screen(quick.url)
    screen.page.set_input_files("#file-input", [photographs[name] for name in ("dog", "eagle", "person")])
    expect(screen.page.locator("#strip [data-state=result]")).to_have_count(3)


def test_it_is_said_what_is_done_and_can_be_given_up(
    slow: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(REFUSED)
    screen = open_screen(slow.url)
    proofs: list[Request] = []
    screen.page.on("request", lambda request: proofs.append(request) if "x-altcha" in request.headers else None)
    screen.choose(photographs["dog"])
    expect(screen.page.locator("#progress-text")).to_have_text(WORDS)
    expect(screen.page.locator("#announcer")).to_have_text(WORDS)
    expect(screen.page.locator("#progress")).not_to_have_attribute("value", "1")
    assert len(screen.page.workers) > 0
    screen.cancel.click()
    screen.await_state("empty")
    screen.page.wait_for_function("true")
    expect(screen.page.locator("#progress-sheet")).to_be_hidden()
    assert screen.page.workers == []
    assert proofs == []


def test_it_is_said_in_german(
    slow: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(REFUSED)
    screen = open_screen(slow.url, locale="de-AT")
    screen.choose(photographs["dog"])
    expect(screen.page.locator("#progress-text")).to_have_text(IN_GERMAN)
