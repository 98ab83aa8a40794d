"""Keeping a result where it is wanted: on the clipboard, in another program, and all photographs at once."""

import base64
import io
import json
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen

READ_CLIPBOARD = """async () => {
    const [item] = await navigator.clipboard.read();
    const bytes = new Uint8Array(await (await item.getType('image/png')).arrayBuffer());
    return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}"""
# No desktop here has a sheet for sharing: what the page hands to it is what counts.
SHARE_SHEET = """() => {
    window.shared = [];
    navigator.canShare = ({files}) => files.every(({type}) => type === 'image/jpeg');
    navigator.share = async ({files}) => {
        window.shared.push(...files.map(({name, type, size}) => ({name, type, size})));
        if (window.isDismissed) throw new DOMException('Dismissed.', 'AbortError');
    };
}"""


def item(screen: Screen, name: str) -> None:
    screen.page.locator("#save").click()
    screen.page.locator("#save-menu button", has=screen.page.get_by_text(name, exact=True)).click()


def test_picture_is_copied_with_its_marks(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    screen.choose(photographs["dog"])
    screen.await_result()
    item(screen, "Copy the picture")
    expect(screen.page.locator("#toast")).to_contain_text("Copied")
    copied = Image.open(io.BytesIO(base64.b64decode(screen.page.evaluate(READ_CLIPBOARD)))).convert("RGB")
    plain = np.asarray(Image.open(io.BytesIO(photographs["dog"].read_bytes())).convert("RGB")).astype(int)
    changed = np.abs(np.asarray(copied).astype(int) - plain).max(axis=2) > 40
    assert 0.001 < changed.mean() < 0.2


def test_command_is_copied_where_the_page_came_without_https(
    server: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = open_screen(server.url)
    screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    screen.page.evaluate("delete window.ClipboardItem")
    screen.choose(photographs["dog"])
    screen.await_result()
    item(screen, "Copy the curl command")
    expect(screen.page.locator("#toast")).to_contain_text("Copied")
    assert "file=@dog.jpg" in screen.page.evaluate("navigator.clipboard.readText()")
    expect(screen.page.locator("#save")).to_be_focused()


def test_picture_is_shared_where_there_is_a_sheet(
    server: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = open_screen(server.url)
    screen.page.add_init_script(f"({SHARE_SHEET})()")
    screen.page.reload()
    screen.await_light("online")
    screen.choose(photographs["dog"])
    screen.await_result()
    item(screen, "Share the picture")
    expect(screen.page.locator("#toast")).to_contain_text("Saved dog-detected.jpg")
    (shared,) = screen.page.evaluate("window.shared")
    assert (shared["name"], shared["type"]) == ("dog-detected.jpg", "image/jpeg")
    assert shared["size"] > 10_000
    screen.page.evaluate("window.isDismissed = true; document.getElementById('toast').hidden = true")
    item(screen, "Share the picture")
    screen.wait_until(lambda: screen.page.evaluate("window.shared.length") == 2, "nothing was shared")
    expect(screen.page.locator("#save")).not_to_have_attribute("aria-busy", "true")
    expect(screen.page.locator("#toast")).to_be_hidden()


def test_sharing_is_not_offered_where_there_is_no_sheet(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.page.evaluate("navigator.canShare = undefined")
    screen.choose(photographs["dog"])
    screen.await_result()
    screen.page.locator("#save").click()
    expect(screen.page.get_by_text("Share the picture")).to_have_count(0)
    expect(screen.page.get_by_text("All 1 photos")).to_have_count(0)


def test_all_photographs_are_saved_as_one_zip(screen: Screen, photographs: dict[str, Path], tmp_path: Path) -> None:
    second = tmp_path / "dog.jpg"  # another photograph of the same name
    second.write_bytes(photographs["horses"].read_bytes())
    files = [photographs["dog"], second, photographs["person"]]
    screen.page.set_input_files("#file-input", files)
    expect(screen.page.locator("#strip > li[data-state=result]")).to_have_count(3)
    with screen.page.expect_download() as download:
        item(screen, "All 3 photos")
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert archive.testzip() is None
    names = archive.namelist()
    for folder, ending in (("picture", "-detected.jpg"), ("json", "-detections.json"), ("coco", "-coco.json")):
        stem, suffix = ending.rsplit(".", 1)
        wanted = [f"dog{ending}", f"dog{stem}-2.{suffix}", f"person{ending}"]
        assert [name for name in names if name.startswith(f"{folder}/")] == [f"{folder}/{name}" for name in wanted]
    assert [name for name in names if name.startswith("yolo/")] == [
        "yolo/dog.txt",
        "yolo/classes.txt",
        "yolo/dog-2.txt",
        "yolo/person.txt",
    ]
    assert len(archive.read("yolo/classes.txt").splitlines()) == 80
    for name, path in zip(["dog", "dog-2", "person"], files, strict=True):
        with Image.open(path) as photograph:
            size = photograph.size
        suffix = name.removeprefix("dog")
        picture = "person-detected.jpg" if name == "person" else f"dog-detected{suffix}.jpg"
        assert Image.open(io.BytesIO(archive.read(f"picture/{picture}"))).size == size
        boxes = archive.read(f"voc/{name}.xml").count(b"<object>")
        assert len(archive.read(f"yolo/{name}.txt").splitlines()) == boxes > 0
    assert json.loads(archive.read("json/person-detections.json"))["detections"][0]["label"]
