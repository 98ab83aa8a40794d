"""What a visitor does in a browser, and what they see there; the same for every engine."""

import base64
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from harness.pictures import Pixels
from harness.waiting import wait_until
from tests.e2e.other_browsers.driver import Driver

DESKTOP, PHONE = (1280, 900), (360, 780)  # width and height in CSS pixels
LIMIT_S = 20.0
POLL_S = 0.05
MODIFIERS = {"Control": "\ue009", "Shift": "\ue008"}  # WebDriver's names of keys
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Delete": "\ue017", "ArrowRight": "\ue014"}

TEXT = "selector => document.querySelector(selector).innerText.trim()"
TEXTS = "selector => [...document.querySelectorAll(selector)].map(element => element.innerText.trim())"
VALUES = "selector => [...document.querySelectorAll(selector)].map(element => element.value)"
IS_SEEN = "selector => [...document.querySelectorAll(selector)].some(element => element.checkVisibility())"
# The middle of the first element that is seen and has the words, in CSS pixels of the window, or null.
POINT = """(selector, words) => {
    const named = element => `${element.innerText} ${element.getAttribute('aria-label') ?? ''}`.includes(words);
    const element = [...document.querySelectorAll(selector)].find(one => one.checkVisibility() && named(one));
    if (!element) return null;
    element.scrollIntoView({block: 'nearest'});
    const {left, top, width, height} = element.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
}"""
PICTURE = """async () => {
    const picture = document.querySelector('#preview');
    await picture.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    canvas.getContext('2d').drawImage(picture, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1];
}"""
DROP = """(base64, name) => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, {type: 'image/jpeg'}));
    for (const step of ['dragenter', 'dragover', 'drop']) {
        document.querySelector('#prompt').dispatchEvent(
            new DragEvent(step, {bubbles: true, cancelable: true, dataTransfer}));
    }
}"""
# Where a pixel of the picture is in the window. The frame has the picture's ratio, or bars beside it.
PLACE = """(x, y) => {
    const {naturalWidth: width, naturalHeight: height} = document.querySelector('#preview');
    const frame = document.querySelector('#frame').getBoundingClientRect();
    const scale = Math.min(frame.width / width, frame.height / height);
    return [frame.left + (frame.width - width * scale) / 2 + x * scale,
            frame.top + (frame.height - height * scale) / 2 + y * scale];
}"""
DRAWN = "() => new Promise(then => requestAnimationFrame(() => requestAnimationFrame(() => then(true))))"


class Window:
    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def open(self, url: str, size: tuple[int, int] = DESKTOP) -> None:
        """Come to the page for the first time."""
        self._driver.open(url)
        self.run("() => { localStorage.clear(); onbeforeunload = null; }")
        self._driver.resize(*size)
        self._driver.open(url)
        self.wait_for("#status[data-state=online]")

    def run(self, function: str, *arguments: Any) -> Any:
        """Call a function of JavaScript with what JSON can write, and return such."""
        words = ", ".join(json.dumps(argument) for argument in arguments)
        answer = self._driver.evaluate(f"(async () => JSON.stringify(await ({function})({words}) ?? null))()")
        return json.loads(answer)

    def choose(self, *files: Path) -> None:
        self._driver.choose("#file-input", *files)

    def drop(self, file: Path) -> None:
        """Let go of a file over the page. Only the page's side of it: the drag of a desktop no protocol knows."""
        self.run(DROP, base64.b64encode(file.read_bytes()).decode(), file.name)

    def click(self, selector: str, words: str = "") -> None:
        """Click the first that is seen and has the words, as soon as there is one."""
        found: list[Sequence[float]] = []

        def is_there() -> bool:
            point = self.run(POINT, selector, words)
            found[:] = [point] if point else []
            return bool(found)

        wait_until(is_there, lambda: f"nothing to click: {selector} {words}", limit_s=LIMIT_S, poll_s=POLL_S)
        self._point([found[0]])

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press the pointer on a pixel of the picture, move it to another, let go."""
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self._point([self.run(PLACE, *pixel) for pixel in (start, middle, end)])

    def _point(self, path: Sequence[Sequence[float]]) -> None:
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 20} for x, y in path]
        press, let_go = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        steps = [moves[0], press, *moves[1:], let_go]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self._driver.act([mouse])

    def press(self, keys: str) -> None:
        """Press a key, with others held: `Control+z`."""
        *held, key = keys.split("+")
        codes = [*(MODIFIERS[name] for name in held), KEYS.get(key, key)]
        down, up = ([{"type": kind, "value": code} for code in codes] for kind in ("keyDown", "keyUp"))
        self._driver.act([{"type": "key", "id": "keys", "actions": [*down, *reversed(up)]}])

    def write(self, words: str) -> None:
        for letter in words:
            self.press(letter)

    def text(self, selector: str) -> str:
        return str(self.run(TEXT, selector))

    def texts(self, selector: str) -> list[str]:
        return list(self.run(TEXTS, selector))

    def values(self, selector: str) -> list[str]:
        return list(self.run(VALUES, selector))

    def wait_for(self, selector: str) -> None:
        """Wait until such an element is seen."""
        wait_until(lambda: self.run(IS_SEEN, selector), lambda: self._instead_of(selector),
                   limit_s=LIMIT_S, poll_s=POLL_S)  # fmt: skip

    def _instead_of(self, wanted: str) -> str:
        return f"no {wanted}; the page says: {self.text('body')}\n{self._driver.complaints()}"

    def await_result(self) -> dict[str, int]:
        """Wait for the result; return each label's highest confidence in percent, as shown."""
        self.wait_for("#frame[data-state=result]")
        pairs = [text.split() for text in self.texts("#detections > li")]
        return {" ".join(words): int(percent.removesuffix("%")) for *words, percent in reversed(pairs)}

    def picture(self) -> Pixels:
        """Return the pixels of the preview as the browser draws them, HWC uint8 RGB."""
        with Image.open(io.BytesIO(base64.b64decode(self.run(PICTURE)))) as picture:
            return np.array(picture.convert("RGB"))

    def save(self, form: str) -> None:
        """Choose a form in the menu of those in which a result is kept."""
        self.click("#save")
        self.click("#save-menu button", form)

    def forget_saved(self) -> None:
        for file in self._driver.downloads.iterdir():
            file.unlink()

    def saved(self, name: str) -> Path:
        """Return the file of this name as soon as the browser has saved all of it."""
        file = self._driver.downloads / name

        def has_come() -> bool:
            parts = [path for path in self._driver.downloads.iterdir() if path.suffix in (".part", ".wkdownload")]
            return not parts and file.is_file() and file.stat().st_size > 0

        wait_until(has_come, lambda: f"no {name}, but {[*self._driver.downloads.iterdir()]}", limit_s=LIMIT_S)
        return file

    def screenshot(self) -> bytes:
        """Return what is seen once the browser has drawn it, a PNG."""
        self.run(DRAWN)
        return self._driver.screenshot()
