"""Boxes that answer: the page draws them itself from the first touch on, and a box and its row light each other up."""

import io
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Route, expect

from harness.gunicorn_server import GunicornServer
from harness.pictures import Pixels, encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detection, make_detections
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_orientation import as_camera_stores

SERVER_PICTURE = re.compile("^data:image/jpeg;base64,")
OWN_PICTURE = re.compile("^blob:")
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
LARGE, SMALL = (100, 100, 1100, 900), (400, 300, 600, 500)
SEEN_TEXT_PX = 12
UNNOTICED = 20  # of 255

# Label plates as they are seen, in CSS pixels.
PLATES = """() => [...document.querySelectorAll('.mark-label')]
    .filter(label => getComputedStyle(label).display !== 'none')
    .map(label => [label.querySelector('rect').getBoundingClientRect(), label.querySelector('text')])
    .map(([{left, top, right, bottom}, text]) => ({left, top, right, bottom, words: text.textContent,
        size: parseFloat(getComputedStyle(text).fontSize) * text.getCTM().a}))"""


def boxes(screen: Screen) -> Locator:
    return screen.page.locator(".mark:not([hidden])")


def lit_rows(screen: Screen) -> list[str]:
    return [text.split("\n")[0] for text in screen.page.locator("#detections > li.is-lit").all_inner_texts()]


def expect_lit(screen: Screen, boxes: list[str], rows: list[str]) -> None:
    """The first touch has the page paint its own boxes, so these may come a moment after the row."""
    screen.wait_until(lambda: (lit_boxes(screen), lit_rows(screen)) == (boxes, rows), f"not lit: {boxes}, {rows}")


def lit_boxes(screen: Screen) -> list[str]:
    return [name.split(",")[0] for name in boxes(screen).evaluate_all(
        "boxes => boxes.filter(box => box.classList.contains('is-lit')).map(box => box.getAttribute('aria-label'))"
    )]  # fmt: skip


def point_of(screen: Screen, x: float, y: float) -> tuple[float, float]:
    """Return where a pixel of the picture is on the screen."""
    frame = screen.frame.bounding_box()
    assert frame is not None
    scale = min(frame["width"] / WIDTH, frame["height"] / HEIGHT)
    left = frame["x"] + (frame["width"] - WIDTH * scale) / 2
    top = frame["y"] + (frame["height"] - HEIGHT * scale) / 2
    return left + x * scale, top + y * scale


@pytest.fixture
def two(screen: Screen) -> Screen:
    """A small dog on a large sofa."""
    show_two(screen)
    return screen


def show_two(screen: Screen) -> None:
    found = [make_detection("sofa", 57, 0.9, LARGE), make_detection("dog", 16, 0.8, SMALL)]
    screen.answer_with(make_answer(detections=found, candidates=found))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    screen.await_result()


def test_pointer_over_a_box_takes_over_from_the_server(two: Screen) -> None:
    expect(two.preview).to_have_attribute("src", SERVER_PICTURE)
    expect(two.page.locator("#marks")).to_have_class(re.compile("is-ghost"))
    two.page.mouse.move(*point_of(two, 200, 200))
    expect(two.preview).to_have_attribute("src", OWN_PICTURE)
    expect(two.page.locator("#marks")).not_to_have_class(re.compile("is-ghost"))


def test_pointer_beside_all_boxes_changes_nothing(two: Screen) -> None:
    two.page.mouse.move(*point_of(two, 20, 20))
    expect(two.preview).to_have_attribute("src", SERVER_PICTURE)


def test_takeover_is_not_noticed(screen: Screen, dog: bytes) -> None:
    screen.choose(dog)
    screen.await_result()
    screen.picture()
    before = shot(screen)
    screen.page.locator("#detections button").first.focus()
    screen.page.locator("#detections button").first.blur()  # nothing stays lit
    expect(screen.preview).to_have_attribute("src", OWN_PICTURE)
    expect(screen.page.locator("#marks")).not_to_have_class(re.compile("is-ghost"))
    difference = np.abs(shot(screen).astype(int) - before.astype(int))
    assert np.median(difference) <= 2
    assert np.percentile(difference, 95) <= UNNOTICED, "besides edges of lines and letters all is as it was"


def shot(screen: Screen) -> Pixels:
    return np.array(Image.open(io.BytesIO(screen.frame.screenshot())).convert("RGB"))


def test_box_and_row_light_each_other_up(two: Screen) -> None:
    two.page.mouse.move(*point_of(two, 200, 200))
    expect_lit(two, ["sofa 90%"], ["sofa"])
    two.page.mouse.move(*point_of(two, 500, 400))  # of boxes over each other the smaller one
    expect_lit(two, ["dog 80%"], ["dog"])
    two.page.mouse.move(5, 5)
    expect_lit(two, [], [])
    two.items.nth(0).hover()
    expect_lit(two, ["sofa 90%"], ["sofa"])


def test_tapped_box_stays_lit_until_it_is_tapped_again(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(server.url, **PHONE)
    screen.await_light("online")
    show_two(screen)
    screen.page.touchscreen.tap(*point_of(screen, 500, 400))
    expect_lit(screen, ["dog 80%"], ["dog"])
    expect(screen.preview).to_have_attribute("src", OWN_PICTURE)
    screen.page.touchscreen.tap(*point_of(screen, 500, 400))
    expect_lit(screen, [], [])
    screen.items.nth(1).tap()
    expect_lit(screen, ["dog 80%"], ["dog"])


def test_keys_go_from_box_to_box_and_from_row_to_row(two: Screen) -> None:
    boxes(two).last.focus()  # the most confident is drawn last, over the others
    expect_lit(two, ["sofa 90%"], ["sofa"])
    two.page.keyboard.press("ArrowRight")
    expect_lit(two, ["dog 80%"], ["dog"])
    two.page.keyboard.press("ArrowRight")
    assert lit_boxes(two) == ["sofa 90%"]
    two.page.keyboard.press("End")
    two.page.keyboard.press("Enter")
    two.page.keyboard.press("Tab")
    assert lit_boxes(two) == ["dog 80%"], "what Enter has lit stays lit"
    assert two.page.get_by_role("button", pressed=True).filter(visible=True).all_inner_texts().count("dog\n80%") == 1
    expect(two.page.locator("#marks .mark[aria-pressed=true]")).to_have_attribute("aria-label", re.compile("^dog"))
    two.page.keyboard.press("Escape")
    assert lit_boxes(two) == []
    two.page.locator("#detections button").first.focus()
    two.page.keyboard.press("ArrowDown")
    expect_lit(two, ["dog 80%"], ["dog"])


def test_boxes_are_one_tab_stop(two: Screen) -> None:
    expect(two.page.locator(".mark[tabindex='0']")).to_have_count(1)
    expect(two.page.locator("#detections button[tabindex='0']")).to_have_count(1)


def test_switch_goes_back_to_what_the_server_drew(two: Screen) -> None:
    two.items.nth(0).hover()
    expect(two.preview).to_have_attribute("src", OWN_PICTURE)
    two.page.locator("#more summary").click()
    two.page.get_by_role("switch", name=re.compile("Show the server.s drawing")).click()
    expect(two.preview).to_have_attribute("src", SERVER_PICTURE)
    expect(two.page.locator("#marks")).to_have_class(re.compile("is-ghost"))
    two.page.mouse.move(*point_of(two, 200, 200))
    expect(two.preview).to_have_attribute("src", SERVER_PICTURE)
    lit = two.page.locator("#marks .mark.is-lit")
    expect(lit).to_have_count(1)
    expect(lit).to_have_css("opacity", "1")
    expect(two.page.locator("#marks .mark:not(.is-lit, [hidden])")).to_have_css("opacity", "0")
    two.page.get_by_role("switch", name=re.compile("Show the server.s drawing")).click()
    expect(two.preview).to_have_attribute("src", OWN_PICTURE)


@pytest.mark.parametrize("options", [PHONE, {}], ids=["phone", "desktop"])
def test_labels_of_300_boxes_are_readable(
    server: GunicornServer, open_screen: OpenScreen, options: dict[str, Any]
) -> None:
    screen = open_screen(server.url, **options)
    screen.await_light("online")
    many = make_detections(300)
    screen.answer_with(make_answer(detections=many, candidates=many))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    assert len(screen.await_result()) == 300
    screen.items.nth(0).hover()
    frame = screen.frame.bounding_box()
    assert frame is not None
    plates = screen.page.evaluate(PLATES)
    assert len(plates) >= 8
    for plate in plates:
        assert plate["size"] >= SEEN_TEXT_PX - 0.1, plate
        assert plate["left"] >= frame["x"] - 1, plate
        assert plate["right"] <= frame["x"] + frame["width"] + 1, plate
        assert plate["top"] >= frame["y"] - 1, plate
        assert plate["bottom"] <= frame["y"] + frame["height"] + 1, plate
    for place, one in enumerate(plates):
        for other in plates[place + 1 :]:
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert min(across, down) <= 1, (one, other)


def show_heic(screen: Screen, dog: bytes) -> list[Route]:
    """Show a photograph that only the server can read; what is sent from then on is held."""
    with Image.open(io.BytesIO(dog)) as photo:
        heic = as_camera_stores(np.array(photo.convert("RGB")), 1, "HEIF")
    screen.choose(heic, name="IMG_1.HEIC", media_type="image/heic")
    screen.await_result()
    return screen.hold_detections()


def test_photo_that_the_browser_cannot_read_is_sent_once_more_at_most(screen: Screen, dog: bytes) -> None:
    held = show_heic(screen, dog)
    drawn = screen.preview.get_attribute("src") or ""
    screen.items.nth(0).hover()
    expect(screen.page.locator("#marks .mark.is-lit")).to_have_css("opacity", "1")
    screen.page.locator("#confidence").fill("30")
    asked = screen.await_held(held)
    assert not held, "a mere touch has sent the photograph"
    assert b'name="confidence"\r\n\r\n1\r\n' in (asked.request.post_data_buffer or b"")
    expect(screen.page.locator("#toast")).to_contain_text("Fetching the photo without boxes")
    asked.continue_()
    expect(screen.preview).not_to_have_attribute("src", drawn)
    expect(screen.page.locator("#marks")).not_to_have_class(re.compile("is-ghost"))
    expect(screen.page.locator("#toast")).to_be_hidden()
    for form in ("Picture with boxes", "Web page"):
        screen.page.locator("#save").click()
        with screen.page.expect_download():
            screen.page.locator("#save-menu button", has=screen.page.get_by_text(form, exact=True)).click()
    assert not held, "saving has sent the photograph"


def test_fetching_the_photo_without_boxes_can_be_cancelled(screen: Screen, complaints: Complaints, dog: bytes) -> None:
    complaints.expect(r"request: POST .* net::ERR_ABORTED")
    held = show_heic(screen, dog)
    drawn = screen.preview.get_attribute("src") or ""
    screen.page.locator("#confidence").fill("30")
    screen.await_held(held)
    screen.page.locator("#toast").get_by_role("button", name="Cancel").click()
    expect(screen.page.locator("#toast")).to_contain_text("The picture stays as the server drew it")
    screen.page.locator("#confidence").fill("40")
    expect(screen.page.locator("#confidence-value")).to_have_text("40%")
    expect(screen.preview).to_have_attribute("src", drawn)
    assert not held, "what was cancelled is sent again"
    screen.page.locator("#save").click()
    screen.page.locator("#save-menu button", has=screen.page.get_by_text("Web page", exact=True)).click()
    asked = screen.await_held(held)
    with screen.page.expect_download():
        asked.continue_()
