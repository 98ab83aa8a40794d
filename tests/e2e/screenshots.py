"""Pictures of the page in all its states, to look at, and the one in the README.

Usage: python -m tests.e2e.screenshots
"""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, expect

from harness.gunicorn_server import PROJECT, running_server
from harness.pictures import encode
from tests.conftest import EXAMPLES
from tests.e2e.answers import HEIGHT, WIDTH, make_answer, make_detections
from tests.e2e.chromium import running_chromium
from tests.e2e.drawn_scene import draw_scene
from tests.e2e.screen import Screen

FOLDER = PROJECT / "tests" / "screenshots"
README_PICTURE = PROJECT / "docs" / "page.png"
README_VIEW = {"width": 1280, "height": 880}
README_COLOURS = 256
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {
        "viewport": {"width": 360, "height": 780},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}
SCHEMES = ("light", "dark")
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")  # a green picture with a clock
STRIP = ("dog", "eagle", "giraffe", "horses")
MASK = Image.new("P", (WIDTH, HEIGHT))
MASK.paste(1, (0, 0, WIDTH, HEIGHT // 3))
MASK.paste(2, (WIDTH // 2, HEIGHT // 2, WIDTH, HEIGHT))
MASK.putpalette([0, 0, 0, 90, 160, 255, 255, 150, 60])
OTHER_TASKS: dict[str, dict[str, Any]] = {
    "classification": {
        "classes": [
            {"label": label, "class_id": place, "confidence": confidence}
            for place, (label, confidence) in enumerate({"malamute": 0.41, "husky": 0.27, "Eskimo dog": 0.12}.items())
        ]
    },
    "segmentation": {
        "segments": {
            "width": WIDTH,
            "height": HEIGHT,
            "background": 0,
            "labels": [
                {"label": "sky", "class_id": 1, "share": 0.33},
                {"label": "dog", "class_id": 2, "share": 0.25},
            ],
            "mask": f"data:image/png;base64,{base64.b64encode(encode(MASK, 'PNG')).decode()}",
        }
    },
}
# The examples are somebody's photographs, and what the repository holds is not.
HIDE_EXAMPLES = "document.getElementById('examples').hidden = true"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    README_PICTURE.parent.mkdir(exist_ok=True)
    expect.set_options(timeout=60_000)
    with running_server() as server, running_chromium(*CAMERA) as browser:
        for device, options in DEVICES.items():
            for scheme in SCHEMES:
                with opened(browser, server.url, color_scheme=scheme, permissions=["camera"], **options) as screen:
                    for state in show_states(screen):
                        screen.page.screenshot(path=FOLDER / f"{device}-{scheme}-{state}.png")
        with opened(browser, server.url, color_scheme="light", viewport=README_VIEW) as screen:
            README_PICTURE.write_bytes(picture_for_readme(screen))
    print(f"pictures of the page are in {FOLDER.relative_to(PROJECT)}/, the README's is {README_PICTURE.name}")


@contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[Screen]:
    with browser.new_context(**options) as context:
        page = context.new_page()
        page.goto(url)
        screen = Screen(page, f"{url}/")
        screen.await_light("online")
        page.wait_for_load_state("networkidle")
        yield screen


def show_states(screen: Screen) -> Iterator[str]:
    """Bring the page from one state to the next; gives the name of each."""
    yield "empty"
    for button, state in (("#help", "help"), ("#use-api", "api"), ("#camera", "camera")):
        screen.page.locator(button).click()
        screen.page.locator("dialog").wait_for()
        screen.page.locator(".shutter:disabled").wait_for(state="detached")
        yield state
        screen.page.keyboard.press("Escape")
    screen.page.evaluate("scrollTo(0, 0)")
    held = screen.hold_detections()
    screen.choose(EXAMPLES / "dog.jpg")
    sent = screen.await_held(held)
    screen.picture()
    yield "working"
    sent.continue_()
    screen.await_result()
    screen.page.unroute_all()
    screen.picture()
    yield "result"
    screen.page.get_by_role("button", name="Show: dog").click()
    yield "hidden"
    screen.page.get_by_role("button", name="Reset filters").click()
    screen.page.locator("#more summary").click()
    yield "details"
    screen.page.locator("#more summary").click()
    screen.page.locator("#confidence").fill("8")
    screen.items.nth(1).hover()
    screen.picture()
    yield "adjusted"
    screen.page.locator("#edit").click()
    screen.page.locator("#edit-tools").wait_for()
    yield "editing"
    screen.page.locator("#edit").click()
    screen.page.locator("#save").click()
    yield "menu"
    screen.page.keyboard.press("Escape")
    screen.page.locator("#confidence").fill("95")
    yield "filtered"
    screen.page.locator("#confidence").fill("25")
    screen.reset.click()
    screen.page.set_input_files("#file-input", [EXAMPLES / f"{name}.jpg" for name in STRIP])
    screen.page.locator("#strip > li[data-state=result]").nth(len(STRIP) - 1).wait_for()
    screen.picture()
    yield "strip"
    screen.reset.click()
    many = make_detections(300)
    screen.answer_with(make_answer(detections=many, candidates=many))
    screen.choose(EXAMPLES / "kite.jpg")
    screen.await_result()
    screen.items.nth(0).hover()
    screen.page.locator("#marks:not(.is-ghost)").wait_for()
    yield "many"
    screen.page.unroute_all()
    screen.reset.click()
    for task, answer in OTHER_TASKS.items():
        screen.answer_with(make_answer(task=task, model=task, **answer))
        screen.choose(EXAMPLES / "dog.jpg")
        screen.await_result()
        yield task
        screen.reset.click()
        screen.page.unroute_all()
    screen.answer_detections(503, "", headers={"Retry-After": "60"})
    screen.page.set_input_files("#file-input", [EXAMPLES / f"{name}.jpg" for name in STRIP])
    screen.page.locator("#again").wait_for()
    yield "pause"
    screen.reset.click()
    screen.page.unroute_all()
    screen.choose(b"Dear diary", name="diary.txt", media_type="text/plain")
    screen.await_error("This is not a photo that can be read")
    yield "error"
    screen.page.route("**/*", lambda route: route.abort("connectionrefused"))
    screen.choose(EXAMPLES / "dog.jpg")
    screen.await_light("offline")
    screen.retry.wait_for()
    screen.picture()
    yield "offline"


def picture_for_readme(screen: Screen) -> bytes:
    """Return the page with a drawn scene and what the model found in it, as a small PNG."""
    screen.page.evaluate(HIDE_EXAMPLES)
    screen.choose(encode(draw_scene(), "PNG"), name="drawing.png")
    screen.await_result()
    screen.picture()
    with Image.open(io.BytesIO(screen.page.screenshot())) as shot:
        small = shot.convert("RGB").quantize(README_COLOURS)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    main()
