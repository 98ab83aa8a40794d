"""What was read: text that is selected in the picture, searched, copied and kept. The answers are made up."""

import json
import math
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, expect

from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer
from tests.e2e.conftest import OpenScreen
from tests.e2e.hostile_server import HostileServer, hostile_server
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import PHONE, violations
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
CLIPBOARD_TYPES = "navigator.clipboard.read().then(([item]) => item.types)"
COLOURS = "line => [null, '::selection'].map(part => getComputedStyle(line, part).color)"
XHTML = "{http://www.w3.org/1999/xhtml}"


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
    assert screen.page.evaluate(CLIPBOARD_TYPES) == ["text/plain"], "and nothing of how it is laid out"
    drag(screen, (1000, 252), (1000, 748))
    assert screen.page.evaluate(SELECTION) == "DOWNWARDS"
    drag(screen, (202, 200), (734, 315))  # from one line to the end of the next, over what is no text
    assert screen.page.evaluate(SELECTION) == "STOP HERE\nfor a café"
    line(screen, "STOP HERE").dblclick(position={"x": 220, "y": 28})
    assert screen.page.evaluate(SELECTION).strip() == "HERE"
    unseen, selected = line(screen, "STOP HERE").evaluate(COLOURS)
    assert unseen == "rgba(0, 0, 0, 0)" != selected


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


def read_hocr(html: bytes) -> tuple[dict[str, str], list[tuple[dict[str, str], str]]]:
    """Return the metadata, and the properties and text of each page and line. It is XML, as its readers want it."""
    root = ElementTree.fromstring(html)  # noqa: S314
    meta = {one.attrib["name"]: one.attrib["content"] for one in root.iter(f"{XHTML}meta") if "name" in one.attrib}
    elements = [one for one in root.iter() if one.attrib.get("class", "").startswith("ocr_")]
    return meta, [({"class": one.attrib["class"], **properties_of(one)}, one.text or "") for one in elements]


def properties_of(element: ElementTree.Element) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in element.attrib["title"].split("; "))


def test_reading_is_kept(screen: Screen) -> None:
    assert save(screen, "Text").decode() == "".join(f"{text}\n" for text in PLACES)
    kept = json.loads(save(screen, "JSON"))
    assert kept["lines"] == LINES
    meta, ((page, _), first, (second, turned), (third, _)) = read_hocr(save(screen, "hOCR"))
    assert {"ocr-system", "ocr-capabilities"} <= meta.keys()
    assert (page["class"], page["bbox"]) == ("ocr_page", f"0 0 {WIDTH} {HEIGHT}")
    assert first == ({"class": "ocr_line", "bbox": "200 160 600 240", "x_wconf": "98"}, "STOP HERE")
    assert (second["textangle"], third["textangle"], turned) == ("20", "-90", "for a café")
    html = save(screen, "Web page").decode()
    assert "STOP HERE" in html
    assert html.count("<polygon ") == 2 * len(LINES), "a dark one under each"
    assert len(save(screen, "Picture with boxes")) > 10_000


def test_nothing_read_is_said(server: HostileServer, open_screen: OpenScreen) -> None:
    screen = read(server, open_screen, [], locale="de-DE")
    expect(screen.page.locator("#summary-title")).to_have_text("Kein Text gefunden")
    expect(screen.page.locator("#text-layer")).to_be_hidden()
    expect(screen.page.get_by_role("searchbox")).to_be_hidden()


def test_text_goes_with_its_picture(screen: Screen) -> None:
    held = screen.hold_detections()
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    screen.await_held(held)
    expect(screen.page.locator("#text-layer")).to_be_hidden()


def test_door_to_text_offers_no_example_without_writing(server: HostileServer, open_screen: OpenScreen) -> None:
    screen = Screen(open_screen("about:blank").page, f"{server.url}/")
    models = [{"name": "yolov3", "task": "detection"}, {"name": "read", "task": "reading"}]
    screen.page.route("**/v1/models", lambda route: route.fulfill(json={"models": models}))
    screen.page.goto(screen.url)
    expect(screen.page.locator(".door-name")).to_have_text(["Objects", "Text"])
    expect(screen.page.locator(".door-example")).to_have_count(1)


@pytest.mark.parametrize(
    "options", [{"color_scheme": "light"}, {"color_scheme": "dark", **PHONE}], ids=["light", "dark"]
)
def test_axe_finds_nothing(server: HostileServer, open_screen: OpenScreen, options: dict[str, Any]) -> None:
    screen = read(server, open_screen, LINES, reduced_motion="reduce", bypass_csp=True, **options)
    screen.page.locator("#more summary").click()
    assert violations(screen) == []
    screen.page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(screen)
