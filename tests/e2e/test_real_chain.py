"""The real reader, and chains of real models, through the page: what is written on a photograph, and what is in it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from harness.gunicorn_server import GunicornServer, running_server
from harness.pictures import encode
from harness.real_models import link_models
from tests.api.models.reading.pages import LINES, draw_page
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_models import save

pytestmark = pytest.mark.long

DOGS = """
task = "detection"
[[step]]
run = "yolox-nano"
pass = ["dog"]
at_least = 0.5
otherwise = "No dog is here."
[[step]]
run = "yolox-nano"
keep = ["dog"]
[[step]]
run = "yolox-nano"
crop = { margin = 0.1 }
attach = "seen"
"""
LETTERS = 36  # pixels
SELECTION = "String(getSelection())"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GunicornServer]:
    """A reader and a chain."""
    weights = tmp_path_factory.mktemp("weights")
    link_models(weights, "read", "yolox-nano")
    (weights / "dogs.chain.toml").write_text(DOGS)
    asked = {"PAGESIGHT_MODELS": "read,dogs", "PAGESIGHT_MODEL": "", "PAGESIGHT_WEIGHTS_DIR": str(weights)}
    with running_server(**asked, PAGESIGHT_CONVERTED_DIR="", PAGESIGHT_PRECISION="fp32") as running:
        yield running


def look(server: GunicornServer, open_screen: OpenScreen, model: str, file: Path | bytes) -> Screen:
    screen = open_screen(f"{server.url}/#model={model}")
    screen.await_light("online")
    screen.choose(file)
    screen.await_state("result")
    expect(screen.page.locator("#place")).to_have_text(f"By the server, with {model}")
    return screen


def test_what_is_written_is_selected_where_it_stands(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = look(server, open_screen, "read", encode(draw_page(letters=LETTERS), "JPEG"))
    expect(screen.page.locator(".text-line")).to_have_text(LINES)
    marks = screen.page.locator("#marks").bounding_box()
    assert marks is not None
    scale = marks["width"] / 640
    for row, text in enumerate(LINES):
        screen.page.mouse.click(marks["x"] + 120 * scale, marks["y"] + (60 + 2 * LETTERS * row) * scale, click_count=3)
        assert screen.page.evaluate(SELECTION).strip() == text
    assert save(screen, "Text").decode().splitlines() == list(LINES)


def test_chain_says_more_of_what_it_finds(
    server: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = look(server, open_screen, "dogs", photographs["dog"])
    expect(screen.items).to_have_count(1)
    expect(screen.page.locator(".detection-note")).to_contain_text("seen: dog")
    (kept,) = json.loads(save(screen, "COCO"))["annotations"]
    assert "dog" in kept["attributes"]["seen"]
    screen.page.locator("#more summary").click()
    steps = screen.page.locator("#timings .timings-step:not(.timings-time)")
    expect(steps).to_have_text(["yolox-nano"] * 3)
    expect(screen.page.locator("#model option:checked")).to_contain_text("(yolox-nano → yolox-nano → yolox-nano)")


def test_chain_says_why_it_stopped(
    server: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = look(server, open_screen, "dogs", photographs["kite"])
    expect(screen.page.locator("#summary-title")).to_have_text("No dog is here.")
