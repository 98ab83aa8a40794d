"""What the visitor blurs is nowhere to be seen: not on the screen, and in nothing that is saved or copied."""

import base64
import io
import json
import re
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import expect

from harness.gunicorn_server import GunicornServer
from harness.pictures import Pixels
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import violations
from tests.e2e.test_models import save

Box = tuple[int, int, int, int]
READ_CLIPBOARD = """async () => {
    const [item] = await navigator.clipboard.read();
    const bytes = new Uint8Array(await (await item.getType('image/png')).arrayBuffer());
    return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}"""
BLOCKS = 4  # along the longer side of a region


@pytest.fixture
def faces(many: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]) -> Screen:
    screen = open_screen(f"{many.url}/#task=faces", bypass_csp=True, reduced_motion="reduce")
    screen.await_light("online")
    screen.choose(photographs["person"])
    screen.await_result()
    screen.page.get_by_role("switch", name="Blur faces").check()
    expect(screen.page.locator("#marks.is-ghost")).to_have_count(0)
    return screen


@pytest.fixture
def plain(photographs: dict[str, Path]) -> Pixels:
    return np.asarray(Image.open(photographs["person"]).convert("RGB"))


def read(picture: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))


def find_face(screen: Screen) -> Box:
    (face,) = json.loads(save(screen, "JSON"))["detections"]
    return tuple(round(face["box"][side]) for side in ("x1", "y1", "x2", "y2"))  # type: ignore[return-value]


def detail(picture: Pixels, box: Box) -> NDArray[np.float32]:
    """Return what a few blocks cannot hold: the difference to the mean of each eighth of the region."""
    x1, y1, x2, y2 = box
    part = cv2.cvtColor(picture[y1:y2, x1:x2], cv2.COLOR_RGB2GRAY).astype(np.float32)
    coarse = cv2.resize(part, (2 * BLOCKS, 2 * BLOCKS), interpolation=cv2.INTER_AREA)
    return part - cv2.resize(coarse, part.shape[::-1], interpolation=cv2.INTER_LINEAR)


def differs(picture: Pixels, plain: Pixels, box: Box) -> float:
    x1, y1, x2, y2 = box
    return float(np.abs(picture.astype(int) - plain)[y1:y2, x1:x2].mean())


def assert_unrecognisable(picture: Pixels, plain: Pixels, box: Box) -> None:
    """Nothing of the region's detail is left, whatever one does to bring it out; what is beside it is as it was."""
    assert picture.shape == plain.shape
    wanted = detail(plain, box)
    assert wanted.std() > 5, "else the test says nothing"
    undone = [picture, cv2.GaussianBlur(picture, (0, 0), 3), cv2.detailEnhance(picture), cv2.medianBlur(picture, 7)]
    for attempt in undone:
        likeness = np.corrcoef(detail(attempt, box).ravel(), wanted.ravel())[0, 1]
        assert abs(likeness) < 0.35
    x1, y1, x2, y2 = box
    beside = np.ones(plain.shape[:2], bool)
    beside[max(0, y1 - (y2 - y1)) : y2 + (y2 - y1), max(0, x1 - (x2 - x1)) : x2 + (x2 - x1)] = False
    assert np.abs(picture.astype(int) - plain)[beside].mean() < 4


def test_blurred_face_is_nowhere(faces: Screen, plain: Pixels, photographs: dict[str, Path]) -> None:
    box = find_face(faces)
    with pytest.raises(AssertionError):
        assert_unrecognisable(plain, plain, box)
    assert "blur=face" in faces.page.url
    assert_unrecognisable(faces.picture(), plain, box)
    expect(faces.page.locator("#as-server-row")).to_be_hidden()
    assert_unrecognisable(read(save(faces, "Picture with boxes")), plain, box)
    html = save(faces, "Web page").decode()
    (within,) = re.findall(r'"data:image/jpeg;base64,([^"]+)"', html)
    assert_unrecognisable(read(base64.b64decode(within)), plain, box)
    assert "<circle" not in html, "key points would say where the eyes are"
    faces.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    faces.page.locator("#save").click()
    faces.page.get_by_role("button", name="Copy the picture").click()
    expect(faces.page.locator("#toast")).to_contain_text("Copied")
    assert_unrecognisable(read(base64.b64decode(faces.page.evaluate(READ_CLIPBOARD))), plain, box)
    faces.page.set_input_files("#add-input", photographs["dog"])
    expect(faces.page.locator("#strip > li[data-state=result]")).to_have_count(2)
    with zipfile.ZipFile(io.BytesIO(save(faces, "All 2 photos"))) as archive:
        pictures = [name for name in archive.namelist() if name.endswith((".jpg", ".png"))]
        assert len(pictures) == 2
        (person,) = [name for name in pictures if "person" in name]
        assert_unrecognisable(read(archive.read(person)), plain, box)


def test_what_the_visitor_adds_is_blurred_too_and_what_they_delete_is_not(faces: Screen, plain: Pixels) -> None:
    found = find_face(faces)
    faces.page.locator("#edit").click()
    faces.page.get_by_role("button", name="Delete").click()
    faces.page.get_by_role("button", name="Add a box").click()
    faces.page.locator("#edit").click()
    height, width = plain.shape[:2]
    middle = (int(0.4 * width), int(0.4 * height), int(0.6 * width), int(0.6 * height))
    expect(faces.page.get_by_role("switch", name="Blur faces")).to_be_checked()
    saved = read(save(faces, "Picture with boxes"))
    assert_unrecognisable(saved, plain, middle)
    assert differs(saved, plain, found) < 6
    faces.wait_until(lambda: differs(faces.picture(), plain, found) < 6, "what was deleted stays blurred")
    assert_unrecognisable(faces.picture(), plain, middle)
    faces.page.get_by_role("switch", name="Blur faces").uncheck()
    faces.wait_until(lambda: differs(faces.picture(), plain, middle) < 4, "the photograph does not come back")


def test_link_opens_what_is_blurred(many: GunicornServer, open_screen: OpenScreen, plain: Pixels) -> None:
    screen = open_screen(f"{many.url}/#task=faces&blur=face&drawn=server&example=person.jpg")
    screen.await_state("result")
    expect(screen.page.locator("#marks.is-ghost")).to_have_count(0)
    shown = screen.picture()
    scale = shown.shape[1] / plain.shape[1]
    smaller = cv2.resize(plain, shown.shape[1::-1], interpolation=cv2.INTER_AREA)
    x1, y1, x2, y2 = find_face(screen)
    assert scale <= 1
    assert_unrecognisable(shown, smaller, (x1, y1, x2, y2))


@pytest.mark.parametrize("kinds", ["faces", "several"])
def test_axe_finds_nothing_at_what_is_blurred(faces: Screen, kinds: str) -> None:
    if kinds == "several":
        faces.page.locator("#edit").click()
        faces.page.get_by_role("button", name="Add a box").click()
        faces.page.get_by_label("Kind of object").fill("dog")
        faces.page.get_by_label("Kind of object").press("Enter")
        faces.page.locator("#edit").click()
        faces.page.get_by_role("group", name="Blur").get_by_label("dog").check()
    assert violations(faces) == []
