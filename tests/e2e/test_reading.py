"""What was read: text that is selected in the picture, searched, copied and kept. The answers are made up."""

import json
import math
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer
from tests.e2e.conftest import OpenScreen
from tests.e2e.hostile_server import HostileServer, hostile_server
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import NARROW, PHONE, violations
from tests.e2e.test_layout import assert_fits
from tests.e2e.test_models import save

Place = tuple[float, float, float, float, float]  # middle, length, height, degrees clockwise
PLACES: dict[str, Place] = {
    "STOP HERE": (400, 200, 400, 80, 0),
    "for a café": (500, 400, 500, 70, -20),
    "DOWNWARDS": (1000, 500, 500, 60, 90),
}
SELECTION = "String(getSelection())"
CLIPBOARD = "navigator.clipboard.readText()"
CLASSES = "ocr_page", "ocr_line"


def make_line(text: str, place: Place, confidence: float = 0.9) -> dict[str, Any]:
    x, y, length, height, degrees = place
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(-length, -height), (length, -height), (length, height), (-length, height)]
    polygon = [[x + (a * cos - b * sin) / 2, y + (a * sin + b * cos) / 2] for a, b in corners]
    return {"text": text, "confidence": confidence, "polygon": polygon}


def make_reading(lines: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    return make_answer(task="reading", model="read", lines=lines) | changes


LINES = [make_line(text, place, 0.98 - 0.1 * index) for index, (text, place) in enumerate(PLACES.items())]


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    """A server whose answers are the tests' own."""
    with hostile_server(503, b"{}") as running:
        yield running


def read(server: HostileServer, open_screen: OpenScreen, lines: list[dict[str, Any]], **options: Any) -> Screen:
    screen = open_screen(server.url, permissions=["clipboard-read", "clipboard-write"], **options)
    screen.await_light("online")
    screen.answer_with(make_reading(lines))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"), "street.jpg", "image/jpeg")
    screen.await_result()
    expect(screen.page.locator(".text-line")).to_have_count(len(lines))
    return screen


@pytest.fixture
def screen(server: HostileServer, open_screen: OpenScreen) -> Screen:
    return read(server, open_screen, LINES)


def line(screen: Screen, text: str) -> Locator:
    return screen.page.locator(".text-line", has_text=text)


def assert_in_place(screen: Screen, text: str) -> None:
    """The text covers what the mark of its line does."""
    mark = screen.page.get_by_role("button", name=f"{text}, line").locator(".mark-colour")
    drawn, written = mark.bounding_box(), line(screen, text).bounding_box()
    assert drawn is not None
    assert written is not None
    for side in ("x", "y", "width", "height"):
        assert written[side] == pytest.approx(drawn[side], abs=5), f"{side} of {text}"  # the lines have a width


def test_text_lies_where_it_was_read_however_near(screen: Screen) -> None:
    for text in PLACES:
        assert_in_place(screen, text)
    screen.page.get_by_role("button", name="Nearer").click()
    screen.page.set_viewport_size({"width": 700, "height": 800})
    for text in PLACES:
        assert_in_place(screen, text)


def drag(screen: Screen, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag the mouse from one place of the picture to another, in its pixels."""
    box = screen.page.locator("#marks").bounding_box()
    assert box is not None
    scale = box["width"] / WIDTH
    screen.page.mouse.move(box["x"] + start[0] * scale, box["y"] + start[1] * scale)
    screen.page.mouse.down()
    screen.page.mouse.move(box["x"] + end[0] * scale, box["y"] + end[1] * scale, steps=8)
    screen.page.mouse.up()


def test_text_is_selected_in_the_picture_and_copied(screen: Screen) -> None:
    drag(screen, (202, 200), (598, 200))
    assert screen.page.evaluate(SELECTION) == "STOP HERE"
    screen.page.keyboard.press("ControlOrMeta+C")
    assert screen.page.evaluate(CLIPBOARD) == "STOP HERE"
    drag(screen, (1000, 252), (1000, 748))
    assert screen.page.evaluate(SELECTION) == "DOWNWARDS"
    drag(screen, (202, 200), (734, 315))  # from one line to the end of the next, over what is no text
    assert screen.page.evaluate(SELECTION) == "STOP HERE\nfor a café"
    line(screen, "STOP HERE").dblclick(position={"x": 220, "y": 28})
    assert screen.page.evaluate(SELECTION).strip() == "HERE"


def test_what_is_copied_carries_nothing_of_the_page(screen: Screen) -> None:
    line(screen, "DOWNWARDS").click(click_count=3)
    screen.page.keyboard.press("ControlOrMeta+C")
    types = screen.page.evaluate("navigator.clipboard.read().then(([item]) => item.types)")
    assert types == ["text/plain"]


def test_text_is_seen_only_where_it_is_selected(screen: Screen) -> None:
    colour = "line => getComputedStyle(line, {}).color"
    assert line(screen, "STOP").evaluate(colour.format("null")) == "rgba(0, 0, 0, 0)"
    selected = "line => getComputedStyle(line, '::selection').color"
    assert line(screen, "STOP").evaluate(selected) != "rgba(0, 0, 0, 0)"


def test_keys_select_lines(screen: Screen) -> None:
    layer = screen.page.get_by_role("group", name="Text in the photo")
    layer.focus()
    keys = screen.page.keyboard
    for key, selected in {
        "ArrowDown": "STOP HERE",
        "Shift+ArrowDown": "STOP HERE\nfor a café",
        "ControlOrMeta+a": "\n".join(PLACES),
    }.items():
        keys.press(key)
        assert screen.page.evaluate(SELECTION) == selected, key
    keys.press("ControlOrMeta+c")
    assert screen.page.evaluate(CLIPBOARD) == "\n".join(PLACES)


def test_text_and_its_row_light_each_other_up(screen: Screen) -> None:
    line(screen, "for a").hover()
    expect(screen.page.locator("#detections > li.is-lit")).to_contain_text("for a café")
    line(screen, "STOP").click()
    screen.page.mouse.move(1, 1)
    expect(screen.page.locator("#detections > li.is-lit")).to_contain_text("STOP HERE")


def test_search_leaves_what_it_finds(screen: Screen) -> None:
    expect(screen.page.locator("#summary-title")).to_have_text("3 lines read")
    search = screen.page.get_by_role("searchbox", name="Find in the text")
    search.press_sequentially("CAFE")
    expect(screen.items).to_have_count(1)
    expect(screen.page.locator("#marks .mark:not([hidden])")).to_have_count(1)
    expect(screen.page.locator("#summary-sentence")).to_have_text("In 1 of 3 lines.")
    expect(screen.page.locator("#announcer")).to_have_text("3 lines read: In 1 of 3 lines.")
    assert screen.page.url.endswith("#find=CAFE")
    search.fill("violin")
    expect(screen.items).to_have_count(0)
    expect(screen.page.locator("#summary-sentence")).to_have_text("Not in these 3 lines.")
    screen.page.get_by_role("button", name="Reset").click()
    expect(screen.items).to_have_count(3)


def test_slider_leaves_what_is_sure(screen: Screen) -> None:
    screen.page.locator("#more summary").click()
    screen.page.locator("#confidence").fill("85")
    expect(screen.items).to_have_count(2)
    expect(screen.page.locator(".text-line")).to_have_count(2)
    screen.page.get_by_role("button", name="Copy all").click()
    expect(screen.page.locator("#toast-text")).to_have_text("Copied")
    assert screen.page.evaluate(CLIPBOARD) == "STOP HERE\nfor a café"


class Hocr(HTMLParser):
    """The elements of hOCR: class, properties and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], str]] = []
        self.meta: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "meta" and "name" in given:
            self.meta[given["name"]] = given["content"]
        if given.get("class") in CLASSES:
            properties = dict(one.split(" ", 1) for one in given["title"].split("; "))
            self.elements.append((given["class"], properties | {"lang": given["lang"]}, ""))

    def handle_data(self, data: str) -> None:
        if self.elements and data.strip():
            kind, properties, text = self.elements[-1]
            self.elements[-1] = (kind, properties, text + data.strip())


def test_reading_is_kept(screen: Screen) -> None:
    assert save(screen, "Text").decode() == "".join(f"{text}\n" for text in PLACES)
    kept = json.loads(save(screen, "JSON"))
    assert kept["lines"] == LINES
    hocr = Hocr(save(screen, "hOCR").decode())
    assert {"ocr-system", "ocr-capabilities"} <= hocr.meta.keys()
    (page, first, second, third) = hocr.elements
    assert page[:1] == ("ocr_page",)
    assert page[1]["bbox"] == f"0 0 {WIDTH} {HEIGHT}"
    assert first == ("ocr_line", {"bbox": "200 160 600 240", "x_wconf": "98", "lang": "und"}, "STOP HERE")
    assert (second[1]["textangle"], second[2]) == ("20", "for a café")
    assert third[1]["textangle"] == "-90"
    html = save(screen, "Web page").decode()
    assert "STOP HERE" in html
    assert html.count("<polygon ") == 2 * len(LINES), "a dark one under each"
    assert len(save(screen, "Picture with boxes")) > 10_000


def test_nothing_read_is_said(server: HostileServer, open_screen: OpenScreen) -> None:
    screen = read(server, open_screen, [])
    expect(screen.page.locator("#summary-title")).to_have_text("No text found")
    expect(screen.page.locator("#text-layer")).to_be_hidden()
    expect(screen.page.get_by_role("searchbox")).to_be_hidden()


def test_text_goes_with_its_picture(screen: Screen) -> None:
    held = screen.hold_detections()
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    screen.await_held(held)
    expect(screen.page.locator("#text-layer")).to_be_hidden()


def test_reading_speaks_german(server: HostileServer, open_screen: OpenScreen) -> None:
    screen = read(server, open_screen, LINES, locale="de-DE")
    expect(screen.page.locator("#summary-title")).to_have_text("3 Zeilen gelesen")
    expect(screen.page.get_by_role("searchbox", name="Im Text suchen")).to_be_visible()


@pytest.mark.parametrize("options", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE], ids=str)
def test_axe_finds_nothing(server: HostileServer, open_screen: OpenScreen, options: dict[str, Any]) -> None:
    screen = read(server, open_screen, LINES, reduced_motion="reduce", bypass_csp=True, **options)
    screen.page.locator("#more summary").click()
    assert violations(screen) == []


def test_reading_fits_320_pixels(server: HostileServer, open_screen: OpenScreen) -> None:
    assert_fits(read(server, open_screen, LINES, **NARROW))
