"""A server that wants a proof of work gets it from the page: without a click, and with a word about it."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from api.web.proof_of_work import ProofOfWork
from harness.gunicorn_server import GunicornServer, running_server
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.hostile_server import HostileServer, hostile_server

REFUSED = r"status of 429"
WORDS = "The server is busy; proving that you are no robot…"
IN_GERMAN = "Viel los; Ihr Gerät weist nach, dass Sie kein Roboter sind …"
QUICK_S = "0.2"


@pytest.fixture(scope="module")
def strict() -> Iterator[GunicornServer]:
    """A server of which nothing is free."""
    with running_server(PAGESIGHT_CHALLENGE="0", PAGESIGHT_CHALLENGE_SECONDS=QUICK_S) as server:
        yield server


@pytest.fixture
def insatiable() -> Iterator[HostileServer]:
    """A server that wants more work than anybody can do."""
    challenge = ProofOfWork("k" * 32, seconds=1).make_challenge()
    challenge["parameters"]["keyPrefix"] = "00" * 16
    problem = {"type": "urn:pagesight:problem:proof-asked", "status": 429, "detail": "Work.", "challenge": challenge}
    with hostile_server(429, json.dumps(problem).encode(), **{"Retry-After": "60"}) as server:
        yield server


def watch_posts(page: Page) -> list[Request]:
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    return posts


def test_page_goes_on_without_a_click(
    strict: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(REFUSED)
    screen = open_screen(strict.url)
    posts = watch_posts(screen.page)
    for number, name in enumerate(("dog", "person"), 1):
        screen.choose(photographs[name])
        assert name in dict(screen.await_result())
        assert ["x-altcha" in post.headers for post in posts] == [False, True] * number
        screen.reset.click()


def test_strip_of_photographs_goes_on_without_a_click(
    strict: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(REFUSED)
    screen = open_screen(strict.url)
    screen.page.set_input_files("#file-input", [photographs[name] for name in ("dog", "eagle", "person")])
    expect(screen.page.get_by_role("button", name=re.compile(r"objects? found$"))).to_have_count(3)


def test_it_is_said_what_is_done_and_can_be_given_up(
    insatiable: HostileServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(REFUSED)
    screen = open_screen(insatiable.url)
    posts = watch_posts(screen.page)
    screen.choose(photographs["dog"])
    expect(screen.page.locator("#progress-text")).to_have_text(WORDS)
    expect(screen.page.locator("#announcer")).to_have_text(WORDS)
    workers = [worker for worker in screen.page.workers if "proof-worker" in worker.url]
    assert workers
    with ExitStack() as ends:
        for worker in workers:
            ends.enter_context(worker.expect_event("close"))
        screen.cancel.click()
    screen.await_state("empty")
    assert len(posts) == 1


def test_it_is_said_in_german(
    insatiable: HostileServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(REFUSED)
    screen = open_screen(insatiable.url, locale="de-AT")
    expect(screen.page.locator("html")).to_have_attribute("lang", "de")
    screen.choose(photographs["dog"])
    expect(screen.page.locator("#progress-text")).to_have_text(IN_GERMAN)
