"""Correcting boxes by pointer, by finger and by keys; what is kept afterwards is what was corrected."""

import json
from typing import Any

import pytest
from playwright.sync_api import Download, expect

from harness.pictures import encode, make_upright
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detection
from tests.e2e.screen import Screen
from tests.e2e.test_live_boxes import boxes, point_of

BOX = (200, 200, 600, 500)


@pytest.fixture
def editing(screen: Screen) -> Screen:
    """One dog, and the editor open."""
    dog = make_detection(box=BOX)
    screen.answer_with(make_answer(detections=[dog], candidates=[dog, make_detection("cat", 15, 0.06, (1, 1, 90, 90))]))
    screen.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    screen.await_result()
    screen.page.get_by_role("button", name="Edit", exact=True).click()
    expect(screen.page.locator("#edit-tools")).to_be_visible()
    return screen


def sides(screen: Screen) -> list[int]:
    """Return left, top, width and height of the selected box, as the tools show them."""
    return [
        int(screen.page.get_by_label(name, exact=True).input_value()) for name in ("Left", "Top", "Width", "Height")
    ]


def drag(screen: Screen, start: tuple[float, float], end: tuple[float, float]) -> None:
    screen.page.mouse.move(*point_of(screen, *start))
    screen.page.mouse.down()
    screen.page.mouse.move(*point_of(screen, *end), steps=5)
    screen.page.mouse.up()


def saved(screen: Screen, form: str) -> Download:
    screen.page.locator("#save").click()
    with screen.page.expect_download() as download:
        screen.page.locator(".menu-item", has_text=form).first.click()
    return download.value


def saved_json(screen: Screen) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(saved(screen, "JSON").path().read_text())["detections"]
    return found


def test_box_is_moved(editing: Screen) -> None:
    drag(editing, (400, 350), (500, 400))
    assert sides(editing) == pytest.approx([300, 250, 400, 300], abs=2)


def test_box_is_resized_by_a_corner(editing: Screen) -> None:
    drag(editing, (600, 500), (800, 700))
    assert sides(editing) == pytest.approx([200, 200, 600, 500], abs=2)


def test_box_is_drawn(editing: Screen) -> None:
    drag(editing, (800, 600), (1000, 800))
    expect(editing.items).to_have_count(2)
    assert sides(editing) == pytest.approx([800, 600, 200, 200], abs=2)


def test_box_stays_in_the_picture(editing: Screen) -> None:
    drag(editing, (400, 350), (2000, 2000))
    left, top, width, height = sides(editing)
    assert (left + width, top + height) == (WIDTH, HEIGHT)


def test_keys_move_resize_and_delete(editing: Screen) -> None:
    boxes(editing).first.focus()
    before = sides(editing)
    editing.page.keyboard.press("Shift+ArrowRight")
    editing.page.keyboard.press("Shift+ArrowDown")
    after = sides(editing)
    assert after[0] > before[0] + 9
    assert after[1] > before[1] + 9
    assert after[2:] == before[2:]
    editing.page.keyboard.press("Alt+Shift+ArrowRight")
    assert sides(editing)[2] > before[2] + 9
    expect(editing.page.locator("#announcer")).to_contain_text("Left ")
    editing.page.keyboard.press("Delete")
    expect(editing.items).to_have_count(0)
    assert not editing.page.evaluate("document.activeElement === document.body"), "the focus got lost"


def test_escape_leaves_the_editor_and_alt_arrow_does_not_leave_the_page(editing: Screen) -> None:
    expect(editing.page.get_by_role("application", name="Boxes in the photo")).to_be_visible()
    editing.page.get_by_role("button", name="Add a box").focus()
    editing.page.keyboard.press("Alt+ArrowLeft")
    editing.page.get_by_label("Kind of object").press("Escape")
    expect(editing.page.locator("#edit-tools")).to_be_visible()
    boxes(editing).first.press("Escape")
    expect(editing.page.locator("#edit-tools")).to_be_hidden()
    expect(editing.page.get_by_role("group", name="Boxes in the photo")).to_be_visible()


def test_every_side_can_be_written(editing: Screen) -> None:
    for name, value in {"Left": 10, "Top": 20, "Width": 300, "Height": 400}.items():
        editing.page.get_by_label(name, exact=True).fill(str(value))
        editing.page.keyboard.press("Tab")
    assert sides(editing) == [10, 20, 300, 400]


def test_box_is_called_something_else(editing: Screen) -> None:
    label = editing.page.get_by_label("Kind of object")
    label.fill("cat")
    label.press("Enter")
    editing.page.keyboard.press("Tab")
    assert editing.found() == [("cat", 100)]
    assert saved_json(editing)[0]["class_id"] == 15, "the class that the model calls so"


def test_all_classes_of_the_model_are_offered(editing: Screen) -> None:
    options = editing.page.locator("#edit-labels option")
    expect(options).to_have_count(80)
    label = editing.page.get_by_label("Kind of object")
    label.fill("toothbrush")
    label.press("Enter")
    assert saved_json(editing)[0]["class_id"] == 79


def test_undo_and_redo(editing: Screen) -> None:
    drag(editing, (400, 350), (500, 400))
    drag(editing, (800, 600), (1000, 800))
    expect(editing.items).to_have_count(2)
    editing.page.keyboard.press("ControlOrMeta+z")
    expect(editing.items).to_have_count(1)
    editing.page.get_by_role("button", name="Undo").click()
    assert sides(editing) == pytest.approx([200, 200, 400, 300], abs=1)
    expect(editing.page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    editing.page.get_by_role("button", name="Redo").click()
    assert sides(editing) == pytest.approx([300, 250, 400, 300], abs=2)


def test_box_is_added_without_a_pointer(editing: Screen) -> None:
    editing.page.get_by_role("button", name="Add a box").press("Enter")
    expect(editing.items).to_have_count(2)
    expect(boxes(editing).first).to_be_focused()


def test_what_is_kept_is_what_was_corrected(editing: Screen) -> None:
    drag(editing, (400, 350), (500, 400))
    editing.page.get_by_role("button", name="Done").click()
    expect(editing.page.get_by_text("Edited by you")).to_be_visible()
    box = saved_json(editing)[0]["box"]
    assert [box[side] for side in ("x1", "y1", "x2", "y2")] == pytest.approx([300, 250, 700, 550], abs=2)
    coco = json.loads(saved(editing, "COCO").path().read_text())
    assert coco["annotations"][0]["bbox"] == pytest.approx([300, 250, 400, 300], abs=2)
    editing.page.get_by_role("button", name="Discard edits").click()
    expect(editing.page.get_by_text("Edited by you")).to_be_hidden()
    box = saved_json(editing)[0]["box"]
    assert [box[side] for side in ("x1", "y1", "x2", "y2")] == list(BOX)


def test_discarded_edits_are_brought_back_by_either_undo(editing: Screen) -> None:
    drag(editing, (400, 350), (500, 400))
    moved = [300, 250, 400, 300]
    editing.page.get_by_role("button", name="Done").click()
    discard = editing.page.get_by_role("button", name="Discard edits")
    discard.click()
    expect(discard).to_be_hidden()
    expect(editing.page.locator("#confidence")).to_be_visible()
    editing.page.locator("#toast-act").click()
    expect(discard).to_be_visible()
    discard.click()
    editing.page.get_by_role("button", name="Edit", exact=True).click()
    editing.page.locator("#edit-tools").get_by_role("button", name="Undo").click()
    boxes(editing).first.focus()
    assert sides(editing) == pytest.approx(moved, abs=2)


def test_browser_asks_before_unsaved_edits_go(editing: Screen) -> None:
    assert not asks_before_leaving(editing)
    drag(editing, (400, 350), (500, 400))
    assert asks_before_leaving(editing)
    saved_json(editing)
    assert not asks_before_leaving(editing)
    drag(editing, (500, 400), (450, 400))
    assert asks_before_leaving(editing)
    editing.page.get_by_role("button", name="Done").click()
    editing.page.get_by_role("button", name="Discard edits").click()
    expect(editing.page.get_by_text("Edited by you")).to_be_hidden()
    assert not asks_before_leaving(editing)


def test_edited_photo_stays_beside_the_next_one(editing: Screen) -> None:
    drag(editing, (400, 350), (500, 400))
    editing.choose(encode(make_upright(HEIGHT, WIDTH), "JPEG"), name="next.jpg")
    expect(editing.page.locator("#strip > li[data-state=result]")).to_have_count(2)
    editing.page.locator("#strip .tile-select").first.click()
    expect(editing.page.get_by_text("Edited by you")).to_be_visible()


def asks_before_leaving(screen: Screen) -> bool:
    """Whether the page wants the browser to ask. The browser's own question comes only to real gestures."""
    return bool(screen.page.evaluate("!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"))


def test_editing_without_a_change_is_none(editing: Screen) -> None:
    editing.page.get_by_role("button", name="Done").click()
    expect(editing.page.get_by_text("Edited by you")).to_be_hidden()
    expect(editing.page.locator("#confidence")).to_be_visible()


def test_box_is_resized_by_an_edge(editing: Screen) -> None:
    drag(editing, (600, 350), (700, 390))
    assert sides(editing) == pytest.approx([200, 200, 500, 300], abs=2)
    drag(editing, (300, 200), (310, 150))
    assert sides(editing) == pytest.approx([200, 150, 500, 350], abs=2)


def test_new_box_asks_what_it_shows_and_offers_the_last_one_first(editing: Screen) -> None:
    label = editing.page.get_by_label("Kind of object")
    drag(editing, (800, 600), (1000, 800))
    expect(label).to_be_focused()
    editing.page.keyboard.type("zebra")
    editing.page.keyboard.press("Enter")
    assert [name for name, _ in editing.found()] == ["dog", "zebra"]
    expect(editing.page.locator("#marks .mark:focus")).to_have_count(1)
    drag(editing, (50, 600), (150, 800))
    expect(label).to_have_value("zebra")
    expect(editing.page.locator("#edit-labels option").first).to_have_attribute("value", "zebra")


def test_brackets_go_to_the_next_photograph_where_correcting_goes_on(screen: Screen) -> None:
    dog = make_detection(box=BOX)
    screen.answer_with(make_answer(detections=[dog], candidates=[dog]))
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": encode(make_upright(HEIGHT, WIDTH), "JPEG")}
    screen.page.set_input_files("#file-input", files=[photo] * 2)  # type: ignore[list-item]
    tiles = screen.page.locator("#strip > li")
    expect(screen.page.locator("#strip > li[data-state=result]")).to_have_count(2)
    expect(screen.page.locator("#tools")).to_be_visible()
    screen.page.get_by_role("button", name="Edit", exact=True).click()
    expect(screen.page.locator("#edit-tools")).to_be_visible()
    drag(screen, (400, 350), (500, 400))
    screen.page.keyboard.press("]")
    expect(tiles.nth(1).locator("[aria-pressed=true]")).to_have_count(1)
    expect(screen.page.locator("#edit-tools")).to_be_visible()
    assert sides(screen) == pytest.approx([200, 200, 400, 300], abs=2)
    screen.page.keyboard.press("]")
    screen.page.keyboard.press("[")
    expect(tiles.nth(0).locator("[aria-pressed=true]")).to_have_count(1)
    expect(screen.page.get_by_label("Left", exact=True)).to_have_value("300")


def test_undo_right_after_drawing_takes_the_box_back_and_leaves_typing_alone(editing: Screen) -> None:
    drag(editing, (800, 600), (1000, 800))
    editing.page.keyboard.press("ControlOrMeta+Z")
    expect(editing.items).to_have_count(1)
    expect(editing.page.locator("#marks .mark:focus")).to_have_count(1)
    drag(editing, (800, 600), (1000, 800))
    editing.page.keyboard.type("zeb")
    editing.page.keyboard.press("ControlOrMeta+Z")
    expect(editing.items).to_have_count(2)
