"""The page as a visitor has it on the screen: what they can do with it, and what they see."""

import base64
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from harness.pictures import Pixels

Found = list[tuple[str, int]]  # label and confidence in percent, as shown

READ_PREVIEW = """picture => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    canvas.getContext('2d').drawImage(picture, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1];
}"""
COPY_AS_PNG = """async base64 => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const png = new Blob([bytes], {type: 'image/png'});
    await navigator.clipboard.write([new ClipboardItem({'image/png': png})]);
}"""
CHOOSE_EACH = """(input, files) => {
    for (const {name, base64} of files) {
        const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
        const chosen = new DataTransfer();
        chosen.items.add(new File([bytes], name, {type: 'image/jpeg'}));
        input.files = chosen.files;
        input.dispatchEvent(new Event('change', {bubbles: true}));
    }
}"""
POLL_MS = 20
POLLS = 1000
COME_BACK_TO_TAB = "document.dispatchEvent(new Event('visibilitychange'))"


class Screen:
    """One open page. Its methods wait for what they name."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.frame = page.locator("#frame")
        self.preview = page.locator("#preview")
        self.status = page.locator("#status")
        self.error = page.locator("#error")
        self.reset = page.locator("#reset")
        self.retry = page.locator("#retry")
        self.cancel = page.locator("#cancel")
        self.items = page.locator("#detections > li:not(.is-out)")

    def choose(self, file: Path | bytes, name: str = "photo.jpg", media_type: str = "") -> None:
        """Choose a file, as the picker gives it to the page."""
        if isinstance(file, Path):
            self.page.set_input_files("#file-input", file)
        else:
            payload = {"name": name, "mimeType": media_type, "buffer": file}
            self.page.set_input_files("#file-input", files=[payload])  # type: ignore[list-item]

    def choose_at_once(self, *files: Path) -> None:
        """Choose one file after the other before the page can have opened any of them."""
        contents = [{"name": file.name, "base64": base64.b64encode(file.read_bytes()).decode()} for file in files]
        self.page.locator("#file-input").evaluate(CHOOSE_EACH, contents)

    def drag(self, step: str, file: Path, at: tuple[float, float]) -> None:
        """Do a step of dragging a file of the desktop: dragEnter, dragOver, drop."""
        data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
        devtools = self.page.context.new_cdp_session(self.page)
        devtools.send("Input.dispatchDragEvent", {"type": step, "x": at[0], "y": at[1], "data": data})
        devtools.detach()

    def paste(self, image: Image.Image) -> None:
        """Put a picture on the clipboard, and press the keys that paste it."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        png = io.BytesIO()
        image.save(png, "PNG")
        self.page.evaluate(COPY_AS_PNG, base64.b64encode(png.getvalue()).decode())
        self.page.keyboard.press("ControlOrMeta+V")

    def example(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def await_state(self, state: str) -> None:
        expect(self.frame).to_have_attribute("data-state", state)

    def await_light(self, light: str) -> None:
        expect(self.status).to_have_attribute("data-state", light)

    def await_error(self, title: str) -> None:
        """Wait for an error of this title, to be seen and read out."""
        self.await_state("error")
        expect(self.page.get_by_role("alert")).to_be_visible()
        expect(self.error).to_contain_text(title)

    def await_result(self) -> Found:
        """Wait for the result; return what it lists."""
        self.await_state("result")
        expect(self.preview).to_have_attribute("src", re.compile("^data:image/jpeg;base64,"))
        return self.found()

    def found(self) -> Found:
        pairs = [text.split("\n") for text in self.items.all_inner_texts()]
        return [(label, int(percent.removesuffix("%"))) for label, percent in pairs]

    def come_back_to_tab(self) -> None:
        self.page.evaluate(COME_BACK_TO_TAB)

    def picture(self) -> Pixels:
        """Return the pixels of the preview as the browser draws them, HWC uint8 RGB."""
        expect(self.preview).to_be_visible()
        self.preview.evaluate("picture => picture.decode()")
        png = base64.b64decode(self.preview.evaluate(READ_PREVIEW))
        return np.array(Image.open(io.BytesIO(png)).convert("RGB"))

    def hold_detections(self) -> list[Route]:
        """Keep what the page sends to the detector from leaving, until the test says what comes of it."""
        held: list[Route] = []
        self.page.route(self.url, lambda route: held.append(route) if is_detection(route) else route.continue_())
        return held

    def await_held(self, held: list[Route]) -> Route:
        """Wait until the page has sent something, and take it out of those held."""
        self.wait_until(lambda: bool(held), "the page has sent nothing")
        return held.pop(0)

    def wait_until(self, holds: Callable[[], bool], otherwise: str) -> None:
        """Wait for something that the test itself learns from the browser's events."""
        for _ in range(POLLS):
            if holds():
                return
            self.page.wait_for_timeout(POLL_MS)  # lets the events through
        raise AssertionError(otherwise)

    def answer_with(self, answer: dict[str, Any]) -> None:
        self.answer_detections(200, json.dumps(answer))

    def answer_detections(
        self, status: int, body: str, media_type: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        """Answer in the place of the detector."""

        def answer(route: Route) -> None:
            if is_detection(route):
                route.fulfill(status=status, body=body, content_type=media_type, headers=headers)
            else:
                route.continue_()

        self.page.route(self.url, answer)


def is_detection(route: Route) -> bool:
    return route.request.method == "POST"
