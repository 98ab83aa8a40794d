"""The page shows programs that ask the API what the page asks; they run as they are, and get the same answer."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from api.api_key import ApiKey, hash_key, new_key
from harness.gunicorn_server import GunicornServer, running_server
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import NARROW, violations
from tests.e2e.test_layout import assert_fits

RUN_LIMIT_S = 60
KEY = new_key()


@pytest.fixture(scope="module")
def locked() -> Iterator[GunicornServer]:
    """A server where programs need a key."""
    with running_server(PAGESIGHT_API_KEYS=str(ApiKey("reader", hash_key(KEY)))) as started:
        yield started


def snippet(screen: Screen, language: str) -> str:
    screen.page.get_by_role("button", name="Use the API").click()
    return screen.page.get_by_role("region", name=language, exact=True).inner_text()


def answer_of(language: str, code: str, folder: Path, **variables: str) -> dict[str, Any]:
    """Run a snippet in a folder with these variables; return the answer that it prints."""
    if language == "curl":
        command = ["sh", "-c", code]
    elif language == "Python":
        command = [sys.executable, "-c", code]
    else:
        # Node.js shortens what console.log prints of nested objects.
        code = code.replace("console.log(await answer.json())", "console.log(JSON.stringify(await answer.json()))")
        command = ["node", "--input-type=module", "--eval", code]
    environment = os.environ | variables
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=RUN_LIMIT_S, check=True
    )
    answer: dict[str, Any] = ast.literal_eval(done.stdout) if language == "Python" else json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
def test_snippet_gets_what_the_page_shows(
    screen: Screen, photographs: dict[str, Path], tmp_path: Path, language: str
) -> None:
    name = 'my "dog" & $HOME, it\'s; é.jpg'
    (tmp_path / name).write_bytes(photographs["dog"].read_bytes())
    screen.choose(tmp_path / name)
    screen.await_result()
    screen.page.locator("#confidence").fill("40")
    found = screen.found()
    answer = answer_of(language, snippet(screen, language), tmp_path)
    assert answer["image"] is None
    assert sorted(one["label"] for one in answer["detections"]) == sorted(label for label, _ in found)


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
def test_snippet_has_a_place_for_the_key_where_programs_need_one(
    locked: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path], tmp_path: Path, language: str
) -> None:
    (tmp_path / "dog.jpg").write_bytes(photographs["dog"].read_bytes())
    screen = open_screen(locked.url)
    screen.choose(tmp_path / "dog.jpg")
    screen.await_result()  # the page itself needs none
    answer = answer_of(language, snippet(screen, language), tmp_path, PAGESIGHT_KEY=KEY)
    assert len(answer["detections"]) == len(screen.found())


def test_snippets_are_there_before_any_photograph_and_copied(screen: Screen) -> None:
    screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = snippet(screen, "Python")
    assert '"photo.jpg"' in code
    copy = screen.page.get_by_role("button", name="Copy: Python")
    copy.click()
    expect(copy).to_have_text("Copied")
    assert screen.page.evaluate("navigator.clipboard.readText()").strip() == code.strip()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(server: GunicornServer, open_screen: OpenScreen, scheme: str) -> None:
    screen = open_screen(server.url, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True, **NARROW)
    screen.await_light("online")
    snippet(screen, "Python")
    assert violations(screen) == []
    assert_fits(screen)
