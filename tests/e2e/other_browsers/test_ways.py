"""From a photograph to boxes, corrections and files, in Safari's engine and in Firefox."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from harness.gunicorn_server import GunicornServer
from harness.pictures import encode, make_upright, store
from tests.e2e.answers import HEIGHT, WIDTH
from tests.e2e.hostile_server import hostile_server
from tests.e2e.other_browsers.driver import Driver
from tests.e2e.other_browsers.window import Window
from tests.e2e.test_reading import LINES, make_reading

pytestmark = pytest.mark.long

COLOUR_TOLERANCE = 40  # of 255: JPEG's noise and the boxes drawn are small beside the corners that are looked at
DOG = (250, 400)  # a pixel of it that is in no other box


@pytest.fixture
def window(driver: Driver, server: GunicornServer) -> Iterator[Window]:
    """The page as it is for who comes for the first time; the browser may not complain of it."""
    window = Window(driver)
    window.forget_saved()
    window.open(server.url)
    yield window
    assert driver.complaints() == []


@pytest.fixture
def result(window: Window, photographs: dict[str, Path]) -> Window:
    """What was found in a photograph."""
    window.choose(photographs["dog"])
    window.await_result()
    return window


def assert_dog_scene(found: dict[str, int]) -> None:
    assert found["dog"] >= 40
    assert found["bicycle"] >= 30
    assert max(found.get("car", 0), found.get("truck", 0)) >= 40


def sides(window: Window) -> list[int]:
    """Return left, top, width and height of the selected box, as the tools show them."""
    return [int(side) for side in window.values("#edit-tools input[type=number]")]


def test_chosen_file_is_made_ready_here_and_shown_with_its_objects(
    window: Window, photographs: dict[str, Path]
) -> None:
    window.choose(photographs["dog"])
    assert_dog_scene(window.await_result())
    assert window.picture().shape == (576, 768, 3)
    assert "sent as it is" not in window.text("#caption")


def test_photograph_held_sideways_is_upright(window: Window, tmp_path: Path) -> None:
    upright = make_upright(600, 800)
    (tmp_path / "sideways.jpg").write_bytes(encode(store(upright, 6), "JPEG", orientation=6))
    window.choose(tmp_path / "sideways.jpg")
    window.await_result()
    assert "sent as it is" not in window.text("#caption")
    shown = window.picture()
    assert shown.shape == upright.shape
    for corner in ((slice(40), slice(40)), (slice(40), slice(-40, None)), (slice(-40, None), slice(40))):
        colour, expected = (np.median(pixels[corner], axis=(0, 1)) for pixels in (shown, upright))
        assert colour == pytest.approx(expected, abs=COLOUR_TOLERANCE)


def test_dropped_file_is_worked_on(window: Window, photographs: dict[str, Path]) -> None:
    window.drop(photographs["dog"])
    assert_dog_scene(window.await_result())


def test_example_is_worked_on(window: Window) -> None:
    window.click("#examples button", "Eagle")
    assert "bird" in window.await_result()


def test_each_photo_of_a_strip_has_its_own_result_and_all_are_saved(
    window: Window, photographs: dict[str, Path]
) -> None:
    names = ("dog", "eagle", "horses")
    window.choose(*(photographs[name] for name in names))
    window.wait_for("#strip > li:nth-child(3)[data-state=result]")
    window.click("#strip button", "eagle.jpg")
    assert "bird" in window.await_result()
    window.click("#strip button", "horses.jpg")
    assert "horse" in window.await_result()
    window.save("All 3 photos")
    with zipfile.ZipFile(window.saved("photos.zip")) as photos:
        assert {f"picture/{name}-detected.jpg" for name in names} < set(photos.namelist())


def test_boxes_answer_to_rows_and_slider(result: Window) -> None:
    found = result.await_result()
    result.click("#detections > li", "dog")
    result.wait_for(".mark.is-lit[aria-label^=dog]")
    result.wait_for("#preview[src^='blob:']")  # from the first touch on, the page draws
    result.click("#confidence")  # its middle: 50 %
    for _ in range(7):
        result.press("ArrowRight")
    (least,) = map(int, result.values("#confidence"))
    assert 50 < least < max(found.values())
    assert result.await_result() == {label: percent for label, percent in found.items() if percent >= least} != found


def test_box_is_corrected_and_what_is_saved_is_what_was_corrected(result: Window) -> None:
    result.click("#edit")
    result.wait_for("#edit-tools")
    result.drag(DOG, DOG)
    left, top, width, height = sides(result)
    result.drag(DOG, (DOG[0] + 40, DOG[1] + 20))
    moved = sides(result)
    assert moved == pytest.approx([left + 40, top + 20, width, height], abs=3)
    result.press("Control+z")
    assert sides(result) == [left, top, width, height]
    result.press("Control+Shift+z")
    result.drag((20, 20), (120, 90))
    result.write("kite")
    result.press("Enter")
    result.click("#edit")
    result.save("JSON")
    corrected = {
        one["label"]: [one["box"][side] for side in ("x1", "y1", "x2", "y2")]
        for one in json.loads(result.saved("dog-detections.json").read_text())["detections"]
        if one.get("edited")
    }
    assert set(corrected) == {"dog", "kite"}
    assert corrected["dog"][:2] == pytest.approx(moved[:2], abs=1)
    assert corrected["kite"] == pytest.approx([20, 20, 120, 90], abs=2)


def test_picture_and_web_page_are_saved(result: Window, photographs: dict[str, Path]) -> None:
    result.save("Picture with boxes")
    with Image.open(result.saved("dog-detected.jpg")) as picture, Image.open(photographs["dog"]) as plain:
        assert picture.size == plain.size
        changed = np.abs(np.asarray(picture).astype(int) - np.asarray(plain)).max(axis=2) > 40
    assert 0.001 < changed.mean() < 0.2
    result.save("Web page")
    assert "<svg" in result.saved("dog-detections.html").read_text()


def test_picture_and_command_are_copied(result: Window) -> None:
    for form in ("Copy the picture", "Copy the curl command"):
        result.save(form)
        result.wait_for("#toast")
        assert result.text("#toast-text") == "Copied"
        result.run("() => { document.querySelector('#toast').hidden = true; }")


def test_text_is_selected_in_the_picture(driver: Driver, tmp_path: Path) -> None:
    photograph = tmp_path / "street.jpg"
    photograph.write_bytes(encode(make_upright(HEIGHT, WIDTH), "JPEG"))
    with hostile_server(200, json.dumps(make_reading(LINES)).encode()) as server:
        window = Window(driver)
        window.open(server.url)
        window.choose(photograph)
        window.wait_for(".text-line")
        window.drag((202, 200), (734, 315))  # from one line to the end of the next, over what is no text
        assert window.run("() => String(getSelection())") == "STOP HERE\nfor a café"
        window.drag((1000, 252), (1000, 748))
        assert window.run("() => String(getSelection())") == "DOWNWARDS"
        assert driver.complaints() == []
