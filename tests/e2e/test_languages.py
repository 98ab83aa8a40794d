"""The page speaks the browser's language if it can, and another when it is told to."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen


def test_german_browser_gets_german(
    server: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = open_screen(server.url, locale="de-AT")
    expect(screen.page.get_by_text("Foto auswählen")).to_be_visible()
    expect(screen.page.locator("html")).to_have_attribute("lang", "de")
    expect(screen.page).to_have_title("Pagesight: sehen, was auf einem Foto ist")
    screen.choose(photographs["dog"])
    screen.await_state("result")
    expect(screen.page.get_by_role("heading", name="Objekte gefunden")).to_be_visible()


def test_language_is_switched_in_any_state_and_remembered(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    screen.await_result()
    screen.page.get_by_role("button", name="Deutsch").click()
    expect(screen.page.get_by_role("heading", name="Objekte gefunden")).to_be_visible()
    expect(screen.page.get_by_text("Sicherheit, mindestens")).to_be_visible()
    expect(screen.status).to_have_text("Bereit · yolov3-tiny")
    screen.page.reload()
    expect(screen.page.get_by_text("Foto auswählen")).to_be_visible()
    screen.page.get_by_role("button", name="English").click()
    expect(screen.page.get_by_text("Choose a photo", exact=True)).to_be_visible()


def test_labels_are_german_on_the_page_and_the_models_in_what_leaves_it(
    server: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = open_screen(server.url, locale="de-AT")
    expect(screen.page.get_by_text("Findet 80 Arten: Person, Fahrrad, Auto, …")).to_be_visible()
    screen.choose(photographs["dog"])
    screen.await_state("result")
    expect(screen.page.locator("#detections")).to_contain_text("Hund")
    screen.page.get_by_role("button", name=re.compile(r"^Hund \d+$|^Zeigen: Hund")).click()
    assert "hide=dog" in screen.page.url
    screen.page.get_by_role("button", name="Filter zurücksetzen").click()
    screen.page.locator("#save").click()
    with screen.page.expect_download() as download:
        screen.page.locator("#save-menu button", has=screen.page.get_by_text("JSON", exact=True)).click()
    saved = json.loads(Path(download.value.path()).read_text())
    assert "dog" in {one["label"] for one in saved["detections"]}
    screen.page.get_by_role("button", name="English").click()
    expect(screen.page.locator("#detections")).to_contain_text("dog")


def test_language_is_switched_at_an_error(screen: Screen) -> None:
    screen.choose(b"Dear diary", name="diary.txt", media_type="text/plain")
    screen.await_error("This is not a photo that can be read")
    screen.page.get_by_role("button", name="Deutsch").click()
    screen.await_error("Das ist kein Foto, das sich lesen lässt")
