"""Several photographs at once: a strip of them, sent one after the other."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.complaints import Complaints
from tests.e2e.screen import Screen

NAMES = ("dog", "eagle", "horses")


def tiles(screen: Screen) -> Locator:
    return screen.page.locator("#strip > li")


def tile(screen: Screen, name: str, state: str) -> Locator:
    words = r"\d+ objects? found" if state == "done" else state
    return screen.page.get_by_role("button", name=re.compile(rf"^{name}\.jpg: {words}$"))


def choose_all(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.page.set_input_files("#file-input", [photographs[name] for name in NAMES])


def test_photos_are_sent_one_after_the_other(screen: Screen, photographs: dict[str, Path]) -> None:
    held = screen.hold_detections()
    choose_all(screen, photographs)
    expect(tiles(screen)).to_have_count(3)
    for place, name in enumerate(NAMES):
        sent = screen.await_held(held)
        assert f'filename="{name}.jpg"'.encode() in (sent.request.post_data_buffer or b"")
        screen.page.wait_for_timeout(100)
        assert not held, "two were sent at once"
        expect(tile(screen, name, "working")).to_be_visible()
        for later in NAMES[place + 1 :]:
            expect(tile(screen, later, "waiting")).to_be_visible()
        sent.continue_()
        expect(tile(screen, name, "done")).to_be_visible()


def test_each_photo_shows_its_own_result(screen: Screen, photographs: dict[str, Path]) -> None:
    choose_all(screen, photographs)
    expect(tile(screen, "horses", "done")).to_be_visible()
    assert "dog" in dict(screen.await_result())
    tile(screen, "eagle", "done").click()
    assert "bird" in dict(screen.await_result())
    tile(screen, "horses", "done").click()
    assert "horse" in dict(screen.await_result())
    expect(tile(screen, "horses", "done")).to_have_attribute("aria-pressed", "true")


def test_one_is_cancelled_and_tried_again(screen: Screen, complaints: Complaints, photographs: dict[str, Path]) -> None:
    complaints.expect(r"net::ERR_ABORTED")
    held = screen.hold_detections()
    choose_all(screen, photographs)
    screen.await_held(held)
    screen.page.get_by_role("button", name="Cancel dog.jpg").click()
    expect(tile(screen, "dog", "Cancelled")).to_be_visible()
    screen.await_held(held).continue_()
    expect(tile(screen, "eagle", "done")).to_be_visible()
    screen.await_held(held).continue_()
    expect(tile(screen, "horses", "done")).to_be_visible()
    screen.page.get_by_role("button", name="Try dog.jpg again").click()
    screen.await_held(held).continue_()
    expect(tile(screen, "dog", "done")).to_be_visible()
    assert "dog" in dict(screen.await_result())


def test_one_that_fails_leaves_the_others_alone(screen: Screen, photographs: dict[str, Path], tmp_path: Path) -> None:
    text = tmp_path / "diary.txt"
    text.write_text("Dear diary")
    screen.page.set_input_files("#file-input", [text, photographs["eagle"]])
    expect(tile(screen, "eagle", "done")).to_be_visible()
    expect(screen.page.get_by_role("button", name="diary.txt: failed")).to_be_visible()
    screen.await_error("This is not a photo that can be read")
    tile(screen, "eagle", "done").click()
    assert "bird" in dict(screen.await_result())


def test_a_photo_that_comes_later_joins_the_strip(screen: Screen, photographs: dict[str, Path]) -> None:
    choose_all(screen, photographs)
    expect(tile(screen, "horses", "done")).to_be_visible()
    for step in ("dragEnter", "dragOver", "drop"):
        screen.drag(step, photographs["person"], (400.0, 400.0))
    expect(tile(screen, "person", "done")).to_be_visible()
    expect(tiles(screen)).to_have_count(4)
    assert "person" in dict(screen.await_result())


def test_clearing_takes_all_away_and_undo_brings_them_back(screen: Screen, photographs: dict[str, Path]) -> None:
    choose_all(screen, photographs)
    expect(tile(screen, "horses", "done")).to_be_visible()
    tile(screen, "eagle", "done").click()
    screen.page.get_by_role("button", name="Clear").click()
    screen.await_state("empty")
    expect(screen.page.locator("#strip")).to_be_hidden()
    expect(screen.page.locator("#announcer")).to_have_text("Removed 3 photos. It can be undone.")
    screen.page.get_by_role("button", name="Undo").press("Enter")
    expect(tiles(screen)).to_have_count(3)
    assert "bird" in dict(screen.await_result())
    expect(screen.page.locator("#toast")).to_be_hidden()


def test_photos_are_added_beside_the_result(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    screen.await_result()
    with screen.page.expect_file_chooser() as chooser:
        screen.page.get_by_role("button", name="Add photos").press("Enter")
    chooser.value.set_files([photographs["eagle"], photographs["horses"]])
    expect(tile(screen, "horses", "done")).to_be_visible()
    assert [tile(screen, name, "done").count() for name in NAMES] == [1, 1, 1]
    assert "bird" in dict(screen.await_result()), "the first of those added is looked at"


def test_one_is_removed_and_brought_back_to_its_place(screen: Screen, photographs: dict[str, Path]) -> None:
    choose_all(screen, photographs)
    expect(tile(screen, "horses", "done")).to_be_visible()
    screen.page.get_by_role("button", name="Remove dog.jpg").press("Enter")
    expect(tiles(screen)).to_have_count(2)
    assert "bird" in dict(screen.await_result()), "its neighbour is looked at"
    expect(tile(screen, "eagle", "done")).to_be_focused()
    screen.page.get_by_role("button", name="Undo").click()
    expect(tiles(screen).nth(0).get_by_role("button", name=re.compile("^dog.jpg"))).to_be_visible()
    assert "dog" in dict(screen.await_result())


def test_last_one_left_is_removed_too(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.page.set_input_files("#file-input", [photographs["dog"], photographs["eagle"]])
    expect(tile(screen, "eagle", "done")).to_be_visible()
    screen.page.get_by_role("button", name="Remove dog.jpg").click()
    expect(screen.page.locator("#strip")).to_be_hidden()
    assert "bird" in dict(screen.await_result())
    screen.page.get_by_role("button", name="Clear").click()
    screen.await_state("empty")
    screen.page.keyboard.press("ControlOrMeta+z")
    assert "bird" in dict(screen.await_result())


def test_single_photo_needs_no_strip(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    screen.await_result()
    expect(screen.page.locator("#strip")).to_be_hidden()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_strip_is_used_by_keys(screen: Screen, photographs: dict[str, Path], key: str) -> None:
    choose_all(screen, photographs)
    expect(tile(screen, "horses", "done")).to_be_visible()
    tile(screen, "eagle", "done").focus()
    screen.page.keyboard.press(key)
    assert "bird" in dict(screen.await_result())
    expect(tile(screen, "eagle", "done")).to_be_focused()
