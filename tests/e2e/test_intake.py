"""A photograph gets into the page in each of four ways, and what is in it comes out."""

# ruff: noqa: RUF001, the page has typographic signs

import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.screen import Found, Screen

CENTRE = (400.0, 400.0)
CORNER = (5.0, 5.0)


def assert_dog_scene(found: Found) -> None:
    percents = dict(reversed(found))  # of each label the highest
    assert percents["dog"] >= 40
    assert percents["bicycle"] >= 30
    assert max(percents.get("car", 0), percents.get("truck", 0)) >= 40
    assert found == sorted(found, key=lambda pair: -pair[1])


def test_chosen_file_is_shown_with_its_objects(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    found = screen.await_result()
    assert_dog_scene(found)
    assert screen.picture().shape == (576, 768, 3)
    expect(screen.page.locator("#caption")).to_have_text(re.compile(r"^dog\.jpg · 768 × 576 · found in \d+\.\d\d s$"))


def test_result_is_told_in_words(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    found = screen.await_result()
    expect(screen.page.get_by_role("heading", name=f"{len(found)} objects found")).to_be_visible()
    named = ", ".join(f"{label} {percent}%" for label, percent in found)
    expect(screen.preview).to_have_attribute("alt", f"Your photo with {len(found)} objects marked: {named}")
    for label in dict(found):
        expect(screen.page.locator("#summary-sentence")).to_contain_text(label)
        expect(screen.page.locator("#announcer")).to_contain_text(label)


def test_dropped_file_is_worked_on(screen: Screen, photographs: dict[str, Path]) -> None:
    for step in ("dragEnter", "dragOver"):
        screen.drag(step, photographs["dog"], CENTRE)
    expect(screen.page.get_by_text("Let go to start")).to_have_css("opacity", "1")
    screen.drag("drop", photographs["dog"], CENTRE)
    assert_dog_scene(screen.await_result())
    expect(screen.page.get_by_text("Let go to start")).to_have_css("opacity", "0")


def test_file_dropped_beside_the_frame_does_not_leave_the_page(screen: Screen, photographs: dict[str, Path]) -> None:
    # Without a window a browser opens nothing that is dropped, but tells whether it would.
    screen.page.evaluate("addEventListener('drop', event => { window.isTaken = event.defaultPrevented })")
    for step in ("dragEnter", "dragOver", "drop"):
        screen.drag(step, photographs["dog"], CORNER)
    assert_dog_scene(screen.await_result())
    assert screen.page.evaluate("window.isTaken")


def test_pasted_picture_is_worked_on(screen: Screen, photographs: dict[str, Path]) -> None:
    with Image.open(photographs["dog"]) as dog:
        screen.paste(dog)
    assert_dog_scene(screen.await_result())


def test_example_is_worked_on(screen: Screen) -> None:
    screen.example("dog").click()
    assert_dog_scene(screen.await_result())


def test_every_example_is_offered_and_gives_what_is_in_it(screen: Screen) -> None:
    for name, label in {"eagle": "bird", "horses": "horse", "person": "person"}.items():
        screen.example(name).click()
        expect(screen.page.locator("#caption")).to_contain_text(f"{name}.jpg · ")
        assert label in dict(screen.await_result()), name


def test_picture_is_shown_before_the_answer(screen: Screen, photographs: dict[str, Path]) -> None:
    held = screen.hold_detections()
    screen.choose(photographs["dog"])
    sent = screen.await_held(held)
    assert screen.picture().shape == (576, 768, 3)
    expect(screen.items).to_have_count(0)
    expect(screen.cancel).to_be_visible()
    sent.continue_()
    assert_dog_scene(screen.await_result())


def test_nothing_found_is_a_result(screen: Screen) -> None:
    screen.paste(Image.new("RGB", (320, 240), (90, 120, 90)))
    assert screen.await_result() == []
    expect(screen.page.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(screen.preview).to_have_attribute("alt", "Your photo; nothing was found in it")


def test_the_same_file_can_be_chosen_again(screen: Screen, photographs: dict[str, Path]) -> None:
    for _ in range(2):
        screen.choose(photographs["dog"])
        screen.await_result()
        screen.reset.click()
        screen.await_state("empty")
