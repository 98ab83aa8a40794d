"""What the page says is so: the server's threshold, why nothing is found, what the model knows, how a photo is sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from harness.gunicorn_server import GunicornServer, running_server
from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detection
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def strict_server() -> Iterator[GunicornServer]:
    with running_server(PAGESIGHT_CONFIDENCE="0.5", PAGESIGHT_IOU="0.3") as server:
        yield server


@pytest.fixture
def strict(strict_server: GunicornServer, open_screen: OpenScreen) -> Screen:
    screen = open_screen(strict_server.url)
    screen.await_light("online")
    return screen


def test_slider_begins_at_the_servers_threshold_and_a_step_down_shows_more(
    strict: Screen, photographs: dict[str, Path]
) -> None:
    strict.choose(photographs["horses"])
    found = strict.await_result()
    value = strict.page.locator("#confidence-value")
    expect(value).to_have_text("50%")
    assert strict.page.evaluate("location.hash") == ""
    assert min(percent for _, percent in found) >= 50
    strict.page.locator("#confidence").press("ArrowRight")
    expect(value).to_have_text("51%")
    assert len(strict.found()) <= len(found)
    strict.page.locator("#confidence").fill("35")
    expect(strict.items.nth(len(found))).to_be_visible()
    assert strict.page.evaluate("location.hash") == "#confidence=0.35"
    strict.page.locator("#more summary").click()
    expect(strict.page.locator("#overlap-value")).to_have_text("30%")
    strict.page.get_by_role("button", name="Reset filters").click()
    expect(value).to_have_text("50%")
    assert strict.found() == found


def test_what_is_kept_and_copied_has_the_servers_figures(strict: Screen, photographs: dict[str, Path]) -> None:
    strict.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    strict.choose(photographs["dog"])
    strict.await_result()
    strict.page.locator("#save").click()
    with strict.page.expect_download() as download:
        strict.page.locator("#save-menu button", has=strict.page.get_by_text("JSON", exact=True)).click()
    kept = json.loads(download.value.path().read_text())
    assert (kept["confidence"], kept["iou"]) == (0.5, 0.3)
    strict.page.locator("#save").click()
    strict.page.get_by_role("button", name="Copy the curl command").click()
    expect(strict.page.locator("#toast")).to_contain_text("Copied")
    line = strict.page.evaluate("navigator.clipboard.readText()")
    assert "-F confidence=0.5 -F iou=0.3" in line


def test_nothing_found_says_why(screen: Screen) -> None:
    sentence = screen.page.locator("#summary-sentence")
    weak = [make_detection(confidence=0.12), make_detection("cat", 15, 0.2, (500, 500, 700, 700))]
    screen.answer_with(make_answer(candidates=weak))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    assert screen.await_result() == []
    expect(sentence).to_have_text("The model has 2 guesses below 25%. Lower the confidence to see them.")
    screen.page.locator("#confidence").fill("10")
    expect(screen.items).to_have_count(2)
    screen.page.locator("#confidence").fill("25")
    screen.reset.click()
    screen.answer_with(make_answer())
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    assert screen.await_result() == []
    expect(sentence).to_have_text("Nothing that this model knows stands out. Move closer or use more light.")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_what_the_model_knows_is_told_before_the_first_photo(
    server: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path], options: dict[str, Any]
) -> None:
    screen = open_screen(server.url, **options)
    summary = screen.page.get_by_text("Finds 80 kinds: person, bicycle, car, …")
    expect(summary).to_be_visible()
    summary.focus()
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("#kinds")).to_contain_text("hair drier, toothbrush")
    screen.page.get_by_role("button", name="Deutsch").click()
    expect(screen.page.get_by_text("Findet 80 Arten: Person, Fahrrad, Auto, …")).to_be_visible()
    screen.choose(photographs["dog"])
    screen.await_result()
    expect(screen.page.locator("#kinds")).to_be_hidden()


def test_original_that_the_page_cannot_read_is_said_to_be_sent_as_it_is(screen: Screen) -> None:
    held = screen.hold_detections()
    screen.choose(encode(make_upright(), "HEIF"), name="IMG_1.HEIC", media_type="image/heic")
    sent = screen.await_held(held)
    caption = screen.page.locator("#caption")
    expect(caption).to_have_text("IMG_1.HEIC · sent as it is, with its metadata; not kept")
    sent.continue_()
    screen.await_result()
    expect(caption).to_contain_text("sent as it is, with its metadata")


def test_labels_can_be_read_on_a_phone_from_the_first_moment(
    server: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = open_screen(server.url, **PHONE)
    held = screen.hold_detections()
    screen.choose(photographs["dog"])
    sent = screen.await_held(held)
    body = sent.request.post_data_buffer or b""
    sent.continue_()
    screen.await_result()
    box = screen.preview.bounding_box()
    assert box is not None
    said = int(body.split(b'name="display_width"\r\n\r\n')[1].split(b"\r\n")[0])
    assert said == pytest.approx(box["width"], abs=2)
