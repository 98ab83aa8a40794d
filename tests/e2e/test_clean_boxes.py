"""Boxes are corrected photograph after photograph, beginning with those of a real model."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from harness.cleaning_program import cleaning
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import PHONE, violations
from tests.e2e.test_clean_data import SCHEMES
from tests.e2e.test_layout import assert_fits

pytestmark = pytest.mark.long

NAMES = ("dog", "horses", "person")
MODEL = {"PAGESIGHT_MODELS": "yolov3-tiny"}


@pytest.fixture(scope="module")
def with_model(tmp_path_factory: pytest.TempPathFactory, photographs: dict[str, Path]) -> Iterator[tuple[Path, str]]:
    """A folder of three photographs without boxes, and the program with a model. Nothing is ever saved there."""
    folder = tmp_path_factory.mktemp("street")
    for name in NAMES:
        shutil.copy(photographs[name], folder)
    with cleaning(folder, "--boxes", **MODEL) as address:
        yield folder, address


def written(folder: Path) -> Any:
    return json.loads((folder / "instances.json").read_text(encoding="utf-8"))


def boxes(page: Page) -> Any:
    return page.locator("#marks .mark:not([hidden])")


def open_boxes(open_screen: OpenScreen, address: str, **options: Any) -> Screen:
    screen = open_screen(address, **options)
    expect(screen.page.locator("#edit-tools")).to_be_visible()
    return screen


def test_the_model_begins_a_person_corrects_and_the_file_has_both(
    open_screen: OpenScreen, photographs: dict[str, Path], tmp_path: Path
):
    for name in NAMES:
        shutil.copy(photographs[name], tmp_path)
    with cleaning(tmp_path, "--boxes", **MODEL) as address, open_boxes(open_screen, address) as screen:
        page = screen.page
        expect(page.locator("#place")).to_have_text("Photo 1 of 3 · 0 saved")
        expect(page.locator("#status")).to_contain_text("The model found")
        found = boxes(page).count()
        assert found > 0
        page.get_by_role("button", name="Add a box").click()
        expect(boxes(page)).to_have_count(found + 1)
        label = page.get_by_label("Kind of object")
        label.fill("zebra crossing")
        label.press("Enter")
        expect(page.locator("#file-state")).to_have_text("Changed, not saved yet.")
        press_save(page)
        expect(page.locator("#place")).to_have_text("Photo 2 of 3 · 1 saved")
        expect(page.locator("#status")).to_contain_text("The model found")
        while boxes(page).count() > 0:
            boxes(page).first.press("Delete")
        press_save(page)
        expect(page.locator("#place")).to_have_text("Photo 3 of 3 · 2 saved")
    document = written(tmp_path)
    assert [(one["file_name"], one["width"], one["height"]) for one in document["images"]] == [
        ("dog.jpg", 768, 576),
        ("horses.jpg", 773, 512),
    ]
    names = {one["id"]: one["name"] for one in document["categories"]}
    assert [names[one["category_id"]] for one in document["annotations"]].count("zebra crossing") == 1
    assert {one["image_id"] for one in document["annotations"]} == {1}
    assert len(document["annotations"]) == found + 1
    with (
        cleaning(tmp_path) as address,
        open_boxes(open_screen, address) as screen,
    ):  # without a model: the file is there
        page = screen.page
        expect(page.locator("#place")).to_have_text("Photo 3 of 3 · 2 saved")
        page.get_by_role("button", name="Back").click()
        page.get_by_role("button", name="Back").click()
        expect(boxes(page)).to_have_count(found + 1)
        expect(page.locator("#file-state")).to_have_text("Saved to instances.json.")


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save, next").click()


def test_what_is_not_saved_stays_while_one_looks_elsewhere(open_screen: OpenScreen, with_model: tuple[Path, str]):
    folder, address = with_model
    page = open_boxes(open_screen, address).page
    expect(page.locator("#status")).to_contain_text("The model found")
    found = boxes(page).count()
    page.get_by_role("button", name="Add a box").click()
    page.keyboard.press("]")
    expect(page.locator("#place")).to_contain_text("Photo 2 of 3")
    page.keyboard.press("[")
    expect(page.locator("#place")).to_contain_text("Photo 1 of 3")
    expect(boxes(page)).to_have_count(found + 1)
    asks = "!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert page.evaluate(asks)
    page.locator("#edit-tools").get_by_role("button", name="Undo").click()
    expect(boxes(page)).to_have_count(found)
    assert not page.evaluate(asks)
    assert not (folder / "instances.json").exists()


def test_axe_finds_nothing(open_screen: OpenScreen, with_model: tuple[Path, str]):
    screen = open_boxes(open_screen, with_model[1], reduced_motion="reduce", bypass_csp=True)
    expect(boxes(screen.page).first).to_be_visible()
    for scheme in SCHEMES:
        screen.page.emulate_media(color_scheme=scheme)
        assert violations(screen) == [], scheme


def test_it_fits_on_a_phone(open_screen: OpenScreen, with_model: tuple[Path, str]):
    assert_fits(open_boxes(open_screen, with_model[1], **PHONE))
