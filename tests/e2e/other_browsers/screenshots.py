"""Pictures of the page in the other browsers, to look at.

Usage: python -m tests.e2e.other_browsers.screenshots
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from harness.gunicorn_server import PROJECT, running_server
from tests.conftest import EXAMPLES
from tests.e2e.other_browsers.browsers import ENGINES, NotInstalled, running
from tests.e2e.other_browsers.window import DESKTOP, PHONE, Window

FOLDER = PROJECT / "tests" / "screenshots"
DEVICES = {"desktop": DESKTOP, "phone": PHONE}
STRIP = ("dog", "eagle", "giraffe", "horses")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_server() as server:
        for engine in ENGINES:
            try:
                take(engine, server.url)
            except NotInstalled as missing:
                print(missing)
    print(f"pictures of the page are in {FOLDER.relative_to(PROJECT)}/")


def take(engine: str, url: str) -> None:
    with tempfile.TemporaryDirectory() as folder, running(engine, Path(folder)) as browser:
        window = Window(browser)
        for device, size in DEVICES.items():
            window.open(url, size)
            for state in show_states(window):
                (FOLDER / f"{engine}-{device}-{state}.png").write_bytes(window.screenshot())


def show_states(window: Window) -> Iterator[str]:
    """Bring the page from one state to the next; gives the name of each."""
    window.wait_for(".example-picture")
    yield "empty"
    window.choose(EXAMPLES / "dog.jpg")
    window.await_result()
    yield "result"
    window.click("#edit")
    window.wait_for("#edit-tools")
    yield "editing"
    window.click("#edit")
    window.click("#save")
    window.wait_for("#save-menu")
    yield "menu"
    window.press("Escape")
    window.click("#reset")
    window.choose(*(EXAMPLES / f"{name}.jpg" for name in STRIP))
    window.wait_for(f"#strip > li:nth-child({len(STRIP)})[data-state=result]")
    yield "strip"


if __name__ == "__main__":
    main()
